"""What is true of every page, asked of the page that is open: each function returns what is wrong, in words."""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

_AXE = Path(__file__).parents[2] / ".venv/node/node_modules/axe-core/axe.min.js"
_STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """async tags => {
    const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    return found.violations.map(rule => `${rule.id}: ${rule.nodes.map(node => node.html.slice(0, 160)).join(' … ')}`)
}"""

_HEADINGS = "() => [...document.querySelectorAll('h1')].filter(heading => heading.checkVisibility()).length"
_DOUBLED = """() => { const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
    return [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))] }"""
_WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && element.checkVisibility()
        && getComputedStyle(element).position !== 'absolute' && !element.closest('.govuk-visually-hidden'))
    .map(element => element.outerHTML.slice(0, 120))"""
_MOVING = """() => document.getAnimations().filter(one => one.playState === 'running').length"""
_FLAT = """() => [...document.querySelectorAll('button, .govuk-button, input:not([type=hidden]), select, textarea')]
    .filter(element => element.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter(element => !element.matches('[type=checkbox], [type=radio], [type=file], .govuk-visually-hidden'))
    .filter(element => { const style = getComputedStyle(element)
        const bare = side => style[`border${side}Style`] === 'none' || style[`border${side}Width`] === '0px'
        return bare('Top') && bare('Bottom') && style.textDecorationLine === 'none' })
    .map(element => element.outerHTML.slice(0, 120))"""
_SPACED = """() => { const sheet = new CSSStyleSheet()
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-bottom: 2em !important }`)
    document.adoptedStyleSheets = [sheet] }"""
_PLAIN = "() => { document.adoptedStyleSheets = [] }"

MOST_BYTES = 250_000
OFFICE = {"width": 1366, "height": 768}
NARROW = {"width": 320, "height": 800}
"""A window of 1280 px at 400 %."""


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


async def accessible(page: Page) -> list[str]:
    """axe-core, WCAG 2.2 A and AA."""
    await page.evaluate(_axe())
    found: list[str] = await page.evaluate(_RUN, _STANDARD)
    return found


async def well_formed(page: Page, language: str) -> list[str]:
    """One main heading, a title, the language, ids that name one thing, and no more bytes than a slow line carries."""
    faults = []
    if (headings := await page.evaluate(_HEADINGS)) != 1:
        faults.append(f"{headings} headings of the first level")
    if (told := await page.get_attribute("html", "lang")) != language:
        faults.append(f"its language is told as {told}")
    if not (await page.title()).endswith(" – Ścieżka"):
        faults.append(f"its title is {await page.title()!r}")
    faults += [f"several elements with the id {name}" for name in await page.evaluate(_DOUBLED)]
    if (weight := await page.evaluate(_WEIGHT)) > MOST_BYTES:
        faults.append(f"{weight} bytes")
    return faults


async def reflowing(page: Page) -> list[str]:
    """At 320 px, also with the text spacing of WCAG 1.4.12, nothing lies beside the window."""
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wide = [f"wider than 320 px: {one}" for one in (await _wide(page))[:3]]
    await page.evaluate(_SPACED)
    wide += [f"wider than 320 px when spaced: {one}" for one in (await _wide(page))[:3]]
    await page.evaluate(_PLAIN)
    await page.set_viewport_size(OFFICE)  # type: ignore[arg-type]
    return wide


async def _wide(page: Page) -> list[str]:
    if await page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        return []
    found: list[str] = await page.evaluate(_TOO_WIDE)
    return found or ["the page"]


async def adapting(page: Page) -> list[str]:
    """With forced colours controls keep an edge; with reduced motion nothing moves."""
    await page.emulate_media(forced_colors="active", reduced_motion="reduce")
    faults = [f"without an edge in forced colours: {one}" for one in (await page.evaluate(_FLAT))[:3]]
    if await page.evaluate(_MOVING):
        faults.append("moves though asked not to")
    await page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    return faults
