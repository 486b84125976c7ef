"""Fifty referrals over all nodes while NATS, nodes, path worker, Temporal and PostgreSQL die one after the other."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest_asyncio

from contracts.directory import Directory
from stack.institutions import read_directory
from stack.sample import body
from tests.nodes import TODAY
from tests.servers import data_folder
from tests.system.running import Running, running

REFERRALS = 50
PATIENCE_SECONDS = 120.0
VICTIMS = ("nats", "cis", "path", "temporal", "ops", "postgres", "nats")
ROUTES = (
    ("ops-poraj", "cis-poraj"),
    ("pup-myszkow", "cis-myszkow"),
    ("ops-tychy", "pup-tychy"),
    ("cis-tychy", "owes-jowes"),
    ("owes-jowes", "pup-myszkow"),
    ("ops-zdunska-wola", "kis-zdunska-wola"),
    ("pup-strzelce", "ops-strzelce"),
)


@dataclass
class Client:
    """One institution that never gives up: an answer that did not come is asked for again, with the same key."""

    http: httpx2.AsyncClient
    url: str
    token: str
    unclear: Counter[str] = field(default_factory=Counter)

    async def call(self, method: str, path: str, content: Any = None, **headers: str) -> httpx2.Response:
        """The first answer that is not a failure of the server or the network."""
        headers["Authorization"] = f"Bearer {self.token}"
        while True:
            try:
                answer = await self.http.request(method, f"{self.url}/api/v1{path}", json=content, headers=headers)
                if answer.status_code < 500:
                    return answer
                self.unclear[f"{answer.status_code}"] += 1
            except httpx2.TransportError as error:
                self.unclear[type(error).__name__] += 1
            await asyncio.sleep(0.2)

    async def referral(self, identity: str) -> dict[str, Any] | None:
        answer = await self.call("GET", f"/referrals/{identity}")
        found: dict[str, Any] | None = answer.json() if answer.status_code == 200 else None
        return found

    async def inbox(self) -> list[str]:
        ids, cursor = [], ""
        while True:
            page = (await self.call("GET", f"/referrals?box=inbox{cursor}")).json()
            ids += [item["id"] for item in page["items"]]
            if page["next"] is None:
                return ids
            cursor = f"&cursor={page['next']}"


@dataclass
class Journey:
    """What one client remembers of one referral: its own history, to be compared with the final state."""

    sender: Client
    receiver: Client
    receiver_slug: str
    identity: str
    path_id: str
    decision: str = ""


async def _travel(directory: Directory, clients: dict[str, Client], number: int) -> Journey:
    sender, receiver = ROUTES[number % len(ROUTES)]
    content = body(directory, sender, receiver, TODAY, random.Random(number))
    created = await clients[sender].call("POST", "/referrals", content, **{"Idempotency-Key": f"survival-{number}"})
    assert created.status_code == 201, created.text
    journey = Journey(clients[sender], clients[receiver], receiver, created.json()["id"], created.json()["path_id"])
    while await journey.receiver.referral(journey.identity) is None:
        await asyncio.sleep(0.2)
    action, fields = ("decline", {"reason": "no_place"}) if number % 3 == 0 else ("accept", {})
    journey.decision = {"decline": "declined", "accept": "accepted"}[action]
    answer = await journey.receiver.call("POST", f"/referrals/{journey.identity}/actions/{action}", fields)
    # 409: an earlier attempt, whose answer was lost, had decided already
    assert answer.status_code in (200, 409), answer.text
    return journey


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def system() -> AsyncIterator[Running]:
    with data_folder() as data:
        async with running(data, "--empty") as up:
            yield up


async def test_every_accepted_referral_is_decided_once_at_both_ends_whatever_dies(system: Running) -> None:
    directory = read_directory(system.data)
    async with httpx2.AsyncClient(timeout=10) as http, asyncio.timeout(PATIENCE_SECONDS):
        clients = {slug: Client(http, entry["url"], entry["token"]) for slug, entry in system.credentials.items()}
        work = asyncio.gather(*(_depart(directory, clients, number) for number in range(REFERRALS)))
        for victim in VICTIMS:
            await system.kill(victim)
        journeys = await work
        for journey in journeys:
            await _arrived(journey)
        await _none_twice(clients, journeys)


async def _depart(directory: Directory, clients: dict[str, Client], number: int) -> Journey:
    """Departures are spread over the time in which parts die."""
    await asyncio.sleep(number * 0.25)
    return await _travel(directory, clients, number)


async def _arrived(journey: Journey) -> None:
    """Both ends and the path know the decision."""
    while True:
        ends = [await end.referral(journey.identity) for end in (journey.sender, journey.receiver)]
        path = await journey.sender.call("GET", f"/paths/{journey.path_id}")
        known = [end is not None and end["status"] == journey.decision for end in ends]
        stage = {"accepted": "accepted", "declined": "closed"}[journey.decision]
        if all(known) and path.status_code == 200 and path.json()["stage"] == stage:
            assert ends[0] is not None
            assert ends[1] is not None
            assert ends[0]["version"] == ends[1]["version"]
            return
        await asyncio.sleep(0.2)


async def _none_twice(clients: dict[str, Client], journeys: list[Journey]) -> None:
    """Every referral is in exactly one inbox, once, and nothing else is in any."""
    sent = Counter(journey.identity for journey in journeys)
    received: Counter[str] = Counter()
    for client in clients.values():
        received.update(await client.inbox())
    assert received == sent
    assert set(sent.values()) == {1}
