"""Files as offices make them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from rules.imports import import_rules
from services.intake.importing.reading import bounds
from services.intake.importing.table import Line
from tests.nodes import TODAY

BOUNDS = bounds(TODAY)


def comma_separated(rows: Iterable[Sequence[object]], *, separator: str = ";", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, part: str, change: Any) -> bytes:
    """An XLSX file with one of its parts changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return changed.getvalue()


def cells(lines: Iterable[Line]) -> list[list[str]]:
    return [line.cells for line in lines]


def listed(bodies: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Bodies of `POST /referrals` as rows under Polish headers, the first row; empty columns are left out."""
    fields = [
        field for field in import_rules().fields.values() if any(_at(body, field.field) is not None for body in bodies)
    ]
    rows = [[_written(_at(body, field.field)) for field in fields] for body in bodies]
    return [[field.name["pl"] for field in fields], *rows]


def _at(body: Any, field: str) -> Any:
    for name in field.split("."):
        body = body.get(name) if isinstance(body, dict) else None
    return body


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "tak" if value else "nie"
        case list():
            return ", ".join(value) or "brak"
        case _:
            return str(value)
