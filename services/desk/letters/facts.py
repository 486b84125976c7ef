"""Facts of a letter: a name and what is known under it; what is not known has no line."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from babel import Locale

from rules.imports import import_rules
from services.kit.paper.printable import lines
from services.kit.paper.sheet import Part, Passage, Rows, day_in_words

_COUNTRIES = Locale("pl").territories
_LONG = 240
"""Characters: more than five lines in the narrow column beside a name."""


def name_of(field: str) -> str:
    """What a field of a form is called in Polish. Raises KeyError."""
    return import_rules().fields[field].name["pl"]


def country(code: str) -> str:
    """`PL` is `Polska`; a code that no list knows is told as it is."""
    return str(_COUNTRIES.get(code, code))


class Facts:
    """Collects the lines of one part of a letter."""

    def __init__(self) -> None:
        self._facts: list[tuple[str, tuple[str, ...]]] = []

    def text(self, name: str, *values: str | None) -> None:
        """What was typed, line by line."""
        known = tuple(line for value in values if value for line in lines(value))
        if known:
            self._facts.append((name, known))

    def day(self, name: str, value: date | None) -> None:
        self.text(name, day_in_words(value) if value else None)

    def yes_or_no(self, name: str, value: bool | None) -> None:
        self.text(name, None if value is None else "tak" if value else "nie")

    def typed(self, field: str, value: str | None) -> None:
        """A field under its own name."""
        self.text(name_of(field), value)

    def coded(self, field: str, words: Mapping[Any, str], *codes: str | int | None) -> None:
        """Codes of a field in words."""
        self.text(name_of(field), *(words[str(code)] for code in codes if code is not None))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Lines of a table without rules; what takes a paragraph to tell stands between them."""
        found: list[Part] = []
        for long, group in groupby(self._facts, _is_long):
            facts = tuple(group)
            found.extend((Passage(name, values) for name, values in facts) if long else (Rows(facts),))
        return tuple(found)


def _is_long(fact: tuple[str, tuple[str, ...]]) -> bool:
    return any(len(value) > _LONG for value in fact[1])
