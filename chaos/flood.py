"""Five hundred events a second for five minutes: all arrive, none twice, and the backlog drains in minutes.

Referrals come in over the public interface, as many as make that rate; what counts is what was written in fact.
"""

import asyncio
import itertools
import time
from dataclasses import dataclass

from chaos.look import look_at_road
from chaos.system import System, system

EVENTS_PER_SECOND = 500
SECONDS = 300.0
DRAIN_SECONDS = 900.0
_AT_ONCE = 64
_ROUTES = (
    ("ops-poraj", "pup-myszkow"),
    ("pup-myszkow", "ops-poraj"),
    ("cis-tychy", "owes-jowes"),
    ("owes-jowes", "cis-tychy"),
)
"""Service referrals: one sender may send as many as it likes for different people."""


@dataclass(frozen=True)
class Flood:
    """What came in and what became of it."""

    referrals: int
    events: int
    seconds: float
    drained: float

    def __str__(self) -> str:
        rate = self.events / self.seconds
        return (
            f"Flood: {self.referrals} referrals, {self.events} events in {self.seconds:.0f} s ({rate:.0f} a second);"
            f" 0 lost, 0 doubled; drained {self.drained / 60:.1f} minutes after the last request."
        )


async def run(seconds: float = SECONDS) -> Flood:
    """Raises Broken when an invariant does not hold, or when the backlog does not drain in time."""
    async with system() as running:
        begun = time.monotonic()
        referrals = await _pour(running, begun + seconds)
        poured = time.monotonic()
        drained = await running.judge(within=DRAIN_SECONDS, many=True)
        return Flood(referrals, await _events(running), poured - begun, drained)


async def _pour(running: System, end: float) -> int:
    """Send at the pace that makes the rate, until `end`; how many. Slower when the system does not take them faster."""
    pace = EVENTS_PER_SECOND / await _events_each(running)
    begun, numbers = time.monotonic(), itertools.count()

    async def sender() -> int:
        count = 0
        while time.monotonic() < end:
            number = next(numbers)
            await asyncio.sleep(max(0.0, begun + number / pace - time.monotonic()))
            await running.submit(*_ROUTES[number % len(_ROUTES)])
            count += 1
        return count

    return sum(await asyncio.gather(*(sender() for _ in range(_AT_ONCE))))


async def _events_each(running: System) -> float:
    """How many events one referral makes."""
    for route in _ROUTES:
        await running.submit(*route)
    await running.judge()
    return await _events(running) / len(_ROUTES)


async def _events(running: System) -> int:
    letters = (await look_at_road(running.database_url, running.nodes))[0]
    return len(letters)
