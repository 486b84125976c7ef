"""The doctor at PostgreSQL: are its settings safe, is its clock ours, and does anything lie about in a service."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import asyncpg
from asyncpg.exceptions import InterfaceError, PostgresError
from sqlalchemy import make_url

from contracts.subjects import PATH_NODE, services_of
from rules.limits import limit
from services.kit.database import database_name
from stack.findings import Check, judged, well, wrong
from stack.probes import SECONDS
from stack.troubles import OF_EVERY_SERVICE, OF_PATHS, Trouble

SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "data_checksums": "on",
    "data_sync_retry": "off",
}
"""As PostgreSQL must be set, or a write that it confirmed may be lost (reliability of fsync: postgresql.org, 2018)."""

DRIFT_SECONDS = 2.0

_ERRORS = (OSError, TimeoutError, PostgresError, InterfaceError)


async def look_at_postgres(url: str, nodes: Iterable[str]) -> list[Check]:
    """Everything that can be asked of PostgreSQL as its administrator."""
    try:
        connection = await asyncpg.connect(url, timeout=SECONDS)
        try:
            checks = [await _settings(connection), await _clock(connection)]
        finally:
            await connection.close()
    except _ERRORS as error:
        return [wrong("postgres", "postgres", cause=type(error).__name__)]
    for found in await asyncio.gather(*(_node(url, node) for node in nodes)):
        checks += found
    return checks


async def _settings(connection: Any) -> Check:
    rows = await connection.fetch("select name, setting from pg_settings where name = any($1)", list(SETTINGS))
    found = {row["name"]: row["setting"] for row in rows}
    unsafe = _unsafe(found)
    if unsafe:
        return wrong("postgres_setting", "postgres", what=", ".join(unsafe))
    return well("postgres", "postgres", version=connection.get_server_version().major)


def _unsafe(found: Mapping[str, str]) -> list[str]:
    """What is not as it must be. A stricter synchronous_commit than on waits for replicas too, and is as good."""
    strict = {**found, "synchronous_commit": "on"} if found.get("synchronous_commit") == "remote_apply" else found
    return [f"{name}={strict.get(name)}" for name, needed in SETTINGS.items() if strict.get(name) != needed]


async def _clock(connection: Any) -> Check:
    """The time of the question counts for the answer: half of it went by before PostgreSQL looked at its clock."""
    before = time.time()
    there = float(await connection.fetchval("select extract(epoch from clock_timestamp())"))
    return _drift(there - (before + time.time()) / 2)


def _drift(ahead: float) -> Check:
    """`ahead`: seconds by which the database is ahead of this computer."""
    drift = abs(ahead)
    return judged("clock", "clock", drift <= DRIFT_SECONDS, seconds=f"{drift:.1f}")


async def _node(url: str, node: str) -> list[Check]:
    address = make_url(url).set(database=database_name(node)).render_as_string(hide_password=False)
    try:
        connection = await asyncpg.connect(address, timeout=SECONDS)
    except _ERRORS as error:
        return [wrong("schema", f"{node}/database", cause=type(error).__name__)]
    try:
        return [check for service in services_of(node) for check in await _service(connection, node, service)]
    finally:
        await connection.close()


async def _service(connection: Any, node: str, service: str) -> list[Check]:
    part = f"{node}/{service}"
    found = []
    try:
        await connection.execute(f'set search_path = "{service}"')
        today = await connection.fetchval("select (now() at time zone 'UTC')::date")
        for trouble in OF_EVERY_SERVICE + (OF_PATHS if service == PATH_NODE else ()):
            found += await _named(connection, part, trouble, today)
    except _ERRORS as error:
        return [wrong("schema", part, cause=type(error).__name__)]
    return found or [well("service", part)]


async def _named(connection: Any, part: str, trouble: Trouble, today: date) -> list[Check]:
    """What lies about of this kind; nothing while it is within what the rules allow."""
    if trouble.limit is None:
        return [wrong(trouble.code, part, **dict(row)) for row in await connection.fetch(trouble.query)]
    allowed = limit(trouble.limit, today)
    rows = await connection.fetch(trouble.query, allowed)
    return [wrong(trouble.code, part, allowed=allowed, **dict(row)) for row in rows]
