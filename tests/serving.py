"""Applications of this process on real ports of this machine."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from stack.ports import free_ports

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Leaves signals to pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(apps: dict[str, ASGIApp]) -> AsyncIterator[dict[str, str]]:
    """These applications on free ports of this machine, in this loop. Addresses by name."""
    ports = dict(zip(apps, free_ports(len(apps)), strict=True))
    async with AsyncExitStack() as stack:
        for name, app in apps.items():
            await stack.enter_async_context(_served(app, ports[name]))
        yield {name: f"http://{HOST}:{port}" for name, port in ports.items()}


@asynccontextmanager
async def _served(app: ASGIApp, port: int) -> AsyncIterator[None]:
    server = _Server(
        uvicorn.Config(
            app, host=HOST, port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await running
