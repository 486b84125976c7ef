"""The doctor at this computer: files, processes, and a system that does not run."""

import json
import os
import sys
from pathlib import Path

import pytest

from stack import cli
from stack.doctor import examine
from stack.ports import free_ports
from stack.processes import process
from stack.record import PartRecord, StackRecord, write
from stack.secrets import ensure, secrets_path
from tests.servers import NODES, data_folder
from tests.stack.doctors import found, ill


async def test_secrets_that_others_may_read_are_named(surroundings: Path) -> None:
    secrets_path(surroundings).chmod(0o644)
    try:
        assert found(await examine(surroundings)) == [("private_file", "secrets.json")]
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
        wrong = [check.name for check in ill(await examine(surroundings))]
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
