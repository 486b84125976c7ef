"""XLSX: the first visible sheet of a workbook, its values as text; cells with a formula are marked.

openpyxl shows formulas, which the quicker python-calamine does not: a value calculated from another file on somebody's
disk is no fact to send.
"""

import io
import zipfile
from datetime import date, datetime
from typing import IO, Any
from xml.parsers import expat

from services.intake.importing.table import Collected, Refused

_MOST_PARTS = 2_000
_CHUNK = 65_536
_DATE = "%Y-%m-%d"


def read(content: bytes, collected: Collected) -> None:
    """Raises Refused; for a damaged file also whatever the libraries raise."""
    _check_parts(content, collected.bounds.unpacked_bytes)
    from openpyxl import load_workbook  # only now: an import of half a second

    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
    if sheet is None:
        raise Refused("import_empty")
    sheet.reset_dimensions()  # some programs write wrong ones
    # One column more than allowed, so that more of them are noticed; a row may name column 16,384.
    for number, row in enumerate(sheet.iter_rows(max_col=collected.bounds.columns + 1), start=1):
        cells = [_text(cell.value) for cell in row]
        collected.add(number, cells, [place for place, cell in enumerate(row) if cell.data_type == "f"])


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "tak" if value else "nie"
        case datetime() | date():
            return value.strftime(_DATE)
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _check_parts(content: bytes, most: int) -> None:
    """What the archive says of itself, before anything is inflated; zipfile never inflates more than that."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise Refused("import_type")
        if any(part.flag_bits & 1 for part in parts):
            raise Refused("import_encrypted")
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > most:
            raise Refused("import_unpacked", most=most)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as xml:
                    _refuse_entities(xml)


class _Begun(Exception):
    """The first element: no document type can follow."""


def _refuse_entities(xml: IO[bytes]) -> None:
    """A workbook has no document type; one that has wants to expand or to load something."""

    def element(*_: object) -> None:
        raise _Begun

    def document_type(*_: object) -> None:
        raise Refused("import_entities")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = element
    try:
        while chunk := xml.read(_CHUNK):
            parser.Parse(chunk)
    except _Begun:
        return
