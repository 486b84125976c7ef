"""The doctor: calls healthy what is, and names what is not."""

import json
import os
import sys
from pathlib import Path

import pytest

from stack import cli
from stack.doctor import Check, examine, report
from stack.institutions import ensure_directory
from stack.ports import free_ports
from stack.processes import process
from stack.record import PartRecord, StackRecord, write
from stack.secrets import ensure, secrets_path
from tests.servers import NODES, EmbeddedServer, data_folder

SERVERS = {"nats": "NATS_URL", "postgres": "DATABASE_URL", "temporal": "TEMPORAL_ADDRESS"}


@pytest.fixture
def surroundings(
    bare_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    server_data: Path,
    postgres_server: EmbeddedServer,
    nats_server: EmbeddedServer,
    temporal_server: EmbeddedServer,
) -> Path:
    """An environment that names the running servers; the data folder with their passwords."""
    monkeypatch.setenv("DATABASE_URL", postgres_server.address)
    monkeypatch.setenv("NATS_URL", nats_server.address)
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_server.address)
    ensure_directory(server_data)
    return server_data


def _wrong(checks: tuple[Check, ...]) -> list[str]:
    return [check.name for check in checks if not check.ok]


async def test_running_servers_are_healthy(surroundings: Path) -> None:
    checks = await examine(surroundings)
    assert {*SERVERS, "disk", "secrets.json", "nats/nats.conf"} <= {check.name for check in checks}
    assert report(checks)["ok"] is True


@pytest.mark.parametrize(("name", "variable"), SERVERS.items())
async def test_server_that_does_not_answer_is_named(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, name: str, variable: str
) -> None:
    (port,) = free_ports(1)
    head, _, rest = os.environ[variable].rpartition(":")
    monkeypatch.setenv(variable, f"{head}:{port}{rest.lstrip('0123456789')}")
    checks = await examine(surroundings)
    assert _wrong(checks) == [name]
    assert report(checks)["ok"] is False


async def test_secrets_that_others_may_read_are_named(surroundings: Path) -> None:
    secrets_path(surroundings).chmod(0o644)
    try:
        assert _wrong(await examine(surroundings)) == ["secrets.json"]
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
    (reason,) = [check["detail"] for check in found["checks"] if not check["ok"]]
    assert reason == f"Ścieżka nie działa na katalogu danych {data}. Uruchom ją: sciezka up."
