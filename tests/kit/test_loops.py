"""Work that goes on whatever is down."""

import asyncio
from contextlib import suppress

import pytest
from temporalio.service import RPCError, RPCStatusCode

from services.kit.loops import for_ever

AWAY = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")


class Fault(Exception):
    """No dependency's failure."""


async def taken(*outcomes: Exception | None, outages: tuple[type[Exception], ...] = ()) -> int:
    """How many steps were taken until one raised what the loop lets through."""
    left = list(outcomes)

    async def step() -> None:
        if (outcome := left.pop(0)) is not None:
            raise outcome

    with pytest.raises((Fault, RPCError)):
        await for_ever("test", step, outages=outages)
    return len(outcomes) - len(left)


async def test_a_dependency_that_is_down_costs_a_pause_and_a_fault_is_raised() -> None:
    down = ConnectionRefusedError()
    assert await taken(down, down, None, down, Fault(), None) == 5


async def test_what_else_is_an_outage_is_for_the_caller_to_say() -> None:
    assert await taken(AWAY, None, Fault(), outages=(RPCError,)) == 3
    assert await taken(AWAY, None, Fault()) == 1


async def test_who_is_told_to_end_ends_also_when_a_library_keeps_that_to_itself() -> None:
    begun = asyncio.Event()

    async def step() -> None:
        if begun.is_set():
            raise Fault
        begun.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    task = asyncio.create_task(for_ever("test", step))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
