"""A TOML file with its lines, so that what is wrong in it is told by line: tomllib keeps none."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.resources import files
from typing import Any, TypeVar

from pydantic import ValidationError

from contracts.base import Message
from contracts.codes import Language
from rules.data import Dated, Refusal, RulesError

_ROW = re.compile(r"\s*\[\[\s*([A-Za-z_][\w.]*)\s*\]\]")
_TABLE = re.compile(r"\s*\[\s*[A-Za-z_]")
_PLACE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)
_QUOTES = ('"""', "'''")

RowT = TypeVar("RowT", bound=Message)
DatedT = TypeVar("DatedT", bound=Dated)

_TOLD: dict[str, dict[Language, str]] = {
    "missing": {"pl": "Brakuje pola {place}. Dodaj je.", "en": "The field {place} is missing. Add it."},
    "extra_forbidden": {
        "pl": "Pola {place} tu nie ma. Usuń je albo popraw nazwę.",
        "en": "There is no field {place} here. Remove it, or mend its name.",
    },
    "literal_error": {
        "pl": "Pole {place} ma wartość spoza listy. Dozwolone: {expected}.",
        "en": "The field {place} has a value that is not on the list. Allowed: {expected}.",
    },
    "too_short": {
        "pl": "Pole {place} jest puste. Podaj co najmniej jedną wartość.",
        "en": "The field {place} is empty. Give at least one value.",
    },
}
_ELSE: dict[Language, str] = {
    "pl": "Pole {place} ma wartość, której nie można przyjąć. Popraw je.",
    "en": "The field {place} has a value that cannot be taken: {msg}. Mend it.",
}


class Source:
    """One file as text and as parsed. Raises RulesError, with the line, when it is not TOML."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._lines = text.splitlines()
        try:
            self.raw: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _PLACE.fullmatch(str(error))
            line = int(found["line"] or 0) if found else 0
            what = found["what"] if found else str(error)
            raise self.wrong(
                line or len(self._lines),
                {
                    "pl": "To nie jest poprawny TOML. Popraw zapis w tym wierszu.",
                    "en": f"This is no TOML: {what}. Mend how this line is written.",
                },
            ) from error
        self._rows = self._find_rows()

    def _find_rows(self) -> dict[str, list[int]]:
        """The lines of `[[section]]` by section, counted from 1; what stands in texts of several lines is no header."""
        found: dict[str, list[int]] = defaultdict(list)
        within: str | None = None
        for number, line in enumerate(self._lines, start=1):
            header = _ROW.match(line) if within is None else None
            if header:
                found[header[1]].append(number)
            for quotes in _QUOTES:
                if within in (None, quotes) and line.count(quotes) % 2:
                    within = None if within else quotes
        return found

    def line_of(self, section: str, number: int, key: str | None = None) -> int:
        """The line of row `number` (from 1) of a section, or of its field; 1 when it cannot be told."""
        starts = self._rows.get(section, [])
        if number > len(starts):
            return 1
        start = starts[number - 1]
        if key is None:
            return start
        for line in range(start + 1, len(self._lines) + 1):
            text = self._lines[line - 1]
            if _TABLE.match(text) or _ROW.match(text):
                break
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", text):
                return line
        return start

    def wrong(self, line: int, wording: dict[Language, str]) -> RulesError:
        """The error to raise about this line."""
        told: dict[Language, str] = {
            "pl": f"{self.name}, wiersz {line}: {wording['pl']}",
            "en": f"{self.name}, line {line}: {wording['en']}",
        }
        return RulesError(told["en"], told)

    def refused(self, section: str, number: int, refusal: Refusal, key: str | None = None) -> RulesError:
        """The error to raise about a row, or one of its fields."""
        return self.wrong(self.line_of(section, number, key), refusal.wording)

    def rows(self, section: str, model: type[RowT]) -> tuple[RowT, ...]:
        """The rows of an array of tables, checked against the model; none when there is no such section."""
        items = self.raw.get(section, [])
        if not isinstance(items, list):
            raise self.wrong(
                1,
                {
                    "pl": f"{section} to nie lista. Zacznij każdy wiersz od [[{section}]].",
                    "en": f"{section} is no list. Begin each row with [[{section}]].",
                },
            )
        return tuple(self._checked(section, number, item, model) for number, item in enumerate(items, start=1))

    def _checked(self, section: str, number: int, item: object, model: type[RowT]) -> RowT:
        try:
            return model.model_validate(item)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            key = str(first["loc"][0]) if first["loc"] else None
            raise self.wrong(self.line_of(section, number, key), _wording(first, place)) from error

    def refuse_others(self, sections: Iterable[str]) -> None:
        """Raises RulesError when the file has a section that is not one of these."""
        known = sorted(sections)
        for section in self.raw:
            if section not in known:
                line = next((n for n, text in enumerate(self._lines, 1) if section in text), 1)
                names = ", ".join(known)
                raise self.wrong(
                    line,
                    {
                        "pl": f"Nieznana część {section}. Plik może mieć części: {names}.",
                        "en": f"Unknown part {section}. The file may have the parts {names}.",
                    },
                )


def _wording(error: Any, place: str) -> dict[Language, str]:
    inner = error.get("ctx", {}).get("error")
    if isinstance(inner, Refusal):
        return {"pl": f"{place}: {inner.wording['pl']}", "en": f"{place}: {inner.wording['en']}"}
    template = _TOLD.get(error["type"], _ELSE)
    parts = {"place": place, "expected": error.get("ctx", {}).get("expected", ""), "msg": error["msg"]}
    return {language: text.format_map(parts) for language, text in template.items()}


def shipped_source(file: str) -> Source:
    """A file of this package. Raises RulesError."""
    return Source(file, files("rules").joinpath(file).read_text(encoding="utf-8"))


def refuse_overlaps(placed: Sequence[tuple[Source, str, int, str, Dated]]) -> None:
    """Raises RulesError at the first row in force together with an earlier one of the same name.

    Each row comes with its file, section, number and name.
    """
    seen: dict[str, list[tuple[str, Dated]]] = defaultdict(list)
    for source, section, number, name, row in placed:
        if row.valid_to is not None and row.valid_to < row.valid_from:
            raise source.refused(section, number, _backwards(name), "valid_to")
        for where, earlier in seen[name]:
            if row.overlaps(earlier):
                raise source.refused(section, number, _overlap(name, where, row, earlier), "valid_from")
        seen[name].append((f"{source.name}:{source.line_of(section, number)}", row))


def _backwards(name: str) -> Refusal:
    return Refusal(
        {"pl": f"{name} kończy się, zanim się zacznie.", "en": f"{name} ends before it begins."},
        {"pl": "Popraw valid_from albo valid_to.", "en": "Mend valid_from or valid_to."},
    )


def _overlap(name: str, where: str, row: Dated, earlier: Dated) -> Refusal:
    day = max(row.valid_from, earlier.valid_from)
    end = date.fromordinal(day.toordinal() - 1)
    return Refusal(
        {
            "pl": f"{name} ma dwie wersje obowiązujące {day} (druga: {where}).",
            "en": f"{name} has two versions in force on {day} (the other: {where}).",
        },
        {
            "pl": f"Zakończ wcześniejszą: valid_to = {end}, albo zmień valid_from późniejszej.",
            "en": f"End the earlier one, valid_to = {end}, or change valid_from of the later one.",
        },
    )
