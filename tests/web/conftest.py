"""One browser and the desks of all nodes for the session; after each test no page may have misbehaved."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.nodes import Network
from tests.serving import serving
from tests.web.browser import chromium, must_be_there, running_browser
from tests.web.desks import Desks


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = chromium()
    if program is None:
        missing = "Chromium is not installed (apt-get install chromium): the desk was not tried in a browser"
        pytest.fail(missing) if must_be_there() else pytest.skip(missing)
    async with running_browser(program) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def all_desks(network: Network, browser: Browser) -> AsyncIterator[Desks]:
    async with serving(network.institutions) as urls:
        yield Desks(network, browser, urls)


@pytest.fixture
def desks(all_desks: Desks) -> AsyncIterator[Desks]:
    """The desks. A request to another host, a breach of the content policy, an error on a page fails the test."""
    all_desks.watches.clear()
    yield all_desks
    assert all_desks.faults == []
