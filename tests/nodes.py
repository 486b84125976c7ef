"""Nodes in the test process, on real PostgreSQL and NATS, called over ASGI as any client would."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio

from contracts.directory import Directory
from services.kit.settings import Settings
from stack.compose import Base, compose, make_base
from stack.credentials import read_credentials
from stack.institutions import read_directory
from stack.path_node import compose_path
from stack.sample import body
from stack.secrets import read as read_secrets
from stack.setup import prepare
from tests.servers import EmbeddedServer

WAIT_SECONDS = 20.0
TODAY = date(2026, 6, 1)
"""The day of the samples; the nodes themselves run on the real day, which is later."""

CHANCE = random.Random()


async def eventually(condition: Callable[[], Awaitable[Any]], *, within: float = WAIT_SECONDS) -> Any:
    """The first truthy answer of `condition`. Raises TimeoutError when there is none in time."""
    async with asyncio.timeout(within):
        while not (answer := await condition()):
            await asyncio.sleep(0.02)
        return answer


@dataclass(frozen=True)
class Office:
    """One institution as a client of its node's API."""

    slug: str
    http: httpx2.AsyncClient
    directory: Directory

    async def create(self, receiver: str, **changes: Any) -> httpx2.Response:
        headers = changes.pop("headers", {})
        return await self.http.post("/referrals", json=self.body(receiver) | changes, headers=headers)

    def body(self, receiver: str) -> dict[str, Any]:
        """A referral of a fresh training person that passes every guard."""
        return body(self.directory, self.slug, receiver, TODAY, CHANCE)

    async def send(self, receiver: str, **changes: Any) -> dict[str, Any]:
        response = await self.create(receiver, **changes)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    async def get(self, referral_id: str) -> dict[str, Any] | None:
        response = await self.http.get(f"/referrals/{referral_id}")
        return response.json() if response.status_code == 200 else None

    async def act(self, referral_id: str, action: str, **body: Any) -> httpx2.Response:
        return await self.http.post(f"/referrals/{referral_id}/actions/{action}", json=body)

    async def has(self, referral_id: str, **wanted: Any) -> dict[str, Any]:
        """The referral once this institution sees it like that."""

        async def seen() -> dict[str, Any] | None:
            found = await self.get(referral_id)
            return found if found and all(found[key] == value for key, value in wanted.items()) else None

        found: dict[str, Any] = await eventually(seen)
        return found


@dataclass
class Network:
    """All nodes of the demo counties, running."""

    data: Path
    bases: dict[str, Base]
    clients: dict[str, httpx2.AsyncClient]
    credentials: dict[str, dict[str, Any]]

    def office(self, slug: str, token: str | None = None) -> Office:
        directory = read_directory(self.data)
        http = self.clients[directory[slug].node]
        headers = {"Authorization": f"Bearer {token or self.credentials[slug]['token']}"}
        client = httpx2.AsyncClient(transport=http._transport, base_url=http.base_url, headers=headers)
        return Office(slug, client, directory)


async def _run_node(stack: AsyncExitStack, base: Base, composed: Any) -> httpx2.AsyncClient:
    app, tasks = composed
    await base.connect()
    stack.push_async_callback(base.close)
    running = [asyncio.create_task(task) for task in tasks]

    async def end() -> None:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    stack.push_async_callback(end)
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://node/api/v1")


@asynccontextmanager
async def running_network(data: Path) -> AsyncIterator[Network]:
    """Every node of the directory and the path node in this process."""
    settings, directory, secrets = Settings(), read_directory(data), read_secrets(data)
    async with AsyncExitStack() as stack:
        bases, clients = {}, {}
        for node in directory.nodes:
            base = make_base(node, settings, directory, secrets)
            clients[node] = await _run_node(stack, base, compose(base, ("edge", "intake", "referral", "paths")))
            bases[node] = base
        path = make_base("path", settings, directory, secrets)
        clients["path"] = await _run_node(stack, path, compose_path(path))
        bases["path"] = path
        yield Network(data, bases, clients, read_credentials(data))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def network(
    server_data: Path, postgres_server: EmbeddedServer, nats_server: EmbeddedServer, temporal_server: EmbeddedServer
) -> AsyncIterator[Network]:
    os.environ |= {
        "SCIEZKA_DATA": str(server_data),
        "SCIEZKA_TRAINING": "1",
        "NATS_URL": nats_server.address,
        "DATABASE_URL": postgres_server.address,
        "TEMPORAL_ADDRESS": temporal_server.address,
    }
    await prepare(server_data, dict.fromkeys(("ops", "pup", "cis", "owes"), "http://node"))
    async with running_network(server_data) as running:
        yield running
