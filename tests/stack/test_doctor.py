"""The doctor: calls healthy what is, names what is not, and says what to do."""

import json
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import nats as nats_py
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from contracts.subjects import stream_spec
from services.kit.broker import consumer_config
from services.kit.database import database_name
from stack import cli
from stack.doctor import Check, examine, report
from stack.findings import _sentences
from stack.institutions import ensure_directory
from stack.look_at_record import _drift, _unsafe
from stack.migrations import migrate
from stack.ports import free_ports
from stack.processes import process
from stack.provisioning import provision
from stack.record import PartRecord, StackRecord, write
from stack.secrets import ensure, secrets_path
from stack.servers.nats import ADMIN
from stack.troubles import OF_EVERY_SERVICE, OF_PATHS
from tests.kit.unsynced import unsynced_nats
from tests.servers import (
    NODES,
    EmbeddedServer,
    data_folder,
    running_nats,
    running_postgres,
    running_temporal,
)

SERVERS = {"nats": "NATS_URL", "postgres": "DATABASE_URL", "temporal": "TEMPORAL_ADDRESS"}
NOBODY_WORKS = ["temporal/worker"]
"""Wrong in all these tests: servers run, and no node."""


@dataclass(frozen=True)
class Servers:
    """Servers of this module's own, since its tests leave nothing in them as it was."""

    data: Path
    postgres: EmbeddedServer
    nats: EmbeddedServer
    temporal: EmbeddedServer


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def servers() -> AsyncIterator[Servers]:
    """All three, with databases and streams made."""
    with data_folder() as data:
        ensure_directory(data)
        async with running_postgres(data) as postgres, running_nats(data) as nats, running_temporal(data) as temporal:
            await migrate(postgres.address, NODES, postgres.secrets)
            await provision(nats.address, ADMIN, nats.secrets.nats_admin, NODES)
            yield Servers(data, postgres, nats, temporal)


@pytest.fixture
def nats_server(servers: Servers) -> EmbeddedServer:
    return servers.nats


@pytest.fixture
def surroundings(bare_environment: None, monkeypatch: pytest.MonkeyPatch, servers: Servers) -> Path:
    """An environment that names the running servers; the data folder with their passwords."""
    monkeypatch.setenv("DATABASE_URL", servers.postgres.address)
    monkeypatch.setenv("NATS_URL", servers.nats.address)
    monkeypatch.setenv("TEMPORAL_ADDRESS", servers.temporal.address)
    return servers.data


def _wrong(checks: tuple[Check, ...]) -> list[str]:
    return [check.name for check in checks if not check.ok and check.name not in NOBODY_WORKS]


def _found(checks: tuple[Check, ...]) -> list[tuple[str, str]]:
    return [(check.code, check.name) for check in checks if not check.ok and check.name not in NOBODY_WORKS]


# --- servers ---------------------------------------------------------------------------------------------------------


async def test_running_servers_are_healthy(surroundings: Path) -> None:
    checks = await examine(surroundings)
    names = {check.name for check in checks}
    assert {*SERVERS.keys() - {"temporal"}, "disk", "secrets.json", "nats/nats.conf", "nats/sync", "clock"} <= names
    assert {"nats/EV_CIS", "nats/storage", "ops/intake", "path/path"} <= names
    assert _wrong(checks) == []


@pytest.mark.parametrize(("name", "variable"), SERVERS.items())
async def test_server_that_does_not_answer_is_named_and_only_it(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, name: str, variable: str
) -> None:
    (port,) = free_ports(1)
    head, _, rest = os.environ[variable].rpartition(":")
    monkeypatch.setenv(variable, f"{head}:{port}{rest.lstrip('0123456789')}")
    checks = await examine(surroundings)
    assert _found(checks) == [(name, name)]
    assert report(checks)["ok"] is False


async def test_a_task_queue_that_nobody_works_on_is_named(surroundings: Path) -> None:
    missing = [check for check in await examine(surroundings) if check.name == "temporal/worker"]
    assert [(check.code, check.ok, "paths" in check.sentence) for check in missing] == [("worker_missing", False, True)]


async def test_nats_that_acknowledges_before_it_writes_is_named(
    surroundings: Path, tmp_path: Path, nats_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with unsynced_nats(tmp_path, nats_server.secrets) as server:
        await provision(server.address, ADMIN, nats_server.secrets.nats_admin, NODES)
        monkeypatch.setenv("NATS_URL", server.address)
        assert _found(await examine(surroundings)) == [("nats_sync", "nats/sync")]


async def test_a_consumer_that_is_set_otherwise_is_named(surroundings: Path, nats_server: EmbeddedServer) -> None:
    (spec,) = (spec for spec in stream_spec("cis").consumers if spec.durable == "referral")
    async with _jetstream(nats_server) as jetstream:
        await jetstream.add_consumer("EV_CIS", consumer_config(replace(spec, ack_wait=timedelta(seconds=7))))
        try:
            checks = await examine(surroundings)
        finally:
            await jetstream.add_consumer("EV_CIS", consumer_config(spec))
    assert _found(checks) == [("road", "nats/EV_CIS")]
    (check,) = (check for check in checks if check.code == "road" and not check.ok)
    assert "EV_CIS.referral.ack_wait" in check.sentence


async def test_a_stream_that_is_nearly_full_is_named(surroundings: Path, nats_server: EmbeddedServer) -> None:
    async with _jetstream(nats_server) as jetstream:
        for _ in range(9):
            await jetstream.publish("ev.pup.owes.referral.seen", b"x" * 1000, stream="EV_OWES")
        info = await jetstream.stream_info("EV_OWES")
        try:
            await jetstream.update_stream(info.config.evolve(max_bytes=info.state.bytes + 1000))
            checks = await examine(surroundings)
        finally:
            await jetstream.update_stream(info.config)
    assert _found(checks) == [("nats_storage", "nats/EV_OWES")]


@asynccontextmanager
async def _jetstream(server: EmbeddedServer) -> AsyncIterator[Any]:
    client = await nats_py.connect(server.address, user=ADMIN, password=server.secrets.nats_admin)
    try:
        yield client.jetstream()
    finally:
        await client.close()


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


async def test_events_that_were_signed_for_wait_for_nobody(surroundings: Path) -> None:
    written = [_HEAD, _WRITTEN.format(400, _SENT.format(310)), _RECEIPT]
    assert await _troubles_after(surroundings, "pup", "referral", written) == []


# --- what lies about -------------------------------------------------------------------------------------------------

_ENTERED = """
    insert into inbox (id, source, family, linkseq, body_hash, aggregate_id, version, state, received_at)
    values (gen_random_uuid(), 'ops', 'intake', 3, '', gen_random_uuid(), 1, '{}', now() - interval '{} seconds')
"""
_WRITTEN = """
    insert into outbox (id, target, subject, headers, body, linkseq, created_at, sent_at)
    values (gen_random_uuid(), 'cis', '', '{{}}', '', 5, now() - interval '{0} seconds', {1})
"""
_SENT = "now() - interval '{} seconds'"
_CURSOR = "insert into link_cursor (source, family, seq, hash) values ('ops', 'intake', 1, '')"
_HEAD = "insert into link_head (target, seq, hash) values ('cis', 5, '')"
_RECEIPT = "insert into link_receipt (target, seq, hash, at, token) values ('cis', 5, '', now(), '')"
_DEAD = """
    insert into dead_letter (id, stream_seq, subject, headers, body, cause, attempts, state)
    values (gen_random_uuid(), 1, '', '{{}}', '', '', 1, '{}')
"""
_ALARM = "insert into link_alarm (kind, source, target, family, seq) values ('{}', 'ops', 'pup', 'intake', 7)"

TROUBLES = {
    "relay_stuck": ([_WRITTEN.format(70, "null")], [_WRITTEN.format(50, "null")], ("70 s", "w kolejce 1")),
    "gap": (
        [_CURSOR, _ENTERED.format("applied", 70)],
        [_CURSOR, _ENTERED.format("applied", 50)],
        ("ops", "intake", ": 1."),
    ),
    "unreceipted": (
        [_HEAD, _WRITTEN.format(400, _SENT.format(310))],
        [_HEAD, _WRITTEN.format(400, _SENT.format(290))],
        ("cis", "310 s", "1 zdarzeń"),
    ),
    "parked": ([_ENTERED.format("parked", 610)], [_ENTERED.format("parked", 590)], ("wersję sprawy: 1", "610 s")),
    "unknown": ([_ENTERED.format("unknown", 0)], [_ENTERED.format("ignored", 0)], ("nie zna: 1",)),
    "dead_letters": ([_DEAD.format("dead")], [_DEAD.format("failing")], ("obsłużyć: 1",)),
    "chain_differs": ([_ALARM.format("chain_differs")], [], ("ops → pup", "numeru 7")),
    "reader_ahead": ([_ALARM.format("reader_ahead")], [], ("ops → pup", "numeru 7")),
    "cannot_replay": ([_ALARM.format("cannot_replay")], [], ("ops → pup", "zdarzenie 7")),
}

_PATH = """
    insert into path (id, version, stage, state, changed_at, checked_at)
    values ('00000000-0000-0000-0000-000000000001', 1, 'referred', '{}', now(), now())
"""
_FACT = """
    insert into fact (event_id, path_id, fact, received_at)
    values ('00000000-0000-0000-0000-000000000009', '00000000-0000-0000-0000-000000000001', '{{}}',
            now() - interval '{} seconds')
"""
_WAKE = """
    insert into wake (path_id, event_id)
    values ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000009')
"""
_REFERRAL = """
    insert into referral (id, path_id, kind, urgency, sender, receiver, status)
    values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 'kis', 'normal',
            'a', 'b', 'submitted')
"""
_DEADLINE = """
    insert into deadline (id, path_id, referral_id, rule, rule_version, calendar_version, basis, derivation, owner,
                          base_event, base_at, due_at)
    values ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000001',
            '00000000-0000-0000-0000-000000000002', '', '', '', '', '{}', '', '', now(), now())
"""
_EMISSION = """
    insert into emission (id, path_id, deadline_id, at, kind)
    values (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000003',
            now() - interval '{} seconds', 'missed')
"""
_LATE = [_PATH, _REFERRAL, _DEADLINE]

TROUBLES_OF_PATHS = {
    "facts_waiting": ([_PATH, _FACT.format(70), _WAKE], [_PATH, _FACT.format(50), _WAKE], ("Temporal: 1", "70 s")),
    "due_late": ([*_LATE, _EMISSION.format(310)], [*_LATE, _EMISSION.format(290)], ("310 s",)),
}


@pytest.mark.parametrize("code", TROUBLES)
async def test_what_lies_about_in_a_service_is_named_in_words(surroundings: Path, code: str) -> None:
    ill, sound, words = TROUBLES[code]
    (check,) = await _troubles_after(surroundings, "pup", "referral", ill)
    assert (check.code, check.name) == (code, "pup/referral")
    assert [word for word in words if word not in check.sentence] == []
    assert check.remedy
    assert await _troubles_after(surroundings, "pup", "referral", sound) == []


@pytest.mark.parametrize("code", TROUBLES_OF_PATHS)
async def test_what_is_late_at_the_path_node_is_named_in_words(surroundings: Path, code: str) -> None:
    ill, sound, words = TROUBLES_OF_PATHS[code]
    (check,) = await _troubles_after(surroundings, "path", "path", ill)
    assert (check.code, check.name) == (code, "path/path")
    assert [word for word in words if word not in check.sentence] == []
    assert await _troubles_after(surroundings, "path", "path", sound) == []


async def test_a_node_without_its_tables_is_named(surroundings: Path) -> None:
    async with _schema("pup", "referral") as connection:
        await connection.execute("alter table outbox rename to elsewhere")
        try:
            checks = await examine(surroundings)
        finally:
            await connection.execute("alter table elsewhere rename to outbox")
    assert _found(checks) == [("schema", "pup/referral")]


async def _troubles_after(data: Path, node: str, service: str, statements: list[str]) -> list[Check]:
    """What the doctor finds after these statements, which are then undone."""
    async with _schema(node, service) as connection:
        try:
            for statement in statements:
                await connection.execute(statement)
            return [check for check in await examine(data) if not check.ok and check.name not in NOBODY_WORKS]
        finally:
            tables = "outbox, inbox, link_head, link_cursor, link_receipt, link_alarm, dead_letter"
            await connection.execute(f"truncate {tables}{', path cascade' if service == 'path' else ''}")


@asynccontextmanager
async def _schema(node: str, service: str) -> AsyncIterator[Any]:
    url = make_url(os.environ["DATABASE_URL"]).set(database=database_name(node))
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute(f"set search_path = {service}")
        yield connection
    finally:
        await connection.close()


# --- words -----------------------------------------------------------------------------------------------------------


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def _wordings() -> Iterator[tuple[str, str, dict[str, str]]]:
    for code, texts in _sentences().items():
        for what, wording in texts.items():
            yield code, what, wording


@pytest.mark.parametrize(("code", "what", "wording"), list(_wordings()))
def test_every_sentence_is_there_in_both_languages(code: str, what: str, wording: dict[str, str]) -> None:
    assert wording.keys() == {"pl", "en"}
    assert all(wording.values())
    if code != "stack":  # whose Polish sentence comes with the error
        assert _placeholders(wording["pl"]) == _placeholders(wording["en"])


def test_whatever_can_be_wrong_has_a_remedy_and_every_trouble_its_sentence() -> None:
    sentences = _sentences()
    assert [code for code, texts in sentences.items() if "wrong" in texts and "remedy" not in texts] == []
    assert {trouble.code for trouble in OF_EVERY_SERVICE} == TROUBLES.keys()
    assert {trouble.code for trouble in OF_PATHS} == TROUBLES_OF_PATHS.keys()


def test_every_sentence_stands_in_the_documents_with_its_remedy() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [code for code, texts in _sentences().items() if "wrong" in texts and f"`{code}`" not in page] == []


# --- this computer ---------------------------------------------------------------------------------------------------


async def test_secrets_that_others_may_read_are_named(surroundings: Path) -> None:
    secrets_path(surroundings).chmod(0o644)
    try:
        assert _found(await examine(surroundings)) == [("private_file", "secrets.json")]
    finally:
        secrets_path(surroundings).chmod(0o600)


async def test_dead_process_and_unready_node_are_named(surroundings: Path) -> None:
    own = process(os.getpid())
    assert own is not None
    (port,) = free_ports(1)
    parts = [PartRecord(name=name, pid=own.pid, started=own.started) for name in (*NODES, "zygote")]
    parts[0] = PartRecord(name="ops", pid=own.pid, started=own.started - 3600)
    addresses = dict.fromkeys(("nats_url", "temporal_address", "database_url"), "")
    write(
        surroundings,
        StackRecord(pid=own.pid, created=own.started, port=port, parts=tuple(parts), **addresses),
    )
    try:
        wrong = _wrong(await examine(surroundings))
    finally:
        (surroundings / "stack.json").unlink()
    assert wrong == ["process/ops", *(f"{node}/ready" for node in ("path", "ops", "pup", "cis", "owes"))]


@pytest.mark.usefixtures("bare_environment")
def test_doctor_of_a_system_that_does_not_run_exits_with_1_and_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with data_folder() as data:
        ensure(data, NODES)
        monkeypatch.setattr(sys, "argv", ["sciezka", "doctor", "--json", "--data", str(data)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    (reason,) = [check for check in found["checks"] if not check["ok"]]
    assert (reason["code"], reason["sentence"]) == ("stack", f"Ścieżka nie działa na katalogu danych {data}.")
    assert reason["remedy"] == "Uruchom ją: sciezka up."
    assert reason["en"]["remedy"] == "Run: sciezka up."
