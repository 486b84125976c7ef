"""Five hundred events a second for five minutes: all arrive, none twice, and the backlog drains in minutes.

Referrals come in over the public interface at the pace that makes that rate, or as fast as the machine takes them; what
counts is what was written in fact.
"""

import asyncio
import itertools
import time
from dataclasses import dataclass

from chaos.road import look_at_road, under_way
from chaos.start import system
from chaos.system import System

EVERY_SECOND = 500
SECONDS = 300.0
DRAIN_SECONDS = 900.0
_LOOK_SECONDS = 5.0
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
    """What came in over so many seconds: `written` events by then, `events` in all; `drained`: seconds after that."""

    referrals: int
    seconds: float
    written: int
    events: int
    drained: float

    def __str__(self) -> str:
        return (
            f"Flood: asked for {EVERY_SECOND} events a second over {self.seconds / 60:.0f} minutes, this machine wrote"
            f" {self.written / self.seconds:.0f} a second ({self.referrals} referrals, {self.written} events then and"
            f" {self.events} in the end); 0 lost, 0 doubled; drained in {self.drained / 60:.1f} minutes."
        )


async def run(seconds: float = SECONDS) -> Flood:
    """Raises Broken when an invariant does not hold, TimeoutError when the backlog does not drain in time."""
    async with system() as running:
        pace = EVERY_SECOND / await _events_each(running)
        begun = time.monotonic()
        referrals = await _pour(running, pace, begun + seconds)
        poured = time.monotonic()
        written = await _events(running)
        async with asyncio.timeout(DRAIN_SECONDS):
            while await under_way(running.database_url, running.nodes):
                await asyncio.sleep(_LOOK_SECONDS)
        drained = time.monotonic()
        await running.judge(many=True)
        return Flood(referrals, poured - begun, written, await _events(running), drained - poured)


async def _pour(running: System, pace: float, end: float) -> int:
    """Send at this pace until `end`; how many. Slower when the system does not take them faster."""
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
    return len((await look_at_road(running.database_url, running.nodes)).letters)
