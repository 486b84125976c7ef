"""The desks of all nodes on real ports, over the nodes of the test session, and people who sit down at them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from playwright.async_api import Browser, BrowserContext
from starlette.types import ASGIApp

from services.desk.visitors import cookie_name
from stack.institutions import read_directory
from stack.ports import free_ports
from tests.nodes import Network
from tests.web.browser import Watch
from tests.web.person import Person, Way

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Leaves signals to pytest."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Desks:
    """`urls`: by node. `watches`: over everybody who sat down in this test."""

    network: Network
    browser: Browser
    urls: dict[str, str]
    watches: list[Watch] = field(default_factory=list)

    @asynccontextmanager
    async def person(
        self, slug: str, role: str, way: Way = "mouse", *, language: str = "pl", signed_in: bool = True, **context: Any
    ) -> AsyncIterator[Person]:
        """Somebody of this institution, already signed in, at an empty page. `context`: as Playwright takes it."""
        node = read_directory(self.network.data)[slug].node
        watch = Watch(tuple(self.urls.values()))
        opened = await self.browser.new_context(locale={"pl": "pl-PL", "en": "en-GB"}[language], **context)
        watch.over(opened)
        self.watches.append(watch)
        if signed_in:
            office = await self.network.person(slug, role)
            token = office.http.headers["Authorization"].removeprefix("Bearer ")
            await set_cookie(opened, cookie_name(node), token)
        person = Person(await opened.new_page(), self.urls[node], way, watch)
        try:
            yield person
        except Exception as error:
            error.add_note(await person.told())
            raise
        finally:
            await opened.close()

    @property
    def faults(self) -> list[str]:
        return [fault for watch in self.watches for fault in watch.faults]


async def set_cookie(context: BrowserContext, name: str, value: str) -> None:
    """As the desk sets it. A cookie of this name must come from https, which browsers grant to this machine itself."""
    await context.add_cookies([{"name": name, "value": value, "url": f"https://{HOST}", "secure": True}])


@asynccontextmanager
async def serving(apps: dict[str, ASGIApp]) -> AsyncIterator[dict[str, str]]:
    """These applications on free ports of this machine, in this loop. Addresses by name."""
    ports = dict(zip(apps, free_ports(len(apps)), strict=True))
    async with AsyncExitStack() as stack:
        for name, app in apps.items():
            await stack.enter_async_context(_served(app, ports[name]))
        yield {name: f"http://{HOST}:{port}" for name, port in ports.items()}


@asynccontextmanager
async def _served(app: ASGIApp, port: int) -> AsyncIterator[None]:
    server = _Server(
        uvicorn.Config(
            app, host=HOST, port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await running
