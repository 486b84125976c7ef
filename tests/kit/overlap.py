"""Two events at the same moment, one of them surely inside its transaction when the other comes."""

import asyncio

from contracts.envelope import Envelope
from contracts.events import Event
from tests.kit.road import Road
from tests.nodes import eventually

Sent = tuple[Event, Envelope]


async def overlap(road: Road, first: Sent, second: Sent) -> None:
    """Take `second` while the effect of `first` is not yet committed."""
    held, free = asyncio.Event(), asyncio.Event()

    async def trouble(event: Event, runs: int) -> None:
        if event is first[0]:
            held.set()
            await free.wait()

    road.effects.trouble = trouble
    before = asyncio.create_task(road.take(*first))
    await held.wait()
    after = asyncio.create_task(road.take(*second))

    async def waits_or_did_not_wait() -> bool:
        return after.done() or await road.blocked()

    await eventually(waits_or_did_not_wait)
    free.set()
    await asyncio.gather(before, after)
