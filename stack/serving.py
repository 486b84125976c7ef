"""A process that serves HTTP and runs tasks beside it, until SIGTERM or until one of them fails."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

import uvicorn
from starlette.types import ASGIApp

_GRACE_SECONDS = 5
_IDLE_SECONDS = 65
"""How long an idle connection stays: longer than our own clients keep one, so that no call meets one being closed."""


class _Server(uvicorn.Server):
    """Leaves signals to `serve`: uvicorn would raise them again and cut the shutdown short."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: ASGIApp, host: str, port: int, tasks: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Serve until SIGTERM or SIGINT. A task that ends with an error ends the process: the supervisor starts it anew."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(task) for task in tasks]
        await server.serve()
        for task in running:
            task.cancel()
