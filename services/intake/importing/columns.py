"""Which column of a file fills which place of the form: told by the caller, remembered, or guessed. Pure."""

from collections.abc import Mapping, Sequence

from contracts.base import Told
from contracts.imports import ImportColumn, Understood
from rules.imports import folded, import_rules
from services.intake.importing.table import Line
from services.kit.problems import FieldError, Problem, invalid

_TITLE_ROWS = 10
"""A header may stand below a title: so many rows are looked at."""

Given = Mapping[str, str | None]
"""By header as the file has it: the field it fills, None to pass it over."""


class Head(Told):
    """The top of a file as it was understood, kept sealed: `values` hold for every row."""

    name: str
    columns: tuple[ImportColumn, ...]
    values: dict[str, str]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headers of columns that nobody asked to pass over and that fill nothing."""
        return tuple(
            column.header
            for column in self.columns
            if column.field is None and column.known_from is None and column.header
        )

    def header_of(self, field: str) -> str | None:
        """The column that fills this field, or a part of it, or what it is a part of."""
        for column in self.columns:
            if column.field is not None and related(column.field, field):
                return column.header
        return None


def header_line(lines: Sequence[Line], given: Given) -> int:
    """The place in `lines` of the row with the most names that are known. Raises Problem 422 without any row."""
    if not lines:
        raise Problem("import_empty")
    known = {*import_rules().headers, *map(folded, given)}
    counts = [sum(folded(cell) in known for cell in line.cells) for line in lines[:_TITLE_ROWS]]
    return counts.index(max(counts))


def check_given(headers: Sequence[str], given: Given, values: Mapping[str, str]) -> None:
    """Raises Problem 422 when a header is not in the file or a field does not exist."""
    fields, there = import_rules().fields, {folded(header) for header in headers}
    errors = [FieldError(f"mapping.{header}", "import_no_column") for header in given if folded(header) not in there]
    errors += [
        FieldError(f"mapping.{header}", "import_no_field")
        for header, field in given.items()
        if field is not None and field not in fields
    ]
    errors += [FieldError(f"values.{field}", "import_no_field") for field in values if field not in fields]
    if errors:
        raise invalid(*errors)


def understand(headers: Sequence[str], given: Given, remembered: Mapping[int, str | None]) -> tuple[ImportColumn, ...]:
    """Each column with its field; what the caller gives comes first, and a field is filled by one column only."""
    rules = import_rules()
    wanted = {folded(header): field for header, field in given.items()}
    names = [folded(header) for header in headers]

    def claims(place: int, name: str) -> tuple[Understood | None, str | None]:
        if name in wanted:
            return "given", wanted[name]
        if place in remembered:
            return "remembered", remembered[place]
        if name in rules.added:
            return "guessed", None
        return ("guessed", rules.headers[name]) if name in rules.headers else (None, None)

    found = [claims(place, name) for place, name in enumerate(names)]
    order = sorted(range(len(names)), key=lambda place: _RANK[found[place][0]])
    taken: set[str] = set()
    fields: dict[int, ImportColumn] = {}
    for place in order:
        known_from, field = found[place]
        if field in taken:
            known_from, field = None, None
        if field is not None:
            taken.add(field)
        fields[place] = ImportColumn(header=headers[place], field=field, known_from=known_from)
    return tuple(fields[place] for place in range(len(headers)))


_RANK: dict[Understood | None, int] = {"given": 0, "remembered": 1, "guessed": 2, None: 3}


def missing_columns(head: Head) -> tuple[FieldError, ...]:
    """One entry for each field that a file needs, that no column fills and that has no value for all rows."""
    rules = import_rules()
    filled = {column.field for column in head.columns} | head.values.keys()
    missing = [field for field in rules.required if field not in filled]
    if filled.isdisjoint(rules.common.either):
        missing.append(rules.common.either[0])
    return tuple(FieldError(field, "import_column_missing", wording=rules.column_missing(field)) for field in missing)


def check_complete(head: Head) -> None:
    """Raises Problem 422 when something is missing."""
    missing = missing_columns(head)
    if missing:
        raise Problem("import_columns_missing", errors=missing)


def fingerprint(headers: Sequence[str]) -> str:
    """The same for files with the same columns in the same order."""
    return "\x1f".join(map(folded, headers))


def related(one: str, other: str) -> bool:
    """Whether two places of the form are the same, or one is a part of the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
