"""Where commands find the servers: the environment first, then the record of what runs."""

import os
from pathlib import Path

import pytest

from stack.environment import DATABASE, NATS, TEMPORAL, export
from stack.errors import StackError
from stack.processes import process
from stack.record import StackRecord, write

pytestmark = pytest.mark.usefixtures("bare_environment")


def _record(data: Path, *, older: float = 0.0) -> None:
    """The record of an `up` that is this process, or one that started so many seconds before it had this pid."""
    own = process(os.getpid())
    assert own is not None
    record = StackRecord(
        pid=own.pid,
        created=own.started - older,
        port=8000,
        nats_url="nats://recorded:1",
        temporal_address="recorded:2",
        database_url="postgresql://recorded:3/postgres",
    )
    write(data, record)


def test_addresses_of_the_running_system_are_exported(tmp_path: Path) -> None:
    _record(tmp_path)
    export(tmp_path)
    found = [os.environ[name] for name in ("SCIEZKA_DATA", NATS, TEMPORAL, DATABASE)]
    assert found == [str(tmp_path), "nats://recorded:1", "recorded:2", "postgresql://recorded:3/postgres"]


def test_environment_wins_over_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _record(tmp_path)
    monkeypatch.setenv(NATS, "nats://given:1")
    export(tmp_path)
    assert (os.environ[NATS], os.environ[TEMPORAL]) == ("nats://given:1", "recorded:2")


def test_environment_alone_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NATS, TEMPORAL, DATABASE):
        monkeypatch.setenv(name, f"given-{name}")
    export(tmp_path)
    assert [os.environ[name] for name in (NATS, TEMPORAL, DATABASE)] == [
        f"given-{name}" for name in (NATS, TEMPORAL, DATABASE)
    ]


def test_record_of_an_ended_system_counts_for_nothing(tmp_path: Path) -> None:
    _record(tmp_path, older=3600.0)
    with pytest.raises(StackError, match="Ścieżka nie działa"):
        export(tmp_path)


def test_record_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    _record(tmp_path)
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600
