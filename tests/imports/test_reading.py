"""Files are read as offices save them, and refused within bounds."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from time import perf_counter

import pytest

from services.intake.importing.reading import read
from services.kit.problems import Problem
from tests.imports.sheets import BOUNDS, cells, comma_separated, repacked, workbook

ROWS = [["Nazwisko", "Imię"], ["Żółć", "Łukasz"], ["Gęś, mała", "Świętosława"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
async def test_a_text_file_is_read_in_every_usual_form(encoding: str, separator: str) -> None:
    content = comma_separated(ROWS, separator=separator, encoding=encoding)
    assert cells(await read(content, BOUNDS)) == ROWS


async def test_quotes_keep_separators_and_line_breaks_in_a_cell() -> None:
    [_, line] = await read(b'a;b\r\n"x;y";"one\r\ntwo"\r\n', BOUNDS)
    assert line.cells == ["x;y", "one\r\ntwo"]


async def test_empty_rows_are_passed_over_and_rows_keep_the_number_a_spreadsheet_shows() -> None:
    lines = await read(b'sep=;\r\na;b\r\n;;\r\n\r\n"x\ny";1\r\nz;2\r\n', BOUNDS)
    assert [(line.number, line.cells[0]) for line in lines] == [(1, "a"), (4, "x\ny"), (5, "z")]


async def test_an_excel_formula_that_only_keeps_zeros_is_text() -> None:
    lines = await read(b'a\n="01234"\n', BOUNDS)
    assert (cells(lines)[1], lines[1].formulas) == (["01234"], [])


async def test_a_workbook_gives_its_values_as_text() -> None:
    rows = [["a", "b", "c", "d", "e"], [44051401359, date(2026, 2, 3), datetime(2026, 2, 3), True, 1.5]]  # noqa: DTZ001
    assert cells(await read(workbook(rows), BOUNDS))[1] == ["44051401359", "2026-02-03", "2026-02-03", "tak", "1.5"]


async def test_formulas_of_a_workbook_are_marked() -> None:
    lines = await read(workbook([["a", "b"], ["x", "=A1"]]), BOUNDS)
    assert [line.formulas for line in lines] == [[], [1]]


async def test_hidden_sheets_are_passed_over() -> None:
    def hide(part: bytes) -> bytes:
        first = part.replace(b'state="visible"', b'state="hidden"', 1)
        assert first != part
        return first

    with pytest.raises(Problem, match="import_empty"):
        await read(repacked(workbook(ROWS), "xl/workbook.xml", hide), BOUNDS)


def _declared(name: str) -> Callable[[bytes], bytes]:
    entity = b'<!DOCTYPE x [<!ENTITY boom "boom"><!ENTITY more "&boom;&boom;">]>'
    return lambda part: part.replace(b"?>", b"?>" + entity, 1) if b"?>" in part[:100] else entity + part


def _zip(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n", "import_type"),
        (b"<html><table><tr><td>Nazwisko</td></tr></table></html>", "import_type"),
        (b"Nazwisko;\0\0\0", "import_type"),
        (_zip(**{"word/document.xml": b"<w/>", "[Content_Types].xml": b"<x/>"}), "import_type"),
        (OLD_OFFICE, "import_old_excel"),
        (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "import_encrypted"),
        (b"Nazwisko\n\x81\x83\n", "import_encoding"),
        (b"PK\x03\x04 and nothing more", "import_damaged"),
        (workbook(ROWS)[:-300], "import_damaged"),
        (repacked(workbook(ROWS), "xl/worksheets/sheet1.xml", _declared("sheet")), "import_entities"),
        (repacked(workbook(ROWS), "xl/workbook.xml", _declared("book")), "import_entities"),
        (b'Nazwisko;Imie\n"Kowalski;Jan\n' + b"x;y\n" * 5_000, "import_cell"),
        (comma_separated([["x"] * 201]), "import_columns"),
        (comma_separated([["x" * 4_000] * 25 + ["x"]]), "import_row"),
        (comma_separated([["x"]] * 5_002), "import_rows"),
        (workbook([["x"]] * 5_002), "import_rows"),
        (workbook([["x"] * 201]), "import_columns"),
    ],
)
async def test_what_cannot_be_a_list_is_refused_by_its_content(content: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        await read(content, BOUNDS)
    assert refused.value.code == code
    assert refused.value.body("pl")["title"] != refused.value.body("en")["title"]


async def test_an_empty_file_has_no_rows() -> None:
    assert await read(b"", BOUNDS) == []


async def test_the_longest_list_is_read() -> None:
    assert len(await read(comma_separated([["x"]] * 5_001), BOUNDS)) == 5_001


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A small file that unpacks to 200 MB."""
    packed = repacked(workbook(ROWS), "xl/worksheets/sheet1.xml", lambda part: part + b" " * 200_000_000)
    assert len(packed) < 1_000_000
    return packed


async def test_a_zip_bomb_is_refused_before_it_is_unpacked(bomb: bytes) -> None:
    begun = perf_counter()
    with pytest.raises(Problem, match="import_unpacked"):
        await read(bomb, BOUNDS)
    assert perf_counter() - begun < 10


async def test_an_archive_that_lies_about_its_size_is_refused(bomb: bytes) -> None:
    size = next(info.file_size for info in zipfile.ZipFile(io.BytesIO(bomb)).infolist() if info.file_size > 10**8)
    lying = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(Problem) as refused:
        await read(lying, BOUNDS)
    assert refused.value.code == "import_damaged"


@pytest.fixture(scope="module")
def wide() -> bytes:
    """As many rows as are taken, each as long as no list is."""
    return workbook([[f"{row} {column}" for column in range(60)] for row in range(5_000)])


@pytest.mark.parametrize("bound", [{"memory_bytes": 60_000_000}, {"seconds": 1}])
async def test_a_reader_that_takes_too_much_is_ended(wide: bytes, bound: dict[str, int]) -> None:
    with pytest.raises(Problem, match="import_unpacked"):
        await read(wide, replace(BOUNDS, **bound))
