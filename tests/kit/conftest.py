"""Fixtures of the kit's tests: servers of their own, because some tests end and restart them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import make_url, text

from services.kit.database import Database
from services.kit.plumbing_ddl import DDL, ROAD_DDL
from stack.migrations import migrate
from stack.secrets import Secrets, read
from tests.kit.restartable import Server, restartable_nats, restartable_postgres
from tests.kit.road import EFFECTS, Road
from tests.servers import data_folder

MIGRATED = ("ops", "path")
_TABLES = (
    "outbox, link_head, link_cursor, link_receipt, past_receipt, link_alarm, inbox, known_version, dead_letter, effect"
)


@pytest.fixture(scope="session")
def kit_data() -> Iterator[Path]:
    with data_folder() as data:
        yield data


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kit_nats(kit_data: Path) -> AsyncIterator[Server]:
    async with restartable_nats(kit_data) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kit_postgres(kit_data: Path) -> AsyncIterator[Server]:
    async with restartable_postgres(kit_data) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def databases(kit_postgres: Server) -> AsyncIterator[tuple[Database, Database]]:
    """Throw-away databases of the writer and the reader with the tables of every service, and one for effects."""
    made = [await _database(kit_postgres.address, name) for name in ("kit_writer", "kit_reader")]
    yield made[0], made[1]
    for database in made:
        await database.close()


async def _database(admin_url: str, name: str) -> Database:
    connection = await asyncpg.connect(admin_url)
    await connection.execute(f"create database {name}")
    await connection.close()
    url = make_url(admin_url).set(database=name)
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    await connection.execute(DDL + ROAD_DDL + EFFECTS)
    await connection.close()
    return Database(url.set(drivername="postgresql+asyncpg"))


@pytest_asyncio.fixture(loop_scope="session")
async def road(kit_data: Path, kit_nats: Server, databases: tuple[Database, Database]) -> Road:
    """Empty databases and empty, freshly provisioned streams."""
    sender, receiver = databases
    for database in databases:
        async with database.transaction() as session:
            await session.execute(text(f"truncate {_TABLES} restart identity"))
    fresh = Road(kit_nats, read(kit_data), sender, receiver)
    await fresh.lay()
    return fresh


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(kit_data: Path, kit_postgres: Server) -> Secrets:
    """The databases of a node of institutions and of the path node, as in production; the passwords of their roles."""
    secrets = read(kit_data)
    await migrate(kit_postgres.address, MIGRATED, secrets)
    return secrets
