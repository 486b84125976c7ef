"""Lists from files at the desk: what a form says of one, its columns, and the file to begin with."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from contracts.codes import Language
from contracts.imports import FileColumns
from rules.imports import import_rules
from services.desk.forms import Typed

COLUMN, PASSED_OVER = "column.", "-"
"""A field of the page of columns is `column.<place>`; its value is a field of the form, or that it is left out."""

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the local code page


def values_of(typed: Typed) -> dict[str, str]:
    """What holds for every row that has nothing in that column."""
    told = {"receiver": typed.text("receiver"), "draft": "tak" if typed.text("draft") == "yes" else None}
    return {name: value for name, value in told.items() if value is not None}


def mapping_of(typed: Typed, headers: Sequence[str]) -> dict[str, str | None]:
    """What was chosen for each column by its header; nothing where nothing was chosen."""
    told: dict[str, str | None] = {}
    for place, header in enumerate(headers):
        chosen = typed.text(f"{COLUMN}{place}")
        if chosen is not None:
            told[header] = None if chosen == PASSED_OVER else chosen
    return told


def asks(columns: FileColumns) -> bool:
    """Whether somebody has to say what the columns mean."""
    return bool(columns.unknown_columns or columns.missing)


def fields(language: Language) -> list[tuple[str, str]]:
    """Every field that a column may fill, as offices call it."""
    return [(field.field, field.name[language]) for field in import_rules().fields.values()]


def name_of(field: str | None, language: Language) -> str:
    found = import_rules().fields.get(field or "")
    return found.name[language] if found else ""


def template(language: Language) -> bytes:
    """An empty list with the columns of most referrals. UTF-8 with its mark, semicolons, as spreadsheets open it."""
    text = io.StringIO(newline="")
    names = [import_rules().fields[field].name[language] for field in import_rules().common.template]
    csv.writer(text, delimiter=";").writerow(names)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def form(mapping: dict[str, str | None], values: dict[str, str], *, dry_run: bool) -> dict[str, Any]:
    """The choices as the interface takes them beside the file."""
    return {"mapping": json.dumps(mapping), "values": json.dumps(values), "dry_run": "true" if dry_run else "false"}
