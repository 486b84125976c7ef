"""Databases, roles, schemas and migrations of all nodes. Idempotent: a second run finds nothing to do."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from contracts.subjects import PATH_NODE, schemas_of
from services.kit.database import database_name, role_name
from stack.secrets import Secrets

_HERE = Path(__file__).parent
_ROOT = _HERE.parent


def versions_of(service: str) -> Path:
    """Where a service keeps its migrations."""
    return _ROOT / "workflows" / "migrations" if service == PATH_NODE else _ROOT / "services" / service / "migrations"


async def migrate(admin_url: str, nodes: Iterable[str], secrets: Secrets) -> None:
    """Bring every database to the newest version. Raises what asyncpg or Alembic raises."""
    for node in nodes:
        await _ensure_database(admin_url, node, secrets)
        for service in schemas_of(node):  # one by one: Alembic's context is global
            await _migrate(admin_url, node, service)


async def _ensure_database(admin_url: str, node: str, secrets: Secrets) -> None:
    """The database of a node, its owner, and per service a role confined to its own schema."""
    name, owner = database_name(node), f"{database_name(node)}_owner"
    admin = await _connect(make_url(admin_url))
    try:
        await _ensure_role(admin, owner, None)
        for service in schemas_of(node):
            await _ensure_role(admin, role_name(node, service), secrets.database_password(node, service))
        if not await admin.fetchval("select 1 from pg_database where datname = $1", name):
            await admin.execute(f'create database "{name}" owner "{owner}"')
        await admin.execute(f'revoke connect, temporary on database "{name}" from public')
    finally:
        await admin.close()
    database = await _connect(make_url(admin_url).set(database=name))
    try:
        for service in schemas_of(node):
            role = role_name(node, service)
            await database.execute(f'create schema if not exists "{service}" authorization "{owner}"')
            await database.execute(f'grant connect on database "{name}" to "{role}"')
            await database.execute(f'grant usage on schema "{service}" to "{role}"')
            await database.execute(f'alter role "{role}" in database "{name}" set search_path = "{service}"')
            await database.execute(
                f'alter default privileges for role "{owner}" in schema "{service}" '
                f'grant select, insert, update, delete on tables to "{role}"'
            )
    finally:
        await database.close()


async def _ensure_role(admin: Any, role: str, password: str | None) -> None:
    """A role without rights of its own; with a password it may log in. Passwords are ours: none holds a quote."""
    login = "nologin" if password is None else f"login password '{password}'"
    exists = await admin.fetchval("select 1 from pg_roles where rolname = $1", role)
    await admin.execute(f'{"alter" if exists else "create"} role "{role}" {login} nosuperuser nobypassrls')


async def _migrate(admin_url: str, node: str, service: str) -> None:
    engine = create_async_engine(_schema_url(admin_url, node), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, node, service)
            await connection.commit()
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, node: str, service: str) -> None:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(_HERE / "alembic"))
    config.set_main_option("version_locations", str(versions_of(service)))
    config.attributes |= {"connection": connection, "schema": service, "owner": f"{database_name(node)}_owner"}
    if _current(connection, service) != ScriptDirectory.from_config(config).get_current_head():
        command.upgrade(config, "head")


def _current(connection: Connection, service: str) -> str | None:
    """The version this schema is at, None before the first migration."""
    table = connection.exec_driver_sql(f"select to_regclass('\"{service}\".alembic_version')").scalar_one()
    if table is None:
        return None
    version: str | None = connection.exec_driver_sql(f'select version_num from "{service}".alembic_version').scalar()
    return version


def _schema_url(admin_url: str, node: str) -> URL:
    return make_url(admin_url).set(drivername="postgresql+asyncpg", database=database_name(node))


async def _connect(url: URL) -> Any:
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(dsn)
