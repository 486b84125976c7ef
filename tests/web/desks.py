"""The desks of all nodes, over the nodes of the test session, and people who sit down at them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext

from services.desk.visitors import cookie_name
from tests.nodes import Network
from tests.serving import HOST
from tests.web.browser import Watch
from tests.web.person import Person, Way


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
        node = self.network.directory[slug].node
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
