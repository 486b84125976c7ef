"""A database as the former release left it, brought to the present one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from stack.migrations import versions_of
from tests.servers import EmbeddedServer

Rows = dict[tuple[str, str], UUID]
"""What the former release had kept, by institution and state."""


@dataclass(frozen=True)
class Former:
    """`kept`: what was there before; `connection`: of the administrator, after the upgrade."""

    kept: Rows
    connection: Any
    owner: str

    async def seen(self, institution: str, query: str) -> list[Any]:
        """What the owner of the tables finds in the name of this institution."""
        async with self.connection.transaction():
            await self.connection.execute(f"set local role {self.owner}")
            await self.connection.execute("select set_config('sciezka.agency', $1, true)", institution)
            found: list[Any] = await self.connection.fetch(query)
        return found


@asynccontextmanager
async def upgraded(
    server: EmbeddedServer, service: str, before: str, fill: Callable[[Any], Awaitable[Rows]]
) -> AsyncIterator[Former]:
    """A database of this service at the revision `before`, filled, and then brought to the head.

    As in production, an owner without any right beyond its tables makes the change.
    """
    name = f"former_{service}"
    owner = f"{name}_owner"
    admin = await asyncpg.connect(server.address)
    await admin.execute(f"create role {owner} nologin nosuperuser nobypassrls")
    await admin.execute(f"create database {name} owner {owner}")
    await admin.close()
    url = make_url(server.address).set(database=name)
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    await connection.execute(f"create schema {service} authorization {owner}")
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"))
    async with engine.connect() as migrating:
        await migrating.run_sync(_to, service, owner, before)
        await migrating.commit()
        await connection.execute(f"set search_path = {service}")
        kept = await fill(connection)
        await migrating.run_sync(_to, service, owner, "head")
        await migrating.commit()
    await engine.dispose()
    yield Former(kept, connection, owner)
    await connection.close()


def _to(connection: Connection, service: str, owner: str, revision: str) -> None:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(versions_of(service).parents[2] / "stack" / "alembic"))
    config.set_main_option("version_locations", str(versions_of(service)))
    config.attributes |= {"connection": connection, "schema": service, "owner": owner}
    command.upgrade(config, revision)
