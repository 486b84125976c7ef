"""What operators ask of a node: alive, ready, its numbers, its events. None of it tells a secret."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from tests.nodes import Network

NODES = ("ops", "pup", "cis", "owes")


async def _get(network: Network, node: str, path: str) -> Any:
    return await network.clients[node].get(f"http://node{path}")


@pytest.mark.parametrize("node", NODES)
async def test_a_node_is_alive_and_ready(network: Network, node: str) -> None:
    health, ready = await _get(network, node, "/health"), await _get(network, node, "/ready")
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "missing": []})


@pytest.mark.parametrize("node", NODES)
async def test_the_numbers_of_each_service_are_there_in_prometheus_format(network: Network, node: str) -> None:
    answer = await _get(network, node, "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    for name in ("sciezka_outbox_unsent", "sciezka_inbox_parked", "sciezka_dead_letters"):
        for service in ("intake", "referral", "paths"):
            (line,) = (
                line
                for line in answer.text.splitlines()
                if line.startswith(f'{name}{{node="{node}",service="{service}"}} ')
            )
            assert float(line.rpartition(" ")[2]) >= 0


def _references(part: Any) -> list[str]:
    """Every `$ref` in a document."""
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in _references(value)]
    return [found for value in part for found in _references(value)] if isinstance(part, list) else []


def _resolve(document: Any, reference: str) -> Any:
    assert reference.startswith("#/"), reference
    for key in reference[2:].split("/"):
        document = document[unquote(key).replace("~1", "/").replace("~0", "~")]
    return document


@pytest.mark.parametrize("node", NODES)
async def test_asyncapi_describes_the_events_a_node_reads(network: Network, node: str) -> None:
    answer = await _get(network, node, "/asyncapi")
    document = json.loads(answer.text)
    assert (answer.status_code, document["asyncapi"], document["info"]["title"]) == (200, "3.0.0", f"Ścieżka: {node}")
    assert document["channels"]
    assert {operation["action"] for operation in document["operations"].values()} == {"receive"}
    for reference in _references(document):
        assert _resolve(document, reference) is not None
    for event in ("referral_submitted", "accepted", "declined", "withdrawn", "request_refused", "advanced"):
        assert event in answer.text.lower() or event.title().replace("_", "") in answer.text


@pytest.mark.parametrize("node", NODES)
async def test_nothing_for_operators_names_a_secret(network: Network, node: str) -> None:
    secrets = network.bases[node].secrets
    hidden = {secrets.postgres_admin, secrets.nats_admin, *secrets.nats.values()}
    hidden |= {password for services in secrets.database.values() for password in services.values()}
    hidden |= {entry["token"] for entry in network.credentials.values()}
    for path in ("/health", "/ready", "/metrics", "/asyncapi", "/openapi.json", "/docs"):
        answer = await _get(network, node, path)
        assert answer.status_code == 200
        assert not [secret for secret in hidden if secret in answer.text]
