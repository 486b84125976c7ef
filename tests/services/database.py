"""A look into, and a hand on, the databases of the nodes, as their administrator: what no API can show or do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import make_url

from services.kit.database import database_name
from tests.nodes import Network, eventually


@asynccontextmanager
async def administrator(network: Network, node: str) -> AsyncIterator[Any]:
    """A connection to the database of this node that no row-level security binds."""
    url = make_url(network.bases[node].settings.database_url)
    address = url.set(drivername="postgresql", database=database_name(node))
    connection = await asyncpg.connect(address.render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def road_closed(network: Network, node: str) -> AsyncIterator[None]:
    """What this node's intake sends to other nodes waits in its outbox: the relay cannot number it."""
    async with administrator(network, node) as connection, connection.transaction():
        await connection.execute("lock table intake.link_head in exclusive mode")
        yield


async def road_clear(network: Network, node: str) -> None:
    """Return when everything that this node's intake has written so far has left."""
    unsent = "select 1 from intake.outbox where sent_at is null limit 1"

    async def clear() -> bool:
        return await rows(network, node, unsent) == []

    await eventually(clear)


async def wait_for_locks(network: Network, node: str, count: int, *, statement: str = "%") -> None:
    """Return when so many transactions of this node wait for a lock: they get it in the order in which they came.

    `statement`: what the waiting statements are like, where the node itself may come to wait for the same lock.
    """
    query = """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query ilike $1
    """
    async with administrator(network, node) as connection:

        async def waiting() -> bool:
            return bool(await connection.fetchval(query, statement) == count)

        await eventually(waiting)


@asynccontextmanager
async def held_referral(network: Network, node: str, referral_id: str) -> AsyncIterator[None]:
    """Nobody else can lock the receiver's row of this referral until the end of the block."""
    async with administrator(network, node) as connection, connection.transaction():
        await connection.execute("select 1 from referral.referral where id = $1 for update", referral_id)
        yield


async def change(network: Network, node: str, statement: str, *values: Any) -> None:
    """Run one statement; it must change exactly one row."""
    async with administrator(network, node) as connection:
        assert (await connection.execute(statement, *values)).endswith(" 1")


async def rows(network: Network, node: str, query: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of a query."""
    async with administrator(network, node) as connection:
        return [dict(row) for row in await connection.fetch(query, *values)]
