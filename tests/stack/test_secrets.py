"""Passwords of the embedded servers: made once, kept private, completed for what is new."""

import stat
from pathlib import Path

import pytest

from contracts.subjects import schemas_of
from stack.errors import StackError
from stack.secrets import ensure, read, secrets_path


def test_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    ensure(tmp_path, ["ops", "path"])
    assert stat.S_IMODE(secrets_path(tmp_path).stat().st_mode) == 0o600


def test_every_user_and_every_role_has_a_password_of_its_own(tmp_path: Path) -> None:
    nodes = ("ops", "cis", "path")
    secrets = ensure(tmp_path, nodes)
    roles = [secrets.database_password(node, schema) for node in nodes for schema in schemas_of(node)]
    passwords = [secrets.postgres_admin, secrets.nats_admin, *(secrets.nats_password(node) for node in nodes), *roles]
    assert len(set(passwords)) == len(passwords)
    assert all(len(password) >= 32 for password in passwords)


def test_second_call_changes_nothing(tmp_path: Path) -> None:
    first = ensure(tmp_path, ["ops"])
    written = secrets_path(tmp_path).stat().st_mtime_ns
    assert ensure(tmp_path, ["ops"]) == first == read(tmp_path)
    assert secrets_path(tmp_path).stat().st_mtime_ns == written


def test_new_node_is_added_and_known_passwords_stay(tmp_path: Path) -> None:
    before = ensure(tmp_path, ["ops"])
    after = ensure(tmp_path, ["pup"])
    assert after.nodes == ("ops", "pup")
    assert after.nats_password("ops") == before.nats_password("ops")
    assert after.database["ops"] == before.database["ops"]
    assert after.postgres_admin == before.postgres_admin


def test_nothing_secret_is_shown(tmp_path: Path) -> None:
    secrets = ensure(tmp_path, ["ops"])
    assert secrets.nats_password("ops") not in f"{secrets!r} {secrets}"
    assert secrets.postgres_admin not in f"{secrets!r} {secrets}"


def test_damaged_file_is_told_without_quoting_it(tmp_path: Path) -> None:
    secrets_path(tmp_path).write_text('{"postgres_admin": "quoted-secret"', encoding="utf-8")
    with pytest.raises(StackError, match="jest uszkodzony") as refused:
        ensure(tmp_path, ["ops"])
    assert "quoted-secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_missing_file_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(StackError) as refused:
        read(tmp_path)
    assert refused.value.remedy == "Uruchom najpierw: sciezka up."
