"""Work that goes on as long as the process lives, whatever is down meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.kit.outages import is_down

log = structlog.get_logger()


async def for_ever(name: str, step: Callable[[], Awaitable[object]], every: float) -> None:
    """Take the step every so many seconds. A dependency that is down costs a turn; any other error is raised."""
    while True:
        try:
            await step()
        except Exception as error:
            if not is_down(error):
                raise
            log.warning("turn_missed", work=name, cause=type(error).__name__)
        await asyncio.sleep(every)
