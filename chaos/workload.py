"""Referrals between several institutions, each on a course of its own, the same for the same seed."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from chaos.client import UNKNOWN, Institution
from contracts.directory import Directory
from rules.calendar import local_day
from stack.sample import body

DAY = date(2026, 6, 1)
"""The day of the samples; the system itself runs on the real one, which is later."""

Route = tuple[str, str]
"""Sender and receiver."""

ROUTES: tuple[Route, ...] = (
    ("ops-poraj", "cis-poraj"),
    ("pup-myszkow", "cis-myszkow"),
    ("ops-tychy", "pup-tychy"),
    ("cis-tychy", "owes-jowes"),
    ("owes-jowes", "pup-myszkow"),
    ("ops-zdunska-wola", "kis-zdunska-wola"),
    ("pup-strzelce", "ops-strzelce"),
)
"""All four nodes of institutions send and receive, one of them also to itself."""

OVER = ("accepted", "declined", "withdrawn")
_POLL_SECONDS = 0.15

Side = Literal["sender", "receiver"]


@dataclass(frozen=True)
class Step:
    """One action of one side, and the status it leads to."""

    side: Side
    action: str
    target: str
    fields: Mapping[str, Any]


def _step(side: Side, action: str, target: str, **fields: Any) -> Step:
    return Step(side, action, target, fields)


_SOON = str(local_day(datetime.now(UTC)) + timedelta(days=14))

CLAIM = _step("receiver", "claim", "in_review")
RELEASE = _step("receiver", "release", "delivered")
ACCEPT = _step("receiver", "accept", "accepted")
DECLINE = _step("receiver", "decline", "declined", reason="no_place")
ASK = _step("receiver", "ask", "info_requested", question="Czy osoba może zacząć?", due_on=_SOON)
ANSWER = _step("sender", "answer", "in_review", text="Tak.")
WITHDRAW = _step("sender", "withdraw", "withdrawn", reason="sent_by_mistake")

COURSES: tuple[tuple[tuple[Step, ...], ...], ...] = (
    ((ACCEPT,),),
    ((CLAIM, DECLINE),),
    ((CLAIM, ASK, ANSWER, ACCEPT),),
    ((WITHDRAW,),),
    ((CLAIM, RELEASE, ACCEPT),),
    ((ACCEPT,), (WITHDRAW,)),
)
"""What happens to a referral: one line of steps, or two at once."""


@dataclass(frozen=True)
class Workload:
    """The institutions of one system, and the chance of one run."""

    institutions: Mapping[str, Institution]
    directory: Directory
    seed: int

    async def run(self, count: int, *, seconds: float, first: int, routes: Sequence[Route]) -> list[str]:
        """So many referrals on these routes, begun evenly over the time, each until it is over; their ids.

        Runs until all are over, however long the system is away.
        """

        async def depart(number: int) -> str:
            await asyncio.sleep(seconds * number / count)
            return await self.travel(first + number, *routes[number % len(routes)])

        return list(await asyncio.gather(*(depart(number) for number in range(count))))

    async def submit(self, number: int, sender: str, receiver: str) -> str:
        """Send the referral of this number; its id."""
        chance = random.Random(f"{self.seed} {number}")
        key = f"{self.seed}-{number}"
        while True:
            answer = await self.institutions[sender].submit(body(self.directory, sender, receiver, DAY, chance), key)
            if answer.code != 409:
                break
            key += "-other"  # chance made the same person twice
        assert answer.code == 201, answer
        referral: str = answer.body["id"]
        return referral

    async def travel(self, number: int, sender: str, receiver: str) -> str:
        """One referral from its submission to its end."""
        referral = await self.submit(number, sender, receiver)
        sides = {"sender": self.institutions[sender], "receiver": self.institutions[receiver]}
        course = COURSES[number % len(COURSES)]
        await asyncio.gather(*(_walk(line, referral, sides) for line in course))
        return referral


async def _walk(line: tuple[Step, ...], referral: str, sides: Mapping[str, Institution]) -> None:
    for step in line:
        await take(step, sides[step.side], referral)


async def take(step: Step, actor: Institution, referral: str) -> None:
    """Do the step as soon as it is offered; over when it is done, or when the referral has come to an end."""
    unclear = False
    while True:
        view = await actor.show(referral)
        if view is not None:
            if view["status"] in OVER or (unclear and view["status"] == step.target):
                return
            offered = {action["action"] for action in view["available_actions"]}
            if step.action in offered and view["pending_request"] is None:
                answer = await actor.act(referral, step.action, **step.fields)
                if answer.code in (200, 202):
                    await _settled(actor, referral)
                    return
                unclear = unclear or answer is UNKNOWN
        await asyncio.sleep(_POLL_SECONDS)


async def _settled(actor: Institution, referral: str) -> None:
    """A request of the sender has its answer."""
    while (view := await actor.show(referral)) is None or view["pending_request"] is not None:
        await asyncio.sleep(_POLL_SECONDS)
