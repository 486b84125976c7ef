"""A container per service does what one process per node does: the same composition, cut along its services."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from contracts.subjects import PATH_NODE, schemas_of
from services.kit.keyring import ensure_keys
from services.kit.settings import Settings
from stack.compose import compose, make_base
from stack.institutions import ensure_directory
from stack.secrets import ensure
from stack.setup import all_nodes

NODES = ("ops", "pup", "cis", "owes")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    nodes = all_nodes(ensure_directory(folder))
    ensure_keys(folder, nodes)
    ensure(folder, nodes)
    return folder


def work(data: Path, node: str, parts: tuple[str, ...]) -> Counter[str]:
    """What a process with these parts reads from the broker and keeps doing. Nothing connects before it is run."""
    nowhere = {"NATS_URL": "nats://127.0.0.1:1", "TEMPORAL_ADDRESS": "127.0.0.1:1"}
    settings = Settings.model_validate(
        nowhere
        | {"SCIEZKA_DATA": data, "DATABASE_URL": "postgresql://127.0.0.1:1/postgres"}
        | {"EDGE_URL": "http://127.0.0.1:1"}
    )
    directory = ensure_directory(data)
    base = make_base(node, settings, directory, ensure(data, all_nodes(directory)))
    _, tasks = compose(base, parts)
    readers: list[Any] = list(base.broker.subscribers)
    loops: list[Any] = list(tasks)
    for loop in loops:
        loop.close()
    return Counter([*(str(reader.subject) for reader in readers), *(loop.__qualname__ for loop in loops)])


@pytest.mark.parametrize("node", NODES)
def test_services_one_by_one_do_together_what_the_node_does(data: Path, node: str) -> None:
    whole = work(data, node, schemas_of(node))
    alone = sum((work(data, node, (part,)) for part in schemas_of(node)), Counter())
    alone["Listener.run"] -= len(schemas_of(node)) - 1  # one a process
    assert alone == whole
    assert whole["Relay.run"] == 3


def test_every_node_of_institutions_is_looked_at(data: Path) -> None:
    assert {*NODES, PATH_NODE} == set(all_nodes(ensure_directory(data)))
