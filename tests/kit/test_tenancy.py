"""One database per node, one schema and role per service, one tenant per transaction: nobody reads past these walls."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from asyncpg.exceptions import InsufficientPrivilegeError, InvalidAuthorizationSpecificationError, PostgresError
from sqlalchemy import make_url, text

from contracts.subjects import schemas_of
from services.kit.database import Database, database_name, role_name, service_url
from stack.secrets import Secrets
from tests.kit.restartable import Server

MINE, OTHERS = "ops-poraj", "ops-niegowa"
WITHOUT_TENANT = {
    ("desk", "mark"),
    ("desk", "rebuilt"),
    ("edge", "account"),
    ("edge", "lent"),
    ("edge", "post"),
    ("edge", "token"),
    ("intake", "attachment_handover"),
    ("intake", "import_queue"),
    ("referral", "lease"),
    *((service, "dead_letter") for service in ("intake", "referral", "paths")),
}
"""Tables that name an institution and are read before or without knowing one; about clients they hold nothing, or
nothing that is not sealed."""

INSERT = "insert into client (id, agency, person_index, created_at) values ($1, $2, $3, now())"


@pytest.fixture
async def intake(kit_postgres: Server, migrated: Secrets) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the service `intake` of node `ops`, over which any SQL may be sent."""
    url = service_url(kit_postgres.address, "ops", "intake", migrated.database_password("ops", "intake"))
    connection = await asyncpg.connect(_dsn(url))
    yield connection
    await connection.close()


@pytest.fixture
async def admin(kit_postgres: Server, migrated: Secrets) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(_dsn(make_url(kit_postgres.address).set(database=database_name("ops"))))
    yield connection
    await connection.close()


def _dsn(url: Any) -> str:
    return str(url.set(drivername="postgresql").render_as_string(hide_password=False))


async def _become(connection: asyncpg.Connection, agency: str) -> None:
    """What every transaction of a service begins with, here for the rest of the session."""
    await connection.execute("select set_config('sciezka.agency', $1, false)", agency)


async def _client_of(connection: asyncpg.Connection, agency: str) -> UUID:
    identity = uuid4()
    await _become(connection, agency)
    await connection.execute(INSERT, identity, agency, identity.bytes)
    return identity


async def test_an_institution_sees_its_own_rows(intake: asyncpg.Connection) -> None:
    identity = await _client_of(intake, MINE)
    assert await intake.fetchval("select agency from client where id = $1", identity) == MINE


@pytest.mark.parametrize(
    "statement",
    [
        "select * from client where id = $1",
        "update client set created_at = now() where id = $1 returning id",
        "delete from client where id = $1 returning id",
        "select * from client where agency = 'ops-niegowa' or id = $1",
    ],
)
@pytest.mark.parametrize("agency", [MINE, ""], ids=["another institution", "no institution"])
async def test_rows_of_another_institution_are_out_of_reach(
    intake: asyncpg.Connection, statement: str, agency: str
) -> None:
    identity = await _client_of(intake, OTHERS)
    await _become(intake, agency)
    assert await intake.fetch(statement, identity) == []
    await _become(intake, OTHERS)
    assert await intake.fetchval("select count(*) from client where id = $1", identity) == 1


async def test_nobody_writes_in_the_name_of_another_institution(intake: asyncpg.Connection) -> None:
    await _become(intake, MINE)
    with pytest.raises(InsufficientPrivilegeError):
        await intake.execute(INSERT, uuid4(), OTHERS, b"1")


async def test_nobody_hands_a_row_over_to_another_institution(intake: asyncpg.Connection) -> None:
    identity = await _client_of(intake, MINE)
    with pytest.raises(InsufficientPrivilegeError):
        await intake.execute("update client set agency = $2 where id = $1", identity, OTHERS)


async def test_row_level_security_binds_the_owner_of_the_tables_too(
    intake: asyncpg.Connection, admin: asyncpg.Connection
) -> None:
    identity = await _client_of(intake, OTHERS)
    count = "select count(*) from intake.client where id = $1"
    assert await admin.fetchval(count, identity) == 1
    await admin.execute(f"set role {database_name('ops')}_owner")
    await _become(admin, MINE)
    assert await admin.fetchval(count, identity) == 0


async def test_the_institution_of_a_transaction_is_forgotten_at_its_end(
    intake: asyncpg.Connection, kit_postgres: Server, migrated: Secrets
) -> None:
    identity = await _client_of(intake, MINE)
    password = migrated.database_password("ops", "intake")
    database = Database(service_url(kit_postgres.address, "ops", "intake", password))
    count = text("select pg_backend_pid(), count(*) from client where id = :id")
    try:
        async with database.transaction(MINE) as session:
            backend, seen = (await session.execute(count, {"id": identity})).one()
        async with database.engine.connect() as pooled:
            assert (await pooled.execute(count, {"id": identity})).one() == (backend, 0)
    finally:
        await database.close()
    assert seen == 1


async def test_every_table_that_names_an_institution_is_confined_to_it(
    migrated: Secrets, admin: asyncpg.Connection
) -> None:
    query = """
        select n.nspname, c.relname, c.relrowsecurity and c.relforcerowsecurity as confined
        from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
        where c.relkind = 'r' and a.attname = 'agency' and n.nspname = any($1)
    """
    tables = {(row[0], row[1]): row[2] for row in await admin.fetch(query, list(schemas_of("ops")))}
    assert {table for table, confined in tables.items() if not confined} == WITHOUT_TENANT
    assert len(tables) > len(WITHOUT_TENANT)


@pytest.mark.parametrize("schema", ["referral", "paths", "edge"])
async def test_a_service_cannot_read_the_tables_of_another(intake: asyncpg.Connection, schema: str) -> None:
    with pytest.raises(InsufficientPrivilegeError):
        await intake.fetch(f"select 1 from {schema}.{'token' if schema == 'edge' else 'outbox'}")


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (id int)",
        "create schema mine",
        "alter table client disable row level security",
        "drop policy tenant on client",
        "alter table client no force row level security",
        "truncate client",
        "set role sciezka_ops_owner",
        "alter role sciezka_ops_intake bypassrls",
    ],
)
async def test_a_service_cannot_take_the_walls_down(intake: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(InsufficientPrivilegeError):
        await intake.execute(statement)


async def test_no_role_of_a_node_is_above_row_level_security(admin: asyncpg.Connection) -> None:
    rights = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
    query = f"select rolname, {rights} from pg_roles where rolname like 'sciezka_%'"
    roles = {row["rolname"]: tuple(row)[1:] for row in await admin.fetch(query)}
    assert {role_name("ops", service) for service in schemas_of("ops")} <= set(roles)
    assert set(roles.values()) == {(False, False, False, False)}


async def test_a_service_cannot_enter_the_database_of_another_node(kit_postgres: Server, migrated: Secrets) -> None:
    url = service_url(kit_postgres.address, "ops", "intake", migrated.database_password("ops", "intake"))
    with pytest.raises((InsufficientPrivilegeError, InvalidAuthorizationSpecificationError)):
        await asyncpg.connect(_dsn(url.set(database=database_name("path"))))


async def test_a_service_needs_its_password(kit_postgres: Server, migrated: Secrets) -> None:
    with pytest.raises(PostgresError):
        await asyncpg.connect(_dsn(service_url(kit_postgres.address, "ops", "intake", "wrong")))
