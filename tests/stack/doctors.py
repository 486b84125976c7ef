"""What the tests of the doctor have in common: servers of their own, and what the doctor finds in them."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import nats as nats_py
from sqlalchemy import make_url

from services.kit.database import database_name
from stack.doctor import Check, examine
from stack.servers.nats import ADMIN
from tests.servers import EmbeddedServer

NOBODY_WORKS = ["temporal/worker"]
"""Wrong in all these tests: servers run, and no node."""


@dataclass(frozen=True)
class Servers:
    """All three, with databases and streams made."""

    data: Path
    postgres: EmbeddedServer
    nats: EmbeddedServer
    temporal: EmbeddedServer


def ill(checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if not check.ok and check.name not in NOBODY_WORKS]


def found(checks: Sequence[Check]) -> list[tuple[str, str]]:
    return [(check.code, check.name) for check in ill(checks)]


@asynccontextmanager
async def admin_of(server: EmbeddedServer) -> AsyncIterator[Any]:
    client = await nats_py.connect(server.address, user=ADMIN, password=server.secrets.nats_admin)
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def troubles_after(data: Path, node: str, service: str, statements: list[str]) -> list[Check]:
    """What the doctor finds after these statements, which are then undone."""
    async with schema(node, service) as connection:
        try:
            for statement in statements:
                await connection.execute(statement)
            return ill(await examine(data))
        finally:
            tables = "outbox, inbox, link_head, link_cursor, link_receipt, link_alarm, dead_letter"
            await connection.execute(f"truncate {tables}{', path cascade' if service == 'path' else ''}")


@asynccontextmanager
async def schema(node: str, service: str) -> AsyncIterator[Any]:
    url = make_url(os.environ["DATABASE_URL"]).set(database=database_name(node))
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute(f"set search_path = {service}")
        yield connection
    finally:
        await connection.close()
