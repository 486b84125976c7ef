"""A database of the path node per test, copied from one that is migrated once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from itertools import count

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from contracts.subjects import PATH_NODE
from services.kit.clock import DatabaseClock
from services.kit.database import Database
from services.kit.service import Service
from stack.migrations import versions_of
from tests.workflows.examples import DIRECTORY

TEMPLATE = "path_template"
_NUMBERS = count(1)


async def administer(address: str, statement: str) -> None:
    engine = create_async_engine(make_url(address).set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def database_at(address: str, name: str) -> Database:
    url: URL = make_url(address).set(drivername="postgresql+asyncpg", database=name)
    return Database(url)


async def make_template(address: str) -> None:
    """The empty tables of the path service, as its migrations make them."""
    await administer(address, f"create database {TEMPLATE}")
    database = database_at(address, TEMPLATE)
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)
    await database.close()


def _upgrade(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        for script in sorted(versions_of(PATH_NODE).glob("0*.py")):
            import_module(f"workflows.migrations.{script.stem}").upgrade()


@asynccontextmanager
async def path_service(address: str) -> AsyncIterator[Service]:
    """The path service on a database of its own."""
    name = f"path_{next(_NUMBERS)}"
    await administer(address, f"create database {name} template {TEMPLATE}")
    database = database_at(address, name)
    try:
        yield Service("path", "path", DIRECTORY, database, DatabaseClock())
    finally:
        await database.close()
        await administer(address, f"drop database {name} with (force)")
