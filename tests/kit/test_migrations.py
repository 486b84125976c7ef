"""Migrations: they make what the models say, and a second run finds nothing to do."""

from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Table, make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import registry

from contracts.subjects import PATH_NODE, SERVICES_OF_NODE, schemas_of
from services.desk.models import DESK
from services.edge.models import EDGE
from services.intake.models import INTAKE
from services.kit.database import database_name
from services.kit.plumbing import PLUMBING
from services.paths.models import PATHS
from services.referral.models import REFERRAL
from stack.migrations import migrate, versions_of
from stack.secrets import Secrets
from tests.kit.conftest import MIGRATED
from tests.kit.restartable import Server
from workflows.tables import PATH

MODELS: dict[str, tuple[registry, ...]] = {
    "edge": (EDGE,),
    "desk": (DESK,),
    "intake": (INTAKE, PLUMBING),
    "referral": (REFERRAL, PLUMBING),
    "paths": (PATHS, PLUMBING),
    "path": (PATH, PLUMBING),
}
NODE_OF = {service: PATH_NODE if service == "path" else "ops" for service in MODELS}

COLUMNS = """
    select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
           not a.attnotnull as nullable, a.atthasdef or a.attidentity <> '' as filled,
           coalesce(a.attnum = any(i.indkey), false) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relkind = 'r' and n.nspname = $1 and c.relname <> 'alembic_version'
"""

CATALOGUE = """
    select n.nspname, c.relname, c.oid, c.relfilenode, c.relacl::text, c.relowner, c.relrowsecurity
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1) order by 1, 2
"""


class Shape(NamedTuple):
    """A column as a model or the migrations have it."""

    type: str
    nullable: bool
    key: bool


@pytest.fixture
async def databases_of_nodes(kit_postgres: Server, migrated: Secrets) -> AsyncIterator[dict[str, asyncpg.Connection]]:
    connections = {node: await _connect(kit_postgres, node) for node in MIGRATED}
    yield connections
    for connection in connections.values():
        await connection.close()


async def _connect(server: Server, node: str) -> asyncpg.Connection:
    url = make_url(server.address).set(database=database_name(node))
    connection: asyncpg.Connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    return connection


def _family(compiled: str) -> str:
    return compiled.lower().replace("character varying", "text").replace("varchar", "text")


def _modelled(column: Column[object]) -> Shape:
    kind = _family(column.type.compile(dialect=postgresql.dialect()))
    return Shape(kind, bool(column.nullable), column.primary_key)


def _tables(registries: Iterable[registry]) -> list[Table]:
    return [table for known in registries for table in known.metadata.sorted_tables]


@pytest.mark.parametrize("service", MODELS)
async def test_models_match_what_the_migrations_make(
    service: str, databases_of_nodes: dict[str, asyncpg.Connection]
) -> None:
    models = {
        (table.name, column.name): _modelled(column) for table in _tables(MODELS[service]) for column in table.columns
    }
    rows = {
        (row["table"], row["name"]): row for row in await databases_of_nodes[NODE_OF[service]].fetch(COLUMNS, service)
    }
    for place, model in models.items():
        assert place in rows, "only in the model"
        row = rows[place]
        # What the database fills in may be absent from a row that a program makes, though never from a stored one.
        nullable = model.nullable if row["filled"] else row["nullable"]
        assert (place, Shape(_family(row["type"]), nullable, row["key"])) == (place, model)
    assert [place for place, row in rows.items() if place not in models and not row["filled"]] == []


def test_every_schema_of_every_node_has_models() -> None:
    assert {*schemas_of("ops"), *schemas_of(PATH_NODE)} == set(MODELS)


@pytest.mark.parametrize("service", [*SERVICES_OF_NODE, "edge", "desk", "path"])
def test_the_migrations_of_a_service_are_one_line(service: str) -> None:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(versions_of("intake").parents[2] / "stack" / "alembic"))
    config.set_main_option("version_locations", str(versions_of(service)))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


async def test_a_second_run_changes_nothing(
    kit_postgres: Server, migrated: Secrets, databases_of_nodes: dict[str, asyncpg.Connection]
) -> None:
    async def catalogue() -> list[list[asyncpg.Record]]:
        return [
            await connection.fetch(CATALOGUE, list(schemas_of(node))) for node, connection in databases_of_nodes.items()
        ]

    before = await catalogue()
    await migrate(kit_postgres.address, MIGRATED, migrated)
    assert await catalogue() == before
    assert all(before)


async def test_a_run_closes_a_database_to_everybody_else_that_an_earlier_one_left_open(
    kit_postgres: Server, migrated: Secrets, databases_of_nodes: dict[str, asyncpg.Connection]
) -> None:
    """PostgreSQL makes a database open to all, and a run may end between making and closing it."""
    ops = databases_of_nodes["ops"]
    await ops.execute(f"grant connect on database {database_name('ops')} to public")
    await migrate(kit_postgres.address, MIGRATED, migrated)
    assert not await ops.fetchval("select has_database_privilege('public', current_database(), 'connect')")
