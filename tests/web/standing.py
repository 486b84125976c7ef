"""Where the focus is on a page, and answers kept back until somebody stands elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import ElementHandle, Page, Route

STANDS = "element => element === document.activeElement"
NAMELESS = """parts => [...document.querySelectorAll(parts)]
    .flatMap(part => [...part.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')])
    .filter(control => !control.id).map(control => control.outerHTML.slice(0, 120))"""
"""The controls of these parts that an exchange could take for another."""

_AT_A_PLACE = """part => !!document.activeElement.closest(part)
    && !document.activeElement.matches('a, button, input, select, textarea, summary')"""


@asynccontextmanager
async def held(page: Page, address: str) -> AsyncIterator[asyncio.Event]:
    """The next question of the page to this address is answered when the block is left, and was asked by then."""
    asked, free = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await free.wait()
        await route.continue_()

    await page.route(address, hold, times=1)
    yield asked
    await asyncio.wait_for(asked.wait(), 10)
    free.set()


async def focused(page: Page) -> ElementHandle:
    """The control that has the focus."""
    found = (await page.evaluate_handle("document.activeElement")).as_element()
    assert found is not None
    return found


async def is_at_a_place_within(page: Page, part: str) -> bool:
    """Whether the focus is within this part, and on nothing that a key would press or write into."""
    return bool(await page.evaluate(_AT_A_PLACE, part))
