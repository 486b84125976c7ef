"""The runner itself, on a page of its own: what it counts, how it uses the keyboard, what it will not let pass."""

import base64
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser

from tests.serving import serving
from tests.web.browser import Watch
from tests.web.effort import Effort, keystrokes_of
from tests.web.person import Person, Way
from tests.web.pixels import small_png

PAGE = """<!doctype html><html lang=pl><title>Próba</title><body>
<a class=govuk-skip-link href="#main">Przejdź do treści</a>
<nav><a href="/a">Moja praca</a> <a href="/b">Skrzynka</a></nav>
<main id=main tabindex=-1><form method=get action="/next">
<label for=pesel>PESEL</label><input id=pesel name=pesel>
<label for=kind>Rodzaj</label><select id=kind name=kind><option>Pierwszy<option>Drugi<option>Trzeci</select>
<fieldset><legend>Tryb</legend>
<input type=radio id=w1 name=way value=1><label for=w1>Zwykły</label>
<input type=radio id=w2 name=way value=2><label for=w2>Pilny</label></fieldset>
<input type=checkbox id=agreed name=agreed><label for=agreed>Jest zgoda</label>
<input type=hidden name=_csrf value=x>
<details><summary>Więcej</summary><label for=more>Uwagi</label><input id=more name=more></details>
<button>Dalej</button></form></main>"""
FAINT = 24
"""By how much of 255 a pixel's colour may differ so that nobody sees it in small type."""

_FURTHEST = """async sources => {
    const [one, other] = await Promise.all(sources.map(async source => {
        const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + source)).blob())
        const pen = new OffscreenCanvas(image.width, image.height).getContext('2d')
        pen.drawImage(image, 0, 0)
        return pen.getImageData(0, 0, image.width, image.height).data
    }))
    if (one.length !== other.length) return 255
    return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at])), 0)
}"""
BAD = """<!doctype html><title>Zła</title><img src="http://elsewhere.example/x.png"><script>1</script>"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def base() -> AsyncIterator[str]:
    app = FastAPI()
    policy = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; img-src *"}
    app.get("/bad")(lambda: HTMLResponse(BAD, headers=policy))
    app.get("/refused")(lambda: HTMLResponse(PAGE, 422))
    app.get("/{any_path:path}")(lambda any_path: HTMLResponse(PAGE))
    async with serving({"one": app}) as urls:
        yield urls["one"]


@pytest_asyncio.fixture(loop_scope="session")
async def somebody(browser: Browser, base: str, way: Way) -> AsyncIterator[Person]:
    context = await browser.new_context()
    watch = Watch((base,))
    watch.over(context)
    yield Person(await context.new_page(), base, way, watch)
    await context.close()


async def _fill_in(person: Person) -> Effort:
    await person.opens("/")
    effort = person.begin()
    await person.fill("PESEL", "Ćma1")
    await person.choose("Rodzaj", "Trzeci")
    await person.choose("Tryb", "Pilny")
    await person.tick("Jest zgoda")
    await person.press("Dalej")
    return effort


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
async def test_both_ways_send_the_same_form(somebody: Person) -> None:
    await _fill_in(somebody)
    assert somebody.page.url.endswith("/next?pesel=%C4%86ma1&kind=Trzeci&way=2&agreed=on&_csrf=x&more=")


@pytest.mark.parametrize("way", ["mouse"])
async def test_a_mouse_costs_clicks_and_the_way_of_the_hand(somebody: Person) -> None:
    effort = await _fill_in(somebody)
    assert (effort.pages, effort.actions, effort.typed) == (1, 5, 1)
    assert effort.keystrokes == keystrokes_of("Ćma1") == 6
    assert (effort.clicks, effort.homings) == (6, 2)
    assert effort.shown == {"pesel", "kind", "way", "agreed"}
    assert effort.seconds == pytest.approx(0.2 * 12 + 1.1 * 6 + 0.4 * 2 + 1.35 * 6)


@pytest.mark.parametrize("way", ["keyboard"])
async def test_a_keyboard_costs_tabs_and_arrows_and_no_pointing(somebody: Person) -> None:
    effort = await _fill_in(somebody)
    assert (effort.pages, effort.actions, effort.clicks, effort.homings) == (1, 5, 0, 0)
    # skip link 2, Tab 1, text 6; Tab 1, arrows 2; Tab 1, arrow 1; Tab 1, Space 1; Tab to the heading, the button, Enter
    assert effort.keystrokes == 2 + 1 + 6 + 1 + 2 + 1 + 1 + 1 + 1 + 3


@pytest.mark.parametrize("way", ["keyboard"])
async def test_a_control_out_of_the_keyboards_reach_is_found_out(somebody: Person) -> None:
    await somebody.opens("/")
    await somebody.page.eval_on_selector("#pesel", "field => { field.tabIndex = -1 }")
    with pytest.raises(AssertionError, match="Tab does not reach"):
        await somebody.fill("PESEL", "1")


@pytest.mark.parametrize("way", ["mouse"])
async def test_another_host_and_a_breach_of_the_policy_are_faults(somebody: Person) -> None:
    await somebody.opens("/bad")
    faults = " ".join(somebody.watch.faults)
    assert "elsewhere.example" in faults
    assert "Content Security Policy" in faults


@pytest.mark.parametrize("way", ["mouse"])
async def test_a_page_answered_with_422_is_no_fault(somebody: Person) -> None:
    await somebody.opens("/refused")
    await somebody.sees("PESEL")
    assert somebody.watch.faults == []


@pytest.mark.parametrize("way", ["mouse"])
async def test_a_small_picture_shows_the_same(somebody: Person, browser: Browser) -> None:
    await somebody.opens("/")
    large = await somebody.page.screenshot()
    blank = await browser.new_page()
    small = await small_png(blank, large)
    assert len(small) < len(large)
    pictures = [base64.b64encode(one).decode() for one in (large, small)]
    assert await blank.evaluate(_FURTHEST, pictures) <= FAINT
    await blank.close()
