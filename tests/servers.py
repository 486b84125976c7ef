"""Real servers for tests, one of each a session: the parts that `sciezka up` runs, in a folder of their own."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from stack.files import ensure_folder
from stack.parts import Part, Running, not_started, stop
from stack.ports import free_ports
from stack.secrets import Secrets, ensure
from stack.servers.nats import nats_part, nats_url
from stack.servers.postgres import database_url, postgres_part
from stack.servers.temporal import temporal_address, temporal_part

NODES = ("ops", "pup", "cis", "owes", "path")
START_SECONDS = 60.0


@dataclass
class EmbeddedServer:
    """A running server. PostgreSQL: the administrator's URL; NATS: a URL without user; Temporal: host:port."""

    address: str
    secrets: Secrets
    part: Part
    process: Running

    @asynccontextmanager
    async def absent(self) -> AsyncIterator[None]:
        """Down inside the block; up again after it, on the same port and files, whatever happens in it."""
        await stop(self.part, self.process)
        try:
            yield
        finally:
            self.process = await start_ready(self.part)


@contextmanager
def data_folder() -> Iterator[Path]:
    """A short-lived data folder directly under the temp folder: the account of PostgreSQL must be able to reach it."""
    with tempfile.TemporaryDirectory(prefix="sciezka-") as name:
        yield ensure_folder(Path(name) / "var")


async def start_ready(part: Part) -> Running:
    """Start the part and wait until it is ready. Raises StackError when it ends before or takes too long."""
    process = await part.start()
    try:
        async with asyncio.timeout(START_SECONDS):
            while process.returncode is None:
                if await part.ready():
                    return process
                await asyncio.sleep(0.05)
        raise not_started(part)
    except BaseException:
        await stop(part, process)
        raise


@asynccontextmanager
async def _running(part: Part, address: str, secrets: Secrets) -> AsyncIterator[EmbeddedServer]:
    server = EmbeddedServer(address=address, secrets=secrets, part=part, process=await start_ready(part))
    try:
        yield server
    finally:
        await stop(part, server.process)


@asynccontextmanager
async def running_postgres(data: Path) -> AsyncIterator[EmbeddedServer]:
    """PostgreSQL with its cluster in `data`."""
    secrets = ensure(data, NODES)
    (port,) = free_ports(1)
    url = database_url(port, secrets.postgres_admin)
    async with _running(postgres_part(data, port, secrets.postgres_admin), url, secrets) as server:
        yield server


@asynccontextmanager
async def running_nats(data: Path) -> AsyncIterator[EmbeddedServer]:
    """NATS with JetStream in `data`; the users are `admin` and one per node of NODES."""
    secrets = ensure(data, NODES)
    (port,) = free_ports(1)
    async with _running(nats_part(data, port, secrets), nats_url(port), secrets) as server:
        yield server


@asynccontextmanager
async def running_temporal(data: Path) -> AsyncIterator[EmbeddedServer]:
    """Temporal with its SQLite file in `data`; the namespace `default` exists."""
    secrets = ensure(data, NODES)
    port, http_port = free_ports(2)
    async with _running(temporal_part(data, port, http_port), temporal_address(port), secrets) as server:
        yield server


@pytest.fixture(scope="session")
def server_data() -> Iterator[Path]:
    """The data folder of the servers of this session."""
    with data_folder() as data:
        yield data


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_server(server_data: Path) -> AsyncIterator[EmbeddedServer]:
    async with running_postgres(server_data) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def nats_server(server_data: Path) -> AsyncIterator[EmbeddedServer]:
    async with running_nats(server_data) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_server(server_data: Path) -> AsyncIterator[EmbeddedServer]:
    async with running_temporal(server_data) as server:
        yield server
