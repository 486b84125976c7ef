"""Terms: when a length of time that starts with an event ends, and how that is explained to people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from contracts.base import Message
from contracts.codes import Language
from rules.calendar import add_working_days, day_text, days_off, end_of_day, local_day, local_time
from rules.calendar import roll_forward as next_working_day
from rules.data import Wording, fill

Unit = Literal["min", "d", "wd", "due_on"]

_LENGTH = re.compile(r"(?P<count>[1-9]\d*)(?P<unit>min|d|wd)")
_UNITS: dict[str, Unit] = {"min": "min", "d": "d", "wd": "wd"}
_NOTHING: dict[Language, str] = {"pl": "", "en": ""}


@dataclass(frozen=True)
class Length:
    """So many minutes, days or working days; or `due_on`: until the end of the day that the event itself names."""

    count: int
    unit: Unit


def _parse(value: Any) -> Any:
    if value == "due_on":
        return Length(0, "due_on")
    found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a length is 5min, 7d, 3wd or due_on")
    return Length(int(found["count"]), _UNITS[found["unit"]])


LengthField = Annotated[Length, BeforeValidator(_parse)]


class Forms(Message):
    """The forms of a counted noun: Polish for 1, 2 to 4, 5 and more; English for 1 and the rest."""

    pl: Annotated[tuple[str, ...], Field(min_length=3, max_length=3)]
    en: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]

    def count(self, n: int) -> dict[Language, str]:
        few = n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)
        polish = self.pl[0] if n == 1 else self.pl[1] if few else self.pl[2]
        return {"pl": f"{n} {polish}", "en": f"{n} {self.en[0] if n == 1 else self.en[1]}"}


class Units(Message):
    min: Forms
    d: Forms
    wd: Forms

    def text(self, length: Length) -> dict[Language, str]:
        forms = {"min": self.min, "d": self.d, "wd": self.wd}
        return forms[length.unit].count(length.count)


class Templates(Message):
    """How a computed date is explained, by the way it was computed."""

    minutes: Wording
    days: Wording
    skipped: Wording
    rolled: Wording
    named: Wording


class Words(Message):
    """All the words of an explanation."""

    derivation: Templates
    units: Units
    events: dict[str, Wording]


@dataclass(frozen=True)
class Term:
    """When it ends, and why then."""

    due_at: datetime
    derivation: dict[Language, str]


def in_minutes(length: Length, base_at: datetime, event: str, words: Words) -> Term:
    """A term that ends so many minutes after the instant of the event."""
    due_at = base_at.astimezone(UTC) + timedelta(minutes=length.count)
    parts = {
        "length": words.units.text(length),
        "start": _clock_text(base_at),
        "event": words.events[event],
        "due": _clock_text(due_at),
    }
    return Term(due_at, fill(words.derivation.minutes, parts))


def in_working_days(length: Length, base_at: datetime, event: str, words: Words) -> Term:
    """A term that ends with the last second of its last working day; the day of the event is not counted."""
    start = local_day(base_at)
    due = add_working_days(start, length.count)
    free = days_off(start + timedelta(days=1), due)
    skipped = fill(words.derivation.skipped, {"free": _free_text(free)}) if free else _NOTHING
    parts = _parts(length, start, event, words) | {"skipped": skipped, "due": day_text(due)}
    return Term(end_of_day(due), fill(words.derivation.days, parts))


def in_days(length: Length, base_at: datetime, event: str, words: Words, *, roll_forward: bool) -> Term:
    """A term that ends with the last second of its last day; the day of the event is not counted (KPA art. 57 § 1).

    `roll_forward`: a term that would end on a day off ends on the next working day (art. 57 § 4).
    """
    start = local_day(base_at)
    end = start + timedelta(days=length.count)
    due = next_working_day(end) if roll_forward else end
    parts = _parts(length, start, event, words) | {"skipped": _NOTHING, "end": day_text(end), "due": day_text(due)}
    if due == end:
        return Term(end_of_day(due), fill(words.derivation.days, parts))
    parts["free"] = _free_text(days_off(end, due))
    return Term(end_of_day(due), fill(words.derivation.rolled, parts))


def on_named_day(due_on: date, base_at: datetime, event: str, words: Words) -> Term:
    """A term that ends with the day that the event names."""
    parts = {"start": day_text(local_day(base_at)), "event": words.events[event], "due": day_text(due_on)}
    return Term(end_of_day(due_on), fill(words.derivation.named, parts))


def _clock_text(instant: datetime) -> dict[Language, str]:
    local = local_time(instant)
    return {language: f"{text} {local:%H:%M}" for language, text in day_text(local.date()).items()}


def _parts(length: Length, start: date, event: str, words: Words) -> dict[str, dict[Language, str]]:
    return {"length": words.units.text(length), "start": day_text(start), "event": words.events[event]}


def _free_text(free: Iterable[tuple[date, dict[Language, str]]]) -> dict[Language, str]:
    named = [{language: f"{why[language]} {text}" for language, text in day_text(day).items()} for day, why in free]
    return {language: ", ".join(text[language] for text in named) for language in _NOTHING}
