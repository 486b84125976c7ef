"""A letter becomes a PDF that can be read aloud, printed in black and kept; what was typed is text and nothing else."""

import asyncio
import threading
from dataclasses import replace
from datetime import date

import pytest

from services.kit.paper import press
from services.kit.paper.press import NotPrinted, pdf
from services.kit.paper.printable import printable, settable
from services.kit.paper.sheet import Passage, Rows, Section, Sheet, Table, Text
from tests.paper import Paper

MARKUP = "#strong[x] *b* _c_ $x^2$ \\ @ref <lab> `code` // kom /* x */ = tytuł ~ #sys.inputs"
POLISH = "Zażółć gęślą jaźń, ZAŻÓŁĆ GĘŚLĄ JAŹŃ – „cytat”"

WIDEST = 130
"""Characters that a line may hold; one that does not end runs off the page."""

SHEET = Sheet(
    name="Skierowanie",
    number="S26-7K3M-Q9XA",
    place="Zduńska Wola",
    day=date(2026, 6, 2),
    sender=("Miejski Ośrodek Pomocy Społecznej w Zduńskiej Woli", "Zduńska Wola"),
    marks=(("Znak sprawy", "OPS.5121.8.2026"),),
    addressee=("Klub Integracji Społecznej w Zduńskiej Woli", "Zduńska Wola"),
    title="Skierowanie do klubu integracji społecznej",
    sections=(
        Section(None, (Text((POLISH,)),)),
        Section("1. Osoba", (Rows((("Imię i nazwisko", ("Żaneta Ćwiczenna",)),)),)),
        Section("2. Terminy", (Table(("Co", "Kto"), (("Podjęcie", "KIS"),), (1, 2)),)),
    ),
    closing=None,
    notes=("Uwaga.",),
    signatures=(("kierownik", "podpis i pieczęć"),),
)


def telling(*paragraphs: str) -> Sheet:
    return replace(SHEET, sections=(Section("1. Treść", (Passage("Opis", paragraphs),)),))


async def printed(sheet: Sheet) -> Paper:
    return Paper(await pdf(sheet))


async def test_a_letter_says_what_it_is_to_programs_that_read_aloud() -> None:
    paper = await printed(SHEET)
    root = paper.reader.trailer["/Root"]
    assert root["/Lang"] == "pl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid:part>1<" in paper.properties
    assert paper.reader.metadata is not None
    assert paper.reader.metadata.title == "Skierowanie S26-7K3M-Q9XA"


async def test_titles_headings_and_heads_of_tables_are_tagged() -> None:
    paper = await printed(SHEET)
    tags = _tags(paper.reader.trailer["/Root"]["/StructTreeRoot"])
    assert {"/H1", "/Table", "/TH", "/TD", "/P"} <= tags
    assert tags & {"/Title", "/H2"}


async def test_polish_letters_can_be_read_and_searched() -> None:
    paper = await printed(SHEET)
    assert POLISH in paper.text
    assert "Żaneta Ćwiczenna" in paper.text
    assert "Zduńska Wola, 2 czerwca 2026 r." in paper.text


async def test_every_page_has_its_number_and_that_of_the_case() -> None:
    pages = (await printed(telling(*["Zdanie. " * 60] * 12))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"strona {number} z {len(pages)}" in page
        assert "S26-7K3M-Q9XA" in page


async def test_a_letter_is_black_and_white() -> None:
    assert (await printed(SHEET)).coloured == []


async def test_what_was_typed_is_no_markup() -> None:
    sheet = replace(
        telling(MARKUP),
        title=MARKUP,
        marks=((MARKUP, MARKUP),),
        addressee=(MARKUP,),
        signatures=((MARKUP, MARKUP),),
        notes=(MARKUP,),
    )
    paper = await printed(sheet)
    assert paper.text.count(MARKUP) >= 6


async def test_a_file_says_nothing_of_people_about_itself() -> None:
    sheet = replace(telling("canary told"), addressee=("canary addressee",), title="canary title")
    paper = await printed(sheet)
    assert "canary told" in paper.text
    assert "canary" not in paper.properties
    assert "/Author" not in (paper.reader.metadata or {})


@pytest.mark.parametrize(
    "typed",
    [
        "A" * 4000,
        "a\n" * 2000,
        "🙂" * 300,
        "שלום مرحبا 123 " * 200,
        "z\u0334\u0335 " * 500,
        "\u202e\u200b" * 500,
        "",
        " ",
    ],
    ids=["endless word", "many lines", "emoji", "right to left", "piled marks", "invisible", "nothing", "blank"],
)
async def test_no_text_breaks_a_letter(typed: str) -> None:
    paper = await printed(telling(*(typed.split("\n") or [""])))
    assert "Skierowanie do klubu integracji społecznej" in paper.pages[0]
    assert "podpis i pieczęć" in paper.pages[-1]
    for page in paper.reader.pages:
        assert max(map(len, page.extract_text().splitlines())) < WIDEST


async def test_a_sign_that_no_font_has_is_named() -> None:
    assert "Dziękuję [znak U+1F642] bardzo" in (await printed(telling("Dziękuję 🙂 bardzo"))).text


async def test_every_letter_that_is_set_as_it_is_has_a_font() -> None:
    assert len(await pdf(telling(*(f"a{each}b" for each in settable())))) > 0


def test_what_would_turn_or_hide_text_is_left_out() -> None:
    assert printable("Jan\u202e ikslawoK\u0000\u200b") == "Jan ikslawoK"


def test_a_number_stays_with_what_it_counts() -> None:
    assert (
        printable("art. 12 ust. 1 z 2003 r. i w domu")
        == "art.\u00a012 ust.\u00a01 z\u00a02003\u00a0r. i\u00a0w\u00a0domu"
    )


async def test_a_letter_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "SECONDS", 0.001)
    with pytest.raises(NotPrinted, match="too long"):
        await pdf(SHEET)


async def test_a_letter_that_cannot_be_made_says_nothing_of_what_is_in_it() -> None:
    broken = replace(telling("canary"), sections=(Section("1", (Table(("canary",), (("canary",),), ("canary",)),)),))
    with pytest.raises(NotPrinted) as told:
        await pdf(broken)
    assert "canary" not in f"{told.value!r} {told.value.__cause__!r} {told.value.__context__!r}"


async def test_the_loop_goes_on_while_a_letter_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = threading.Event()
    monkeypatch.setattr(press, "_printed", lambda sheet: turned.wait(5))
    letter = asyncio.create_task(pdf(SHEET))
    await asyncio.sleep(0)
    turned.set()
    assert await letter


def _tags(node: object) -> set[str]:
    """The kinds of all elements of the structure."""
    node = getattr(node, "get_object", lambda: node)()
    if isinstance(node, list):
        return set().union(*map(_tags, node))
    if not isinstance(node, dict):
        return set()
    return {str(node["/S"])} | _tags(node.get("/K")) if "/S" in node else _tags(node.get("/K"))
