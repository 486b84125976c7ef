"""The embedded servers: where they listen, what they guarantee, what survives a kill."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import asyncpg
import nats
import psutil
import pytest
from temporalio.client import Client

from stack.files import ensure_folder, log_file
from stack.parts import Command, launch, stop
from stack.ports import LOOPBACK
from stack.servers import postgres
from stack.servers.nats import ADMIN
from tests.servers import (
    EmbeddedServer,
    data_folder,
    running_nats,
    running_postgres,
    running_temporal,
    start_ready,
)

SETTINGS = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")


async def _connect(server: EmbeddedServer) -> Any:
    return await asyncpg.connect(server.address)


async def _killed(server: EmbeddedServer) -> None:
    server.process.send_signal(signal.SIGKILL)
    await server.process.wait()


def _listening(server: EmbeddedServer) -> set[str]:
    process: Any = psutil.Process(server.process.pid)
    return {found.laddr.ip for found in process.net_connections("tcp") if found.status == psutil.CONN_LISTEN}


async def test_servers_listen_on_loopback_only(
    postgres_server: EmbeddedServer, nats_server: EmbeddedServer, temporal_server: EmbeddedServer
) -> None:
    assert [_listening(server) for server in (postgres_server, nats_server, temporal_server)] == [{LOOPBACK}] * 3


async def test_postgres_commits_durably_and_checks_its_pages(postgres_server: EmbeddedServer) -> None:
    connection = await _connect(postgres_server)
    try:
        values = {await connection.fetchval("SELECT current_setting($1)", name) for name in SETTINGS}
    finally:
        await connection.close()
    assert values == {"on"}


async def test_postgres_refuses_a_wrong_password(postgres_server: EmbeddedServer) -> None:
    password = postgres_server.secrets.postgres_admin
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres_server.address.replace(password, "wrong"))


async def test_postgres_log_holds_no_values(server_data: Path, postgres_server: EmbeddedServer) -> None:
    connection = await _connect(postgres_server)
    try:
        await connection.execute("CREATE TABLE person (name text UNIQUE)")
        await connection.execute("INSERT INTO person VALUES ('Impossible Person')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO person VALUES ('Impossible Person')")
    finally:
        await connection.close()
    log = log_file(server_data, postgres.NAME).read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert "Impossible Person" not in log


async def test_committed_row_survives_a_killed_postgres() -> None:
    with data_folder() as data:
        async with running_postgres(data) as server:
            connection = await _connect(server)
            await connection.execute("CREATE TABLE kept (id int)")
            await connection.execute("INSERT INTO kept VALUES (1)")
            connection.terminate()
            await _killed(server)
        async with running_postgres(data) as server:
            connection = await _connect(server)
            assert await connection.fetchval("SELECT count(*) FROM kept") == 1
            await connection.close()


async def test_postgres_starts_when_another_program_has_the_pid_of_a_killed_one() -> None:
    with data_folder() as data:
        async with running_postgres(data) as server:
            await _killed(server)
            account = postgres.ACCOUNT if os.geteuid() == 0 else None
            stranger = await launch(Command(("sleep", "60"), user=account), data / "logs" / "stranger.log")
            try:
                pid_file = postgres.cluster_folder(data) / "postmaster.pid"
                lines = pid_file.read_text(encoding="utf-8").splitlines(keepends=True)
                pid_file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]), encoding="utf-8")
                again = await start_ready(server.part)
                await stop(server.part, again)
            finally:
                stranger.send_signal(signal.SIGKILL)
                await stranger.wait()


async def test_acknowledged_message_survives_a_killed_nats() -> None:
    with data_folder() as data:
        async with running_nats(data) as server:
            client = await nats.connect(server.address, user=ADMIN, password=server.secrets.nats_admin)
            await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
            await client.jetstream().publish("kept", b"1", stream="KEPT")
            await client.close()
            await _killed(server)
        async with running_nats(data) as server:
            client = await nats.connect(server.address, user=ADMIN, password=server.secrets.nats_admin)
            assert (await client.jetstream().get_msg("KEPT", 1)).data == b"1"
            await client.close()


async def test_started_workflow_survives_a_killed_temporal() -> None:
    with data_folder() as data:
        async with running_temporal(data) as server:
            client = await Client.connect(server.address)
            await client.start_workflow("Kept", id="kept", task_queue="nobody")
            await _killed(server)
        async with running_temporal(data) as server:
            client = await Client.connect(server.address)
            assert (await client.get_workflow_handle("kept").describe()).status is not None


async def test_server_ends_without_a_kill_when_it_is_asked_to() -> None:
    with data_folder() as data:
        async with running_postgres(data) as server:
            connection = await _connect(server)
            async with asyncio.timeout(5):
                await stop(server.part, server.process)
            assert server.process.returncode == 0
            connection.terminate()


async def test_nats_runs_in_a_folder_with_polish_letters_and_a_space() -> None:
    with data_folder() as data:
        async with running_nats(ensure_folder(data / "zażółć gęśl")) as server:
            assert server.process.returncode is None
