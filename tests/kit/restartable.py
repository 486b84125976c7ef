"""Servers that a test may end and start again on the same port and the same files."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from stack.parts import Part, Running, stop
from stack.ports import free_ports
from stack.secrets import ensure
from stack.servers.nats import nats_part, nats_url
from stack.servers.postgres import database_url, postgres_part
from tests.servers import NODES, start_ready


@dataclass
class Server:
    """One running server."""

    address: str
    part: Part
    process: Running

    async def down(self) -> None:
        await stop(self.part, self.process)

    async def up(self) -> None:
        self.process = await start_ready(self.part)

    async def crash(self) -> None:
        """End without a word to anybody, as when the machine loses its power."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    @asynccontextmanager
    async def absent(self) -> AsyncIterator[None]:
        """Down inside the block, up again after it, whatever happens in it."""
        await self.down()
        try:
            yield
        finally:
            await self.up()


@asynccontextmanager
async def _running(address: str, part: Part) -> AsyncIterator[Server]:
    server = Server(address, part, await start_ready(part))
    try:
        yield server
    finally:
        await server.down()


@asynccontextmanager
async def restartable_nats(data: Path) -> AsyncIterator[Server]:
    """NATS with JetStream; the users are `admin` and one per node."""
    (port,) = free_ports(1)
    async with _running(nats_url(port), nats_part(data, port, ensure(data, NODES))) as server:
        yield server


@asynccontextmanager
async def restartable_postgres(data: Path) -> AsyncIterator[Server]:
    """PostgreSQL; the address is the administrator's."""
    (port,) = free_ports(1)
    password = ensure(data, NODES).postgres_admin
    async with _running(database_url(port, password), postgres_part(data, port, password)) as server:
        yield server
