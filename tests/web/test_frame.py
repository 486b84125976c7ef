"""What stands around every page, tried by the keyboard: where it is can be seen, nothing lies over it, menus let go."""

from playwright.async_api import Page

from tests.web.desks import Desks

MOST_STOPS = 80
_STOP = """() => {
    const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect()
    if (here === document.body) return null
    // A tick box is drawn by its label, which shows the focus for it.
    const drawn = here.matches('[type=checkbox], [type=radio]') ? getComputedStyle(here.labels[0], '::before') : style
    const shown = drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) >= 2 || drawn.boxShadow !== 'none'
    const within = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight + 1 && box.right <= innerWidth + 1
    const over = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + box.height / 2)
    const itself = over && (here.contains(over) || over.contains(here) || [...(here.labels ?? [])].includes(over))
    return {what: here.outerHTML.slice(0, 120), shown, within, free: Boolean(itself)}
}"""


async def _faults_at_each_stop(page: Page) -> list[str]:
    """What is wrong where the keyboard stops, from where it is to the end of the page."""
    faults, stops = [], 0
    for _ in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_STOP)
        if stop is None:
            break
        stops += 1
        faults += [f"{name}: {stop['what']}" for name in ("shown", "within", "free") if not stop[name]]
    assert stops > 5, f"only {stops} stops"
    return faults


async def test_where_the_keyboard_is_can_be_seen_and_nothing_lies_over_it(desks: Desks) -> None:
    async with desks.person("ops-tychy", "OPS_HEAD") as head:
        for address in ("/help", "/work", "/referrals/new", "/applications/new"):
            for size in ({"width": 1366, "height": 768}, {"width": 320, "height": 568}):
                await head.page.set_viewport_size(size)  # type: ignore[arg-type]
                await head.opens(address)
                await head.page.locator(".govuk-skip-link").focus()  # some pages begin in a field
                assert await _faults_at_each_stop(head.page) == [], f"{address} at {size['width']}"


async def test_first_stop_leads_past_the_frame_into_the_page(desks: Desks) -> None:
    async with desks.person("ops-tychy", "OPS_HEAD") as head:
        await head.opens("/help")
        await head.page.keyboard.press("Tab")
        await head.page.keyboard.press("Enter")
        assert await head.page.evaluate("document.activeElement.id") == "main"


async def test_menu_opens_and_lets_go_by_the_keyboard(desks: Desks) -> None:
    async with desks.person("ops-tychy", "OPS_HEAD") as head:
        await head.opens("/help")
        summary = head.page.locator(".sciezka-menu summary")
        await summary.focus()
        await head.page.keyboard.press("Enter")
        assert await head.page.get_by_role("button", name="Wyloguj się").is_visible()
        await head.page.keyboard.press("Tab")
        await head.page.keyboard.press("Escape")
        assert not await head.page.get_by_role("button", name="Wyloguj się").is_visible()
        assert await summary.evaluate("element => element === document.activeElement")


async def test_single_keys_are_listed_and_can_be_switched_off_for_good(desks: Desks) -> None:
    async with desks.person("ops-tychy", "OPS_HEAD") as head:
        await head.opens("/work")
        dialog = head.page.locator("#shortcuts")
        await head.page.keyboard.press("?")
        assert "Nowe skierowanie" in await dialog.inner_text()
        await dialog.get_by_label("Pojedyncze klawisze działają na tym komputerze").focus()
        await head.page.keyboard.press("Space")
        await head.page.keyboard.press("Escape")
        for _ in range(2):  # also after the page came anew
            await head.page.keyboard.press("?")
            await head.page.keyboard.press("s")
            assert not await dialog.is_visible()
            assert head.page.url.endswith("/work")
            await head.page.reload()


async def test_single_keys_leave_alone_what_is_typed(desks: Desks) -> None:
    async with desks.person("ops-tychy", "OPS_HEAD") as head:
        await head.opens("/referrals/new")
        await head.page.locator("#who").press_sequentially("ss?")
        assert await head.page.locator("#who").input_value() == "ss?"
        assert not await head.page.locator("#shortcuts").is_visible()


async def test_without_scripts_every_place_is_in_sight_on_a_narrow_screen(desks: Desks) -> None:
    narrow = {"width": 390, "height": 844}
    async with desks.person("ops-tychy", "OPS_HEAD", java_script_enabled=False, viewport=narrow) as head:
        await head.opens("/help")
        places = head.page.get_by_role("navigation", name="Strony").get_by_role("link")
        assert await places.count() == 9
        assert all([await place.is_visible() for place in await places.all()])
