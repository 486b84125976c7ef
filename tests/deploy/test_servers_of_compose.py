"""What the servers' containers are given: a NATS configuration, and roles and databases for Temporal."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio

from stack.programs import postgres, script
from stack.secrets import ensure
from stack.servers.nats import configuration, write_configuration
from tests.deploy.files import ROOT
from tests.servers import NODES, EmbeddedServer

PASSWORD = "temporal-in-tests"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    target = tmp_path / "nats.conf"
    write_configuration(target, tmp_path / "store", ensure(tmp_path, NODES))
    return target


def test_nats_server_accepts_the_configuration_of_the_container(written: Path) -> None:
    command: list[str | Path] = [script("nats-server"), "-t", "-c", written]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_configuration_of_the_container_gives_the_users_and_rights_of_the_embedded_server(written: Path) -> None:
    container = json.loads(written.read_text(encoding="utf-8"))
    embedded = json.loads(configuration(written.parent / "store", 4222, ensure(written.parent, NODES)))
    assert {name for name in container if container[name] != embedded.get(name)} == {"host", "http"}
    assert container["host"] == "0.0.0.0"


def test_health_of_nats_is_answered_inside_its_container_only(written: Path) -> None:
    assert json.loads(written.read_text(encoding="utf-8"))["http"] == "127.0.0.1:8222"


def test_configuration_with_passwords_is_readable_by_its_owner_only(written: Path) -> None:
    assert written.stat().st_mode & 0o777 == 0o600


def _run_init_script(address: str) -> None:
    init_script = ROOT / "deploy/postgres/temporal.sql"
    command: list[str | Path] = [postgres("psql"), "--set=ON_ERROR_STOP=1", "--file", init_script, address]
    subprocess.run(command, env={"TEMPORAL_DB_PASSWORD": PASSWORD}, check=True, capture_output=True)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cluster(postgres_server: EmbeddedServer) -> AsyncIterator[str]:
    """host:port of a cluster on which the init script has run."""
    await asyncio.to_thread(_run_init_script, postgres_server.address)
    yield urlsplit(postgres_server.address).netloc.rpartition("@")[2]
    admin = await asyncpg.connect(postgres_server.address)
    try:
        await admin.execute("drop database temporal")
        await admin.execute("drop database temporal_visibility")
        await admin.execute("drop role temporal")
    finally:
        await admin.close()


@pytest.mark.parametrize("database", ["temporal", "temporal_visibility"])
async def test_temporal_may_make_its_tables_in_its_own_databases(cluster: str, database: str) -> None:
    connection = await asyncpg.connect(f"postgresql://temporal:{PASSWORD}@{cluster}/{database}")
    try:
        await connection.execute("create table its_own (id integer)")
        await connection.execute("drop table its_own")
    finally:
        await connection.close()


async def test_temporal_may_make_no_databases_and_no_roles(cluster: str) -> None:
    connection = await asyncpg.connect(f"postgresql://temporal:{PASSWORD}@{cluster}/temporal")
    try:
        for statement in ("create database another", "create role another"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_nobody_else_may_connect_to_the_databases_of_temporal(
    cluster: str, postgres_server: EmbeddedServer
) -> None:
    admin = await asyncpg.connect(postgres_server.address)
    try:
        await admin.execute("create role stranger login password 'stranger'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(f"postgresql://stranger:stranger@{cluster}/temporal")
    finally:
        await admin.execute("drop role if exists stranger")
        await admin.close()
