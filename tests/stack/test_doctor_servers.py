"""The doctor at the servers: calls healthy what is, and names what is not."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.subjects import stream_spec
from services.kit.broker import consumer_config
from stack.doctor import examine, report
from stack.look_at_record import _drift, _unsafe
from stack.ports import free_ports
from stack.provisioning import provision
from stack.servers.nats import ADMIN
from tests.kit.unsynced import unsynced_nats
from tests.servers import NODES
from tests.stack.doctors import Servers, admin_of, found, ill

SERVERS = {"nats": "NATS_URL", "postgres": "DATABASE_URL", "temporal": "TEMPORAL_ADDRESS"}


async def test_running_servers_are_healthy(surroundings: Path) -> None:
    checks = await examine(surroundings)
    names = {check.name for check in checks}
    assert {*SERVERS.keys() - {"temporal"}, "disk", "secrets.json", "nats/nats.conf", "nats/sync", "clock"} <= names
    assert {"nats/EV_CIS", "nats/storage", "ops/intake", "path/path"} <= names
    assert ill(checks) == []


@pytest.mark.parametrize(("name", "variable"), SERVERS.items())
async def test_server_that_does_not_answer_is_named_and_only_it(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, name: str, variable: str
) -> None:
    (port,) = free_ports(1)
    head, _, rest = os.environ[variable].rpartition(":")
    monkeypatch.setenv(variable, f"{head}:{port}{rest.lstrip('0123456789')}")
    checks = await examine(surroundings)
    assert found(checks) == [(name, name)]
    assert report(checks)["ok"] is False


async def test_a_task_queue_that_nobody_works_on_is_named(surroundings: Path) -> None:
    missing = [check for check in await examine(surroundings) if check.name == "temporal/worker"]
    assert [(check.code, check.ok, "paths" in check.sentence) for check in missing] == [("worker_missing", False, True)]


async def test_nats_that_acknowledges_before_it_writes_is_named(
    surroundings: Path, tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with unsynced_nats(tmp_path, servers.nats.secrets) as server:
        await provision(server.address, ADMIN, servers.nats.secrets.nats_admin, NODES)
        monkeypatch.setenv("NATS_URL", server.address)
        assert found(await examine(surroundings)) == [("nats_sync", "nats/sync")]


async def test_a_consumer_that_is_set_otherwise_is_named(surroundings: Path, servers: Servers) -> None:
    (spec,) = (spec for spec in stream_spec("cis").consumers if spec.durable == "referral")
    async with admin_of(servers.nats) as jetstream:
        await jetstream.add_consumer("EV_CIS", consumer_config(replace(spec, ack_wait=timedelta(seconds=7))))
        try:
            checks = await examine(surroundings)
        finally:
            await jetstream.add_consumer("EV_CIS", consumer_config(spec))
    assert found(checks) == [("road", "nats/EV_CIS")]
    (check,) = (check for check in checks if check.code == "road" and not check.ok)
    assert "EV_CIS.referral.ack_wait" in check.sentence


async def test_a_stream_that_is_nearly_full_is_named(surroundings: Path, servers: Servers) -> None:
    async with admin_of(servers.nats) as jetstream:
        for _ in range(9):
            await jetstream.publish("ev.pup.owes.referral.seen", b"x" * 1000, stream="EV_OWES")
        info = await jetstream.stream_info("EV_OWES")
        try:
            await jetstream.update_stream(info.config.evolve(max_bytes=info.state.bytes + 1000))
            checks = await examine(surroundings)
        finally:
            await jetstream.update_stream(info.config)
    assert found(checks) == [("nats_storage", "nats/EV_OWES")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fsync", "off"),
        ("full_page_writes", "off"),
        ("synchronous_commit", "local"),
        ("data_sync_retry", "on"),
        ("data_checksums", "off"),
    ],
)
def test_settings_of_postgresql_that_may_lose_a_write_are_named(name: str, value: str) -> None:
    safe = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}
    assert _unsafe(safe | {"data_sync_retry": "off", name: value}) == [f"{name}={value}"]
    assert _unsafe(safe | {"data_sync_retry": "off", "synchronous_commit": "remote_apply"}) == []


@pytest.mark.parametrize(("ahead", "ok"), [(1.9, True), (-1.9, True), (2.1, False), (-2.1, False)])
def test_clocks_may_differ_by_two_seconds_either_way(ahead: float, ok: bool) -> None:
    assert (_drift(ahead).code, _drift(ahead).ok) == ("clock", ok)
