"""The looks at a page find what is wrong, on a page where everything is."""

from collections.abc import AsyncIterator

import pytest_asyncio
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, Page

from tests.serving import serving
from tests.web.looks import MOST_BYTES, accessible, adapting, reflowing, well_formed

BAD = (
    """<!doctype html><html lang=en><title>Zła strona</title>
<style>@keyframes turn { to { rotate: 1turn } } p { animation: turn 9s infinite }
button { border: 0; width: 999px }</style>
<h1 id=jeden>Jeden</h1><h1 id=jeden>Dwa</h1><p>Kręci się</p><input><button>Dalej</button><!--"""
    + "x" * MOST_BYTES
    + "-->"
)
SPACED = """<!doctype html><html lang=pl><title>Ciasna – Ścieżka</title>
<h1>Strona</h1><div style="width: fit-content; font: 16px monospace; white-space: nowrap">To tyle mieści się</div>"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    app = FastAPI()
    app.get("/bad")(lambda: HTMLResponse(BAD))
    app.get("/spaced")(lambda: HTMLResponse(SPACED))
    async with serving({"one": app}) as urls:
        context = await browser.new_context(base_url=urls["one"])
        yield await context.new_page()
        await context.close()


async def test_a_field_without_a_label_is_found(page: Page) -> None:
    await page.goto("/bad")
    assert any(fault.startswith("label") for fault in await accessible(page))


async def test_headings_language_title_ids_and_weight_are_looked_at(page: Page) -> None:
    await page.goto("/bad")
    faults = await well_formed(page, "pl")
    assert [fault.split()[0] for fault in faults[:1]] == ["2"]
    assert "its language is told as en" in faults
    assert "its title is 'Zła strona'" in faults
    assert "several elements with the id jeden" in faults
    assert faults[-1].endswith("bytes")


async def test_what_is_wider_than_the_window_is_found(page: Page) -> None:
    await page.goto("/bad")
    assert any("999px" in fault or "<button>" in fault for fault in await reflowing(page))


async def test_text_that_fits_only_while_it_is_set_tight_is_found(page: Page) -> None:
    await page.goto("/spaced")
    text = page.locator("div")
    await text.evaluate("div => { while (div.offsetWidth < 290) div.textContent += 'n' }")
    assert [fault.partition(":")[0] for fault in await reflowing(page)] == ["wider than 320 px when spaced"]


async def test_a_button_without_an_edge_and_an_unasked_movement_are_found(page: Page) -> None:
    await page.goto("/bad")
    faults = await adapting(page)
    assert any("<button>" in fault for fault in faults)
    assert faults[-1] == "moves though asked not to"
