"""Work that goes on as long as the process lives, whatever is down meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.kit.outages import is_down

log = structlog.get_logger()

LONGEST_PAUSE = 2.0


async def for_ever(
    name: str,
    step: Callable[[], Awaitable[object]],
    every: float = 0.0,
    *,
    outages: tuple[type[Exception], ...] = (),
) -> None:
    """Take the step again and again, `every` so many seconds.

    A dependency that is down costs a pause, which grows to two seconds; any other error is a fault and raised.
    `outages`: what else is an outage, beside what `is_down` knows.
    """
    pause = 0.1
    while True:
        try:
            await step()
        except Exception as error:
            if not (is_down(error) or isinstance(error, outages)):
                raise
            log.warning("paused", work=name, cause=type(error).__name__, seconds=pause)
            end_if_told()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            pause = 0.1
            end_if_told()
            await asyncio.sleep(every)


def end_if_told() -> None:
    """Raise CancelledError when this task was cancelled and a library kept that to itself, as nats-py may."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
