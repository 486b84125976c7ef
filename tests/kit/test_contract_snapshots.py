"""What other institutions were promised: the schema of every event version, and one example of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts import snapshot
from contracts.compatibility import breaking
from contracts.events import REGISTRY, Event
from contracts.snapshot import FOLDER, different, read_snapshot, write_missing

GOLDEN = FOLDER.parent / "golden"


def golden(kind: str) -> str:
    return (GOLDEN / f"{kind}.json").read_text(encoding="utf-8")


def leaves(value: Any) -> set[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values()))
    if isinstance(value, list):
        return set().union(*map(leaves, value))
    return {value} if isinstance(value, str) else set()


def test_every_event_version_has_a_snapshot_and_an_example_and_nothing_else_has() -> None:
    assert {file.name.removesuffix(".schema.json") for file in FOLDER.iterdir()} == set(REGISTRY)
    assert {file.name.removesuffix(".json") for file in GOLDEN.iterdir()} == set(REGISTRY)


@pytest.mark.parametrize("kind", REGISTRY)
def test_an_event_version_that_is_published_does_not_break(kind: str) -> None:
    reasons = breaking(read_snapshot(kind), REGISTRY[kind].model_json_schema())
    assert not reasons, f"{kind}: publish a v2 beside it instead, nodes still send and keep v1: {reasons}"


@pytest.mark.parametrize("kind", REGISTRY)
def test_the_snapshot_is_the_schema(kind: str) -> None:
    advice = (
        "a compatible change: delete the snapshot, run python -m contracts.snapshot, let the review see the difference"
    )
    assert REGISTRY[kind].model_json_schema() == read_snapshot(kind), advice


@pytest.mark.parametrize("kind", REGISTRY)
def test_the_example_reads_and_comes_back_the_same(kind: str) -> None:
    event = REGISTRY[kind].model_validate_json(golden(kind))
    assert event.model_dump(mode="json") == json.loads(golden(kind))
    assert set(json.loads(golden(kind))) == set(REGISTRY[kind].model_fields)


@pytest.mark.parametrize("kind", REGISTRY)
def test_an_event_of_a_newer_writer_with_one_field_more_is_read(kind: str) -> None:
    newer = json.loads(golden(kind)) | {"added_later": "x"}
    assert REGISTRY[kind].model_validate(newer) == REGISTRY[kind].model_validate_json(golden(kind))


@pytest.mark.parametrize("kind", REGISTRY)
def test_the_copy_for_the_path_node_holds_nothing_sealed(kind: str) -> None:
    event = REGISTRY[kind].model_validate_json(golden(kind))
    sealed = {value for value in leaves(json.loads(golden(kind))) if value.startswith("eyJ")}
    assert not sealed & leaves(event.without_seal().model_dump(mode="json"))


def test_some_examples_hold_something_sealed() -> None:
    assert sum("eyJ" in golden(kind) for kind in REGISTRY) >= 3


class _Registered(Event):
    """Stands for a new event type; it has no name, so that the real registry does not learn of it."""

    agency: str


class _Changed(Event):
    agency: int


NEW: dict[str, type[Event]] = {"pl.sciezka.path.new.v1": _Registered}
CHANGED: dict[str, type[Event]] = {"pl.sciezka.path.new.v1": _Changed}


def test_the_script_writes_what_is_missing_and_only_that(tmp_path: Path) -> None:
    assert write_missing(NEW, tmp_path) == ["pl.sciezka.path.new.v1"]
    assert read_snapshot("pl.sciezka.path.new.v1", tmp_path) == _Registered.model_json_schema()
    assert write_missing(NEW, tmp_path) == []
    assert different(NEW, tmp_path) == {}


def test_the_script_never_overwrites_and_says_what_would_break(tmp_path: Path) -> None:
    write_missing(NEW, tmp_path)
    assert write_missing(CHANGED, tmp_path) == []
    assert read_snapshot("pl.sciezka.path.new.v1", tmp_path) == _Registered.model_json_schema()
    assert different(CHANGED, tmp_path) == {"pl.sciezka.path.new.v1": ["agency: type changed"]}


def test_the_script_fails_and_advises_a_new_version_when_a_schema_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_missing(NEW, tmp_path)
    monkeypatch.setattr(snapshot, "REGISTRY", CHANGED)
    monkeypatch.setattr(snapshot, "different", lambda registry: different(registry, tmp_path))
    monkeypatch.setattr(snapshot, "write_missing", lambda registry: write_missing(registry, tmp_path))
    assert snapshot.main() == 1
    assert "publish a v2: agency: type changed" in capsys.readouterr().err
