"""Two ways to do the same at a page: with mouse and keyboard, or with the keyboard alone."""

from typing import Protocol

from playwright.async_api import Locator, Page, expect

from tests.web.effort import Effort, keystrokes_of

MOST_TABS = 120
"""A control that so many Tabs do not reach is out of reach."""

_IS_FOCUSED = "element => element === document.activeElement"
_LIES_BEFORE_FOCUS = """element => document.activeElement !== document.body
    && !!(document.activeElement.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING)"""
_IS_TYPING = "() => document.activeElement.matches('input, textarea, select')"
_SAME_GROUP = """element => document.activeElement.type === 'radio' && document.activeElement.name === element.name"""
_STEPS_IN_GROUP = """element => {
    const group = [...document.getElementsByName(element.name)].filter(one => one.type === 'radio' && !one.disabled);
    return group.indexOf(element) - group.indexOf(document.activeElement);
}"""
_STEPS_IN_LIST = """(element, label) =>
    [...element.options].findIndex(option => option.label.trim() === label) - element.selectedIndex"""
_MAY_SKIP = """element => document.activeElement === document.body && element.closest('main') !== null
    && document.querySelector('a.govuk-skip-link') !== null"""


class Hands(Protocol):
    """How a person operates a control. Each method is one action of the person's."""

    async def press(self, target: Locator) -> None:
        """A button, a link, a heading that opens."""
        ...

    async def write(self, target: Locator, text: str) -> None:
        """Fill a field; what stood there goes."""
        ...

    async def tick(self, target: Locator) -> None:
        """A tick box or a radio button."""
        ...

    async def pick(self, target: Locator, option: str) -> None:
        """An option of a list, by its label."""
        ...


class Mouse:
    """A hand that goes to the mouse for every control, and back to the keyboard for text."""

    def __init__(self, page: Page, effort: Effort) -> None:
        self._page = page
        self._effort = effort
        self._at_mouse = True

    async def press(self, target: Locator) -> None:
        self._effort.actions += 1
        self._to_mouse()
        await target.click()

    async def write(self, target: Locator, text: str) -> None:
        await self.press(target)
        self._to_keyboard()
        self._effort.typed += 1
        await _replace(self._page, target, text, self._effort)

    async def tick(self, target: Locator) -> None:
        """The label is clicked: it is the larger target, and the box itself lies under its picture."""
        self._effort.actions += 1
        self._to_mouse()
        label = self._page.locator(f'label[for="{await target.get_attribute("id")}"]').first
        await label.evaluate("element => element.scrollIntoView({block: 'center'})")
        await label.click()

    async def pick(self, target: Locator, option: str) -> None:
        """The list is opened and the option clicked: two clicks. Headless Chromium draws no list, so it is chosen."""
        self._effort.actions += 1
        self._to_mouse()
        self._to_mouse()
        await target.select_option(label=option)

    def _to_mouse(self) -> None:
        self._effort.homings += not self._at_mouse
        self._at_mouse = True
        self._effort.clicks += 1

    def _to_keyboard(self) -> None:
        self._effort.homings += self._at_mouse
        self._at_mouse = False


class Keyboard:
    """Tab, arrows, Space, Enter, text and the keys of a page; never a click. The skip link is used as practised do.

    No key is pressed while the page waits for a part of itself: time in which the system works is left out. What comes
    of a key that is quicker is tried in test_staying*.py.
    """

    def __init__(self, page: Page, effort: Effort) -> None:
        self._page = page
        self._effort = effort

    async def press(self, target: Locator) -> None:
        """With the key that the page offers for it, where it does and no text is being typed; else on foot."""
        self._effort.actions += 1
        await target.wait_for()
        if (key := await target.get_attribute("data-key")) and not await self._page.evaluate(_IS_TYPING):
            await self._key(key)
        else:
            await self._reach(target)
            await self._key("Enter")

    async def write(self, target: Locator, text: str) -> None:
        self._effort.actions += 1
        self._effort.typed += 1
        await self._reach(target)
        await _replace(self._page, target, text, self._effort)

    async def tick(self, target: Locator) -> None:
        self._effort.actions += 1
        if await target.get_attribute("type") == "radio":
            await self._reach(target, _SAME_GROUP)
            steps = await target.evaluate(_STEPS_IN_GROUP)
            for _ in range(abs(steps)):
                await self._key("ArrowDown" if steps > 0 else "ArrowUp")
        else:
            await self._reach(target)
        if not await target.is_checked() or await target.get_attribute("type") == "checkbox":
            await self._key("Space")

    async def pick(self, target: Locator, option: str) -> None:
        self._effort.actions += 1
        await self._reach(target)
        steps = await target.evaluate(_STEPS_IN_LIST, option)
        for _ in range(abs(steps)):
            await self._key("ArrowDown" if steps > 0 else "ArrowUp")
        assert await target.evaluate("element => element.selectedOptions[0].label.trim()") == option

    async def _reach(self, target: Locator, reached: str = _IS_FOCUSED) -> None:
        """Move the focus to the control. Raises AssertionError when the keyboard does not get there."""
        await target.wait_for()
        await self._rest()
        if await target.evaluate(_MAY_SKIP):
            await self._key("Tab")
            await self._key("Enter")
        back = await target.evaluate(_LIES_BEFORE_FOCUS)
        for _ in range(MOST_TABS):
            if await target.evaluate(reached):
                await self._rest()
                return
            await self._key("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not reach {target}")

    async def _rest(self) -> None:
        await expect(self._page.locator(".htmx-request")).to_have_count(0)

    async def _key(self, key: str) -> None:
        await self._rest()
        self._effort.keystrokes += len(key.split("+"))
        await self._page.keyboard.press(key)


async def _replace(page: Page, target: Locator, text: str, effort: Effort) -> None:
    if await target.input_value():
        effort.keystrokes += 2
        await page.keyboard.press("Control+A")
    effort.keystrokes += keystrokes_of(text)
    await page.keyboard.type(text)
