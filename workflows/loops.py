"""Work that goes on as long as the process lives, whatever is down meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from temporalio.service import RPCError

from services.kit.outages import is_down

log = structlog.get_logger()

LONGEST_PAUSE = 5.0


async def for_ever(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Take the step again and again. A dependency that is down costs a pause; any other error is a fault and raised."""
    pause = 0.1
    while True:
        try:
            await step()
            pause = 0.1
        except Exception as error:
            if not (is_down(error) or isinstance(error, RPCError)):
                raise
            log.warning("paused", work=name, cause=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
