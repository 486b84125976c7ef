"""Reading the package's own TOML tables, and refusing a bad one by file and row."""

import tomllib
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from importlib.resources import files
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, StringConstraints, ValidationError

from contracts.base import Message
from contracts.codes import Language

Raw = Mapping[str, Any]
"""A TOML file as parsed."""


class RulesError(Exception):
    """A table is wrong. The text names file and place; `wording` says it for people, in both languages."""

    def __init__(self, text: str, wording: dict[Language, str] | None = None) -> None:
        super().__init__(text)
        self.wording: dict[Language, str] = wording or {"pl": text, "en": text}


class Refusal(ValueError):
    """What is wrong with one value or one row, and what to do about it; whoever reads the file adds the place."""

    def __init__(self, what: dict[Language, str], remedy: dict[Language, str]) -> None:
        super().__init__(f"{what['en']} {remedy['en']}")
        self.wording: dict[Language, str] = {"pl": f"{what['pl']} {remedy['pl']}", "en": f"{what['en']} {remedy['en']}"}


def _in_both_languages(texts: dict[Language, str]) -> dict[Language, str]:
    if set(texts) != {"pl", "en"}:
        raise ValueError("the wording must be given in pl and en")
    return texts


Wording = Annotated[
    dict[Language, Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]],
    AfterValidator(_in_both_languages),
]

RowT = TypeVar("RowT", bound=Message)


class Dated(Message):
    """A row that is in force from `valid_from` to `valid_to`, both included; without an end when `valid_to` is None."""

    valid_from: date
    valid_to: date | None = None

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: "Dated") -> bool:
        return self.in_force(other.valid_from) or other.in_force(self.valid_from)


def read(file: str) -> dict[str, Any]:
    """A TOML file of this package. Raises RulesError when it is not TOML."""
    try:
        return tomllib.loads(files("rules").joinpath(file).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{file}: {error}") from error


def wrong(file: str, section: str, number: int | None, what: str) -> RulesError:
    """The error to raise about row `number` (counted from 1) of a section, or about the section as a whole."""
    place = f"[{section}]" if number is None else f"[[{section}]] row {number}"
    return RulesError(f"{file}, {place}: {what}")


def rows(file: str, raw: Raw, section: str, model: type[RowT]) -> tuple[RowT, ...]:
    """The rows of an array of tables, checked against the model. Raises RulesError when there is none or one is bad."""
    items = raw.get(section)
    if not isinstance(items, list) or not items:
        raise wrong(file, section, None, "has no rows")
    return tuple(_checked(file, section, number, item, model) for number, item in enumerate(items, start=1))


def section_of(file: str, raw: Raw, section: str, model: type[RowT]) -> RowT:
    """A single table, checked against the model. Raises RulesError."""
    return _checked(file, section, None, raw.get(section), model)


def _checked(file: str, section: str, number: int | None, item: object, model: type[RowT]) -> RowT:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise wrong(file, section, number, f"{where}: {first['msg']}") from error


def refuse_doubles(file: str, section: str, keys: Iterable[Hashable]) -> None:
    """Raises RulesError naming the first row whose key an earlier row already has."""
    seen: set[Hashable] = set()
    for number, key in enumerate(keys, start=1):
        if key in seen:
            raise wrong(file, section, number, f"{key} is given twice")
        seen.add(key)


def refuse_overlaps(file: str, section: str, dated: Iterable[tuple[str, Dated]]) -> None:
    """Raises RulesError naming the first row that is in force at the same time as an earlier one of the same name."""
    seen: list[tuple[str, Dated]] = []
    for number, (name, row) in enumerate(dated, start=1):
        if row.valid_to is not None and row.valid_to < row.valid_from:
            raise wrong(file, section, number, f"{name} ends before it begins")
        if any(name == other and row.overlaps(earlier) for other, earlier in seen):
            raise wrong(file, section, number, f"{name} has two versions in force on one day")
        seen.append((name, row))


def fill(template: Mapping[Language, str], parts: Mapping[str, Mapping[Language, str]]) -> dict[Language, str]:
    """The template with each `{part}` replaced by that part's text in the same language."""
    return {
        language: text.format_map({name: part[language] for name, part in parts.items()})
        for language, text in template.items()
    }
