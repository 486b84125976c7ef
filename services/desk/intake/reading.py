"""A form as the interface takes it, field by field, with what cannot be read as it was typed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from contracts.codes import Language
from services.desk.forms import Typed
from services.desk.language import texts
from services.desk.typed_days import day_in, typed

NONE = "none"
"""The box "none of these", which tells more than no box at all."""


class Reading:
    """Names are those of the interface, dotted; `at` is put before a name to find its field in the form."""

    def __init__(self, form: Typed, language: Language, at: str = "") -> None:
        self._typed = form
        self._at = at
        self._ = texts(language).gettext
        self.body: dict[str, Any] = {}
        self.errors: dict[str, str] = {}

    def text(self, *names: str) -> None:
        for name in names:
            self._keep(name, lambda told: told, "")

    def day(self, *names: str) -> None:
        for name in names:
            self._keep(name, _iso_day, self._("Podaj datę, na przykład 3.12.2026."))

    def yes_no(self, *names: str) -> None:
        for name in names:
            self._keep(name, {"yes": True, "no": False}.get, self._("Wybierz: tak albo nie."))

    def whole(self, *names: str) -> None:
        for name in names:
            self._keep(name, _number, self._("Wpisz liczbę, na przykład 14."))

    def several(self, name: str) -> None:
        """Codes of boxes; nothing when no box is ticked, an empty list for the box "none of these"."""
        told = self._typed.all(self._at + name)
        if NONE in told and len(told) > 1:
            self.errors[self._at + name] = self._("Zaznaczono świadczenie, a zarazem „żadne z nich”. Zostaw jedno.")
        elif told:
            put(self.body, name, [] if told == [NONE] else told)

    def of_receiver(self, name: str) -> None:
        """A code of the institution in `receiver`: the value of its choice is `cis-poraj:rekrutacja`."""
        institution, _, code = (self._typed.text(self._at + name) or "").partition(":")
        if code and institution != self._typed.text(self._at + "receiver"):
            self.errors[self._at + name] = self._("Wybrano z innej instytucji niż przyjmująca. Wybierz jeszcze raz.")
        elif code:
            put(self.body, name, code)

    def _keep(self, name: str, read: Callable[[str], Any], otherwise: str) -> None:
        told = self._typed.text(self._at + name)
        if told is None:
            return
        value = read(told)
        if value is None:
            self.errors[self._at + name] = otherwise
        else:
            put(self.body, name, value)


def placed(errors: Mapping[str, str], fields: Iterable[str]) -> dict[str, str]:
    """The errors at the fields of the page: one about a part, or about one of several, at the nearest field."""
    shown = tuple(fields)
    found: dict[str, str] = {}
    for name, message in errors.items():
        near = (field for field in shown if field.startswith(f"{name}.") or name.startswith(f"{field}."))
        found.setdefault(name if name in shown else next(near, name), message)
    return found


def put(body: dict[str, Any], name: str, value: Any) -> None:
    """Set a dotted name, making the parts on the way."""
    *parts, last = name.split(".")
    for part in parts:
        body = body.setdefault(part, {})
    body[last] = value


def as_typed(day: date | None) -> str:
    """A day as a field shows it; nothing for none."""
    return "" if day is None else typed(day.isoformat())


def _iso_day(told: str) -> str | None:
    day = day_in(told)
    return None if day is None else day.isoformat()


def _number(told: str) -> int | None:
    return int(told) if told.isdecimal() else None
