"""A person at a desk: acts by the words that stand on the screen, and is counted while acting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.web.browser import Watch
from tests.web.effort import Effort
from tests.web.hands import Hands, Keyboard, Mouse

PATIENCE_MS = 20_000
"""How long something that must show up is waited for, on a machine that is busy with other tests."""

_FIELDS = """() => [...new Set([...document.querySelectorAll('main form :is(input, select, textarea)')]
    .filter(field => !['hidden', 'submit', 'button'].includes(field.type) && !field.disabled)
    .filter(field => field.checkVisibility({visibilityProperty: true}))
    .map(field => field.closest('.govuk-date-input')?.id || field.name || field.id))]"""

Way = Literal["mouse", "keyboard"]


class Person:
    """One browser tab of one signed-in person. Every doing is waited for until its page or its part is there."""

    def __init__(self, page: Page, base: str, way: Way, watch: Watch) -> None:
        self.page = page
        self.base = base
        self.way: Way = way
        self.watch = watch
        self.effort = Effort()
        self.begin()
        page.set_default_timeout(PATIENCE_MS)
        page.on("domcontentloaded", lambda _: self._turn())

    def begin(self) -> Effort:
        """Count from here."""
        self.effort = Effort()
        self.hands: Hands = (Mouse if self.way == "mouse" else Keyboard)(self.page, self.effort)
        return self.effort

    async def opens(self, path: str) -> None:
        """Go to an address of the desk, from a bookmark or by hand. Raises AssertionError when the desk breaks."""
        answer = await self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status < 500, f"{path} was answered with {answer.status}"

    async def press(self, name: str, *, inside: str | None = None) -> None:
        """A button or a link after which another page comes; `inside`: of the row or card with this text."""
        await self._leave(self._control(name, inside).first)

    async def touch(self, name: str, *, inside: str | None = None) -> None:
        """A button, a link or a heading that changes a part of this page."""
        heading = self._place(inside).locator("summary", has_text=name).filter(visible=True)
        await self.hands.press(heading.or_(self._control(name, inside)).first)

    async def fill(self, label: str, text: str) -> None:
        """A line or a box of text."""
        await self.hands.write(self.field(label), text)

    async def choose(self, label: str, option: str) -> None:
        """An option of a list, or of a group of radio buttons under this legend."""
        group = self.page.get_by_role("group", name=label, exact=True)
        if await group.count():
            await self.hands.tick(group.get_by_label(option, exact=True).first)
        else:
            await self.hands.pick(self.field(label), option)

    async def tick(self, label: str) -> None:
        """A tick box."""
        await self.hands.tick(self.field(label))

    async def attach(self, label: str, file: Path) -> None:
        """A file, from the window of the system that the control opens."""
        async with self.page.expect_file_chooser() as chooser:
            await self.hands.press(self.field(label))
        await (await chooser.value).set_files(file)

    async def download(self, link: str) -> bytes:
        """The file behind a link."""
        async with self.page.expect_download() as download:
            await self.hands.press(self._control(link, None).first)
        return await asyncio.to_thread((await (await download.value).path()).read_bytes)

    async def sees(self, text: str, *, within: float = PATIENCE_MS / 1000) -> None:
        """Raises AssertionError when this text does not show up in so many seconds."""
        shown = self.page.get_by_text(text).filter(visible=True)
        await expect(shown.first).to_be_visible(timeout=within * 1000)

    async def misses(self, text: str) -> None:
        """Raises AssertionError when this text does not go in time."""
        await expect(self.page.get_by_text(text)).to_have_count(0, timeout=PATIENCE_MS)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True).first

    async def value(self, label: str) -> str:
        """What stands in a field."""
        return await self.field(label).input_value()

    @asynccontextmanager
    async def another_tab(self) -> AsyncIterator["Person"]:
        """The same person in a second tab, that closes after."""
        page = await self.page.context.new_page()
        yield Person(page, self.base, self.way, self.watch)
        await page.close()

    async def told(self) -> str:
        """What stands on the page, for whoever reads of a failure."""
        return f"{self.page.url}\n{await self.page.inner_text('body')}"

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def _control(self, name: str, inside: str | None) -> Locator:
        place = self._place(inside)
        named = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        return named.filter(visible=True)

    def _place(self, inside: str | None) -> Locator:
        """The innermost row, card or list item that has this text."""
        if inside is None:
            return self.page.locator("body")
        return self.page.locator("tr, li, article, section, .govuk-summary-card").filter(has_text=inside).last

    async def _leave(self, target: Locator) -> None:
        self.effort.shown |= set(await self.page.evaluate(_FIELDS))
        async with self.page.expect_event("load", timeout=PATIENCE_MS):
            await self.hands.press(target)

    def _turn(self) -> None:
        self.effort.pages += 1


def copy_of(effort: Effort) -> Effort:
    """As it was at this moment."""
    return replace(effort, shown=set(effort.shown))
