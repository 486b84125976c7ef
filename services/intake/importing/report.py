"""The rows that need a person, as a file that a spreadsheet opens: corrected, it can be sent in again."""

import csv
import io
from collections.abc import Iterable

from contracts.codes import Language
from contracts.imports import ImportedError
from rules.imports import folded, import_rules
from services.intake.importing.columns import Head, related
from services.intake.importing.models import OutcomeRow
from services.intake.importing.shown import errors_of
from services.intake.importing.table import Line

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the local code page
_RUN = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""


def written(head: Head, rows: Iterable[tuple[Line, OutcomeRow]], language: Language) -> bytes:
    """The original columns, then row, columns and remedies in this language. UTF-8 with its mark, semicolons."""
    names, added = import_rules().report, import_rules().added
    kept = [place for place, column in enumerate(head.columns) if folded(column.header) not in added]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    own = [head.columns[place].header for place in kept]
    writer.writerow(map(harmless, [*own, names.row[language], names.column[language], names.remedy[language]]))
    for line, row in rows:
        cells = [line.cells[place] if place < len(line.cells) else "" for place in kept]
        errors = errors_of(row, head, language)
        columns = dict.fromkeys(_column(error, language) for error in errors)
        remedies = dict.fromkeys(f"{_column(error, language)}: {error.message}" for error in errors)
        writer.writerow(map(harmless, [*cells, str(row.row), ", ".join(columns), "\n".join(remedies)]))
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def harmless(cell: str) -> str:
    """The cell with a mark before what a spreadsheet would run; reading takes the mark away again."""
    return f"'{cell}" if cell.startswith(_RUN) else cell


def _column(error: ImportedError, language: Language) -> str:
    """The file's own column; else what such a column would be called."""
    rules = import_rules()
    if error.column is not None:
        return error.column
    named = [field.name[language] for field in rules.fields.values() if related(field.field, error.field)]
    return named[0] if named else error.field or rules.report.whole_row[language]
