"""Somebody for whom much goes on, for tests of taking all of it back."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.nodes import Network, Office
from tests.services.applying import registered
from tests.services.living import ACCEPT, HAND_BACK, SERVICE, START, Step, brought
from tests.services.steps import SOON, delivered, done

Plan = dict[str, tuple[str, str | None, str | None]]
"""What each thing is, what is done with it, and why it stays, by its id."""


async def previewed(office: Office, client: str, reason: str = "person_moved") -> dict[str, Any]:
    return done(await office.http.post(f"/clients/{client}/withdrawal/preview", json={"reason": reason}))


async def withdraw(office: Office, shown: dict[str, Any]) -> httpx2.Response:
    """Do what this preview shows."""
    wish = {name: shown[name] for name in ("reason", "stamp")}
    return await office.http.post(f"/clients/{shown['client_id']}/withdrawal", json=wish)


def plan_of(shown: dict[str, Any]) -> Plan:
    return {item["id"]: (item["what"], item["action"], item["remains"]) for item in shown["items"]}


@dataclass(frozen=True)
class Somebody:
    """Somebody for whom things are begun, each by a maker that tells its id."""

    network: Network
    office: Office
    person: dict[str, Any]

    async def brought(self, slug: str, *steps: Step) -> str:
        return await brought(self.office, self.network.office(slug), steps, client=self.person)


async def running(client: Somebody) -> str:
    return await client.brought("cis-poraj", ACCEPT, START)


async def waiting(client: Somebody) -> str:
    return await delivered(client.office, "pup-myszkow", client=client.person)


async def asked_about(client: Somebody) -> str:
    question: Step = ("ask", {"question": "Od kiedy?", "due_on": SOON})
    return await client.brought("pup-tychy", ("claim", {}), question)


async def handed_back(client: Somebody) -> str:
    return await client.brought("pup-zdunska-wola", *SERVICE, HAND_BACK)


async def draft_of(client: Somebody) -> str:
    draft = await client.office.send("owes-jowes", draft=True, client=client.person)
    return str(draft["id"])


async def awaiting_an_opinion(client: Somebody) -> str:
    draft = await client.office.send("cis-poraj", draft=True, client=client.person)
    done(await client.office.act(draft["id"], "ask_opinion"))
    return str(draft["id"])


async def applied(client: Somebody) -> str:
    person = {name: client.person[name] for name in ("given_name", "family_name", "pesel")}
    return str((await registered(client.office, client=person))["id"])


async def ended(client: Somebody) -> str:
    return await client.brought("owes-jowes", ("decline", {"reason": "no_place"}))


Maker = Callable[[Somebody], Awaitable[str]]
GOES_ON: dict[Maker, tuple[str, str | None, str | None]] = {
    running: ("referral", "request_cancel", None),
    waiting: ("referral", "withdraw", None),
    asked_about: ("referral", "withdraw", None),
    handed_back: ("referral", None, "answer_first"),
    draft_of: ("draft", "discard", None),
    awaiting_an_opinion: ("draft", "discard", None),
    applied: ("application", "withdraw", None),
}
SOME: tuple[Maker, ...] = (running, waiting, draft_of, applied)


async def begun(network: Network, made: Collection[Maker]) -> tuple[Somebody, str, dict[Maker, str]]:
    """A client of an OPS for whom something has ended, their id there, and the ids of all this that goes on."""
    poraj = network.office("ops-poraj")
    client = Somebody(network, poraj, poraj.body("cis-poraj")["client"])
    over = await ended(client)
    made_of = {make: await make(client) for make in made}
    return client, (await poraj.get(over) or {})["client_id"], made_of


async def going_on(network: Network, made: Collection[Maker] = SOME) -> tuple[Office, str, Plan]:
    """An OPS, the id of a client for whom all this goes on, and what is to become of it."""
    client, identity, made_of = await begun(network, made)
    return client.office, identity, {each: GOES_ON[make] for make, each in made_of.items()}


async def happened(poraj: Office, plan: Plan) -> None:
    """Exactly that."""
    for identity, (what, action, _) in plan.items():
        if what == "application":
            over = done(await poraj.http.get(f"/applications/{identity}"))
            assert (over["status"], over["reason"]) == ("withdrawn", "person_moved")
        elif what == "draft":
            assert await poraj.get(identity) is None
        elif action is None:
            assert (await poraj.get(identity) or {})["last_request"] is None
        else:
            status = "withdrawn" if action == "withdraw" else "cancel_requested"
            assert (await poraj.has(identity, status=status))["reason"] == "person_moved"
