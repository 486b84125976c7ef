"""Nodes in the test process, on real PostgreSQL and NATS, called over ASGI as any client would."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio
from starlette.types import ASGIApp

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

WAIT_SECONDS = 60.0
POLL_SECONDS = 0.05
TODAY = date(2026, 6, 1)
"""The day of the samples; the nodes themselves run on the real day, which is later."""

CHANCE = random.Random()


async def eventually(condition: Callable[[], Awaitable[Any]], *, within: float = WAIT_SECONDS) -> Any:
    """The first truthy answer of `condition`. Raises TimeoutError when there is none in time."""
    async with asyncio.timeout(within):
        while True:
            if answer := await condition():
                return answer
            await asyncio.sleep(POLL_SECONDS)


async def quickest(once: Callable[[], Awaitable[None]], *, within: float, tries: int = 3) -> float:
    """Seconds of the first try that was quick enough, else of the quickest: a busy machine tells nothing of ours."""
    taken: list[float] = []
    while len(taken) < tries and min(taken, default=within) >= within:
        begun = asyncio.get_running_loop().time()
        await once()
        taken.append(asyncio.get_running_loop().time() - begun)
    return min(taken)


@dataclass(frozen=True)
class Office:
    """One institution as a client of its node's API."""

    slug: str
    http: httpx2.AsyncClient
    directory: Directory

    async def create(self, receiver: str, /, **changes: Any) -> httpx2.Response:
        headers = changes.pop("headers", {})
        return await self.http.post("/referrals", json=self.body(receiver) | changes, headers=headers)

    def body(self, receiver: str) -> dict[str, Any]:
        """A referral of a fresh training person that passes every guard."""
        return body(self.directory, self.slug, receiver, TODAY, CHANCE)

    async def send(self, receiver: str, /, **changes: Any) -> dict[str, Any]:
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
    """All nodes of the demo counties, running. `apps`: what each serves, for tests that want it on a real port."""

    data: Path
    directory: Directory = field(repr=False)
    bases: dict[str, Base] = field(repr=False)
    apps: dict[str, ASGIApp] = field(repr=False)
    clients: dict[str, httpx2.AsyncClient] = field(repr=False)
    credentials: dict[str, dict[str, Any]] = field(repr=False)
    signed_in: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def office(self, slug: str, token: str | None = None, *, at: httpx2.AsyncClient | None = None) -> Office:
        """The institution as a client of its node, or of another application that serves it."""
        http = at or self.client_of(slug)
        headers = {"Authorization": f"Bearer {token or self.credentials[slug]['token']}"}
        client = httpx2.AsyncClient(transport=http._transport, base_url=http.base_url, headers=headers)
        return Office(slug, client, self.directory)

    async def person(self, slug: str, role: str) -> Office:
        """The institution as one of its people sees it, signed in with login and password, in this role there."""
        user = next(user for user in self.credentials[slug]["users"] if user["role"] == role)
        known = self.signed_in.get((slug, role))
        if known is None or (await self.office(slug, known).http.get("/session")).status_code != 200:
            signing_in = {key: user[key] for key in ("login", "password")} | {"post": {"agency": slug, "role": role}}
            answer = await self.client_of(slug).post("/session", json=signing_in)
            assert answer.status_code == 201, answer.text
            self.signed_in[slug, role] = answer.json()["token"]
        return self.office(slug, self.signed_in[slug, role])

    @asynccontextmanager
    async def without_training(self, slug: str) -> AsyncIterator[Office]:
        """The institution at an edge of its node that is no training stack, on the same database."""
        running = self.bases[self.directory[slug].node]
        settings = running.settings.model_copy(update={"training": False})
        base = make_base(running.node, settings, running.directory, running.secrets)
        app, tasks = compose(base, ("edge",))
        for task in tasks:
            task.close()
        try:
            yield self.office(slug, at=_client(app))
        finally:
            await base.close()

    @property
    def institutions(self) -> dict[str, ASGIApp]:
        """The applications of the nodes that have institutions."""
        return {node: app for node, app in self.apps.items() if node != "path"}

    def client_of(self, slug: str) -> httpx2.AsyncClient:
        """The API of the institution's node, without a token."""
        return self.clients[self.directory[slug].node]


async def _run_node(stack: AsyncExitStack, base: Base, composed: Any) -> ASGIApp:
    app: ASGIApp
    app, tasks = composed
    await base.connect()
    stack.push_async_callback(base.close)
    running = [asyncio.create_task(task) for task in tasks]

    async def end() -> None:
        for task in running:
            task.cancel()
        ended, lingering = await asyncio.wait(running, timeout=WAIT_SECONDS)
        assert not lingering
        assert [task for task in ended if not task.cancelled()] == []

    stack.push_async_callback(end)
    return app


def _client(app: ASGIApp) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://node/api/v1")


@asynccontextmanager
async def running_network(data: Path) -> AsyncIterator[Network]:
    """Every node of the directory and the path node in this process."""
    settings, directory, secrets = Settings(), read_directory(data), read_secrets(data)
    async with AsyncExitStack() as stack:
        bases, apps = {}, {}
        for node in directory.nodes:
            base = make_base(node, settings, directory, secrets)
            apps[node] = await _run_node(stack, base, compose(base, ("edge", "intake", "referral", "paths", "desk")))
            bases[node] = base
        path = make_base("path", settings, directory, secrets)
        apps["path"] = await _run_node(stack, path, compose_path(path))
        bases["path"] = path
        clients = {node: _client(app) for node, app in apps.items()}
        yield Network(data, directory, bases, apps, clients, read_credentials(data))


async def settle(data: Path, postgres: EmbeddedServer, nats: EmbeddedServer, temporal: EmbeddedServer) -> None:
    """Tell this process where the servers are, and prepare them and the data folder for nodes."""
    os.environ |= {
        "SCIEZKA_DATA": str(data),
        "SCIEZKA_TRAINING": "1",
        "NATS_URL": nats.address,
        "DATABASE_URL": postgres.address,
        "TEMPORAL_ADDRESS": temporal.address,
    }
    await prepare(data, dict.fromkeys(("ops", "pup", "cis", "owes"), "http://node"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def network(
    server_data: Path, postgres_server: EmbeddedServer, nats_server: EmbeddedServer, temporal_server: EmbeddedServer
) -> AsyncIterator[Network]:
    await settle(server_data, postgres_server, nats_server, temporal_server)
    async with running_network(server_data) as running:
        yield running
