"""Waiting for what must come true soon."""

import asyncio
from collections.abc import Callable

WITHIN_SECONDS = 20.0


async def eventually(condition: Callable[[], bool], within: float = WITHIN_SECONDS) -> None:
    """Return as soon as the condition holds; fail when it still does not after so many seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "did not come true in time"
        await asyncio.sleep(0.02)
