"""The form as text in fields, and as the interface keeps it: each made from the other, nothing lost in between."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.desk import typed_days
from services.desk.new.field import Field
from services.desk.new.table import FIELDS, ROWS

NONE = "none"
"""The box "none of these": told, and empty."""

_KEPT = ("client_id", "path_id", "follows")
"""Ids that the page carries along."""


@dataclass(frozen=True)
class Values:
    """What stands in each field, by dotted name."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The text of a field, empty when there is none."""
        return next(iter(self.fields.get(name, ())), "")

    def all(self, name: str) -> Sequence[str]:
        return self.fields.get(name, ())

    def rows(self, part: str) -> int:
        """How many rows of a list something stands in."""
        numbers = [int(name.split(".")[1]) for name in self.fields if name.startswith(f"{part}.")]
        return max(numbers, default=-1) + 1


def values_of(form: Mapping[str, Any]) -> Values:
    """What to show of a form as the interface has it."""
    found: dict[str, list[str]] = {}
    for name, value in _flat("", form):
        found.setdefault(name, []).append(value)
    return Values(found)


def body_of(fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The form as the interface takes it. What is no day or number stays as typed, so that the objection names it."""
    form: dict[str, Any] = {}
    for name in (*_KEPT, *FIELDS):
        value = _read(FIELDS.get(name), fields.get(name, ()))
        if value is not None:
            _put(form, name, value)
    for part, columns in ROWS.items():
        rows = [row for number in range(20) if (row := _row(part, number, columns, fields))]
        if rows:
            form[part] = rows
    if files := [each for each in fields.get("attachments", ()) if each]:
        form["attachments"] = files
    if not any(form.get(name) for name in ("receiver", "client", "client_id")):
        form["client"] = {"family_name": None}  # a draft of nobody and for nobody would not be kept
    return form


def known_names() -> frozenset[str]:
    """The parts of a form that this page can show; any other is carried along as it is."""
    return frozenset({*(name.partition(".")[0] for name in FIELDS), *ROWS, *_KEPT, "attachments", "draft"})


def _row(part: str, number: int, columns: Sequence[Field], fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    row = {column.name: _read(column, fields.get(f"{part}.{number}.{column.name}", ())) for column in columns}
    client = next(iter(fields.get(f"{part}.{number}.client_id", ())), "")
    told = {name: value for name, value in row.items() if value is not None}
    return told | ({"client_id": client} if client else {})


def _read(field: Field | None, typed: Sequence[str]) -> Any:
    told = [text for each in typed if (text := each.strip())]
    if not told:
        return None
    match field.ask if field else "line":
        case "many":
            return [each for each in told if each != NONE]
        case "flag":
            return {"yes": True, "no": False}.get(told[-1])
        case "tick":
            return True
        case "list":
            return [part for part in told[-1].replace(";", ",").replace(" ", ",").split(",") if part]
        case "day":
            return typed_days.told(told[-1])
        case "number":
            return int(told[-1]) if told[-1].isdecimal() else told[-1]
        case "select" if field and field.name == "background.education":
            return int(told[-1]) if told[-1].isdecimal() else told[-1]
    return told[-1]


def _put(form: dict[str, Any], name: str, value: Any) -> None:
    *way, last = name.split(".")
    for part in way:
        form = form.setdefault(part, {})
    form[last] = value


def _flat(at: str, value: Any) -> Iterator[tuple[str, str]]:
    field = FIELDS.get(at)
    match value:
        case None:
            return
        case Mapping():
            for key, part in value.items():
                yield from _flat(f"{at}.{key}" if at else str(key), part)
        case list() if at == "labour.benefits" and not value:
            yield at, NONE
        case list() if field is not None and field.ask == "list":
            yield at, ", ".join(map(str, value))
        case list() if at in ROWS:
            for number, row in enumerate(value):
                yield from _flat(f"{at}.{number}", row)
        case list():
            for each in value:
                yield at, str(each)
        case bool():
            yield at, "yes" if value else "no"
        case _:
            yield at, typed_days.typed(str(value)) if _is_day(at) else str(value)


def _is_day(name: str) -> bool:
    field = FIELDS.get(name)
    if field is None:
        part, _, column = name.partition(".")
        field = next((each for each in ROWS.get(part, ()) if each.name == column.partition(".")[2]), None)
    return field is not None and field.ask == "day"
