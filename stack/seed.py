"""The demo counties come alive: referrals really sent, claimed, asked about and decided through the public interface.

People and keys follow from the number of the scenario, so a second run finds everything done and changes nothing.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2

from contracts.directory import Directory
from stack.credentials import read_credentials
from stack.errors import StackError
from stack.institutions import read_directory
from stack.sample import body

_DAY = date(2026, 6, 1)
"""The day the demo people's papers count from."""

_FROM_BEFORE = "urn:sciezka:problem:key_reused"
"""An earlier release has played this scenario here, with the words of its time."""

_AT_ONCE = 4
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Step:
    """One action of the receiver or, as a request, of the sender."""

    by: str
    action: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Scenario:
    """One referral of the demo and what becomes of it."""

    sender: str
    receiver: str
    steps: tuple[Step, ...] = ()


def _receiver(action: str, **fields: str) -> Step:
    return Step("receiver", action, fields)


def _sender(action: str, **fields: str) -> Step:
    return Step("sender", action, fields)


_ASK = _receiver("ask", question="Czy osoba może zacząć od poniedziałku?")
_ANSWER_DAYS = 14

SCENARIOS = (
    Scenario("ops-poraj", "cis-poraj", (_receiver("claim"), _receiver("accept"))),
    Scenario("ops-poraj", "cis-poraj", (_receiver("claim"), _ASK, _sender("answer", text="Tak, od poniedziałku."))),
    Scenario("ops-poraj", "cis-myszkow"),
    Scenario("ops-myszkow", "cis-myszkow", (_receiver("claim"), _receiver("decline", reason="no_place"))),
    Scenario("ops-kozieglowy", "cis-kozieglowy", (_receiver("accept"),)),
    Scenario("pup-myszkow", "cis-myszkow", (_receiver("claim"),)),
    Scenario("cis-poraj", "owes-jowes", (_receiver("claim"), _receiver("accept"))),
    Scenario("cis-myszkow", "pup-myszkow"),
    Scenario("ops-tychy", "cis-tychy", (_receiver("accept"),)),
    Scenario("ops-tychy", "cis-tychy", (_sender("withdraw", reason="person_declined"),)),
    Scenario("pup-tychy", "cis-tychy"),
    Scenario("cis-tychy", "pup-tychy", (_receiver("claim"), _receiver("accept"))),
    Scenario("ops-zdunska-wola", "kis-zdunska-wola", (_receiver("claim"), _receiver("accept"))),
    Scenario("ops-zdunska-wola", "kis-zdunska-wola"),
    Scenario("kis-zdunska-wola", "pup-zdunska-wola", (_receiver("claim"),)),
    Scenario("ops-strzelce", "pup-strzelce", (_receiver("accept"),)),
)


async def seed(data: Path, say: Callable[[str], None]) -> None:
    """Send the demo referrals and lead each to where its scenario ends. Raises StackError."""
    directory, credentials = read_directory(data), read_credentials(data)
    known = {agency.slug for agency in directory.agencies}
    scenarios = [(n, each) for n, each in enumerate(SCENARIOS) if {each.sender, each.receiver} <= known]
    turns = asyncio.Semaphore(_AT_ONCE)
    async with httpx2.AsyncClient(timeout=30) as http:
        offices = {slug: _Office(http, entry["url"], entry["token"]) for slug, entry in credentials.items()}

        async def play(number: int, scenario: Scenario) -> None:
            async with turns, asyncio.timeout(_PATIENCE_SECONDS):
                await _play(directory, offices[scenario.sender], offices[scenario.receiver], number, scenario)

        try:
            await asyncio.gather(*(play(number, scenario) for number, scenario in scenarios))
        except (TimeoutError, httpx2.HTTPError) as error:
            raise StackError(
                f"Dane pokazowe nie dotarły na miejsce ({_cause(error)}).",
                "Sprawdź: sciezka doctor; bez danych pokazowych: sciezka up --empty.",
            ) from error
    say(f"dane pokazowe: {len(scenarios)} skierowań na miejscu")


@dataclass(frozen=True)
class _Office:
    """One institution at its node's API."""

    http: httpx2.AsyncClient
    url: str
    token: str

    async def post(self, path: str, content: dict[str, Any], **headers: str) -> httpx2.Response:
        headers["Authorization"] = f"Bearer {self.token}"
        return await self.http.post(f"{self.url}/api/v1{path}", json=content, headers=headers)

    async def referral(self, identity: str) -> dict[str, Any] | None:
        """The referral as this institution sees it; None as long as it has not arrived."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.http.get(f"{self.url}/api/v1/referrals/{identity}", headers=headers)
        found: dict[str, Any] | None = answer.json() if answer.is_success else None
        return found


async def _play(directory: Directory, sender: _Office, receiver: _Office, number: int, scenario: Scenario) -> None:
    content = body(directory, scenario.sender, scenario.receiver, _DAY, random.Random(number))
    created = await sender.post("/referrals", content, **{"Idempotency-Key": f"demo-{number}"})
    if created.status_code == 422 and created.json()["type"] == _FROM_BEFORE:
        return
    created.raise_for_status()
    sent = created.json()
    identity: str = sent["id"]
    answer_by = date.fromisoformat(sent["times"]["submitted"][:10]) + timedelta(days=_ANSWER_DAYS)
    for step in scenario.steps:
        office = sender if step.by == "sender" else receiver
        if not await _can(office, identity, step):
            return
        fields = {**step.fields, "due_on": str(answer_by)} if step == _ASK else step.fields
        done = await office.post(f"/referrals/{identity}/actions/{step.action}", fields)
        done.raise_for_status()


async def _can(office: _Office, identity: str, step: Step) -> bool:
    """Whether this institution may act so, once it knows of everything before; False when it is past that.

    The receiver's node always knows; the sender's may still wait for the news.
    """
    while True:
        referral = await office.referral(identity)
        if referral is not None:
            if step.action in {offered["action"] for offered in referral["available_actions"]}:
                return True
            if step.by == "receiver" or referral["times"]["decided"] or referral["last_request"]:
                return False
        await asyncio.sleep(0.1)


def _cause(error: Exception) -> str:
    """What went wrong, without the address or anything that was sent."""
    return f"HTTP {error.response.status_code}" if isinstance(error, httpx2.HTTPStatusError) else type(error).__name__
