"""Derivations: a computed date explained in plain Polish and English, so that anybody can count it over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated

from pydantic import Field

from contracts.base import Message
from contracts.codes import Language
from rules.calendar import Calendar, calendar
from rules.data import Raw, Wording, fill, read, section_of
from rules.events import events
from rules.lengths import Length, Part, Unit
from rules.terms import Off, Question, Reckoned, Stood

FILE = "derivation.toml"

Text = dict[Language, str]
_NOTHING: Text = {"pl": "", "en": ""}


class Forms(Message):
    """The forms of a counted noun: Polish for 1, 2 to 4, 5 and more; English for 1 and the rest."""

    pl: Annotated[tuple[str, ...], Field(min_length=3, max_length=3)]
    en: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]

    def count(self, n: int) -> Text:
        few = n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)
        polish = self.pl[0] if n == 1 else self.pl[1] if few else self.pl[2]
        return {"pl": f"{n} {polish}", "en": f"{n} {self.en[0] if n == 1 else self.en[1]}"}

    @property
    def one(self) -> Text:
        return {"pl": self.pl[0], "en": self.en[0]}


class _Templates(Message):
    length: Wording
    same_day: Wording
    due_on: Wording
    due_on_plus: Wording
    eom: Wording
    eom_plus: Wording
    day_of_next_month: Wording
    day_of_next_month_plus: Wording
    day_of_year: Wording
    day_of_year_plus: Wording

    def of(self, name: str) -> Wording:
        found: Wording = getattr(self, name)
        return found


class _Texts(Message):
    """Texts that keep the blanks around them."""

    texts: dict[str, dict[Language, str]]


class _Units(Message):
    units: dict[Unit, Forms]


class _Weekdays(Message):
    weekdays: dict[int, Forms]


@dataclass(frozen=True)
class Words:
    """All the words of an explanation."""

    templates: _Templates
    lengths: _Templates
    notes: dict[str, Text]
    joining: dict[str, Text]
    units: dict[Unit, Forms]
    added: dict[Unit, Forms]
    weekdays: dict[int, Forms]


def build(raw: Raw) -> Words:
    """Raises RulesError when a part is missing."""

    def texts(section: str) -> dict[str, Text]:
        return section_of(FILE, {section: {"texts": raw.get(section)}}, section, _Texts).texts

    def units(section: str) -> dict[Unit, Forms]:
        return section_of(FILE, {section: {"units": raw.get(section)}}, section, _Units).units

    weekdays = section_of(FILE, {"weekdays": {"weekdays": raw.get("weekdays")}}, "weekdays", _Weekdays)
    return Words(
        templates=section_of(FILE, raw, "templates", _Templates),
        lengths=section_of(FILE, raw, "lengths", _Templates),
        notes=texts("notes"),
        joining=texts("joining"),
        units=units("units"),
        added=units("added"),
        weekdays=weekdays.weekdays,
    )


@cache
def words() -> Words:
    """The words that ship with this package."""
    return build(read(FILE))


def length_text(length: Length) -> Text:
    """How long a term is, as people say it: 1 miesiąc i 7 dni, koniec miesiąca."""
    parts = {"length": _counted_text(length), "day": _day_of(length, calendar())}
    return fill(words().lengths.of(_template(length)), parts)


def _counted_text(length: Length) -> Text:
    return _joined([_counted(part) for part in length.parts])


def explain(question: Question, found: Reckoned, event: str, calendar: Calendar) -> Text:
    """How the term was reckoned. The last date in it is the day on which it ends."""
    length, base_day = question.length, calendar.local_day(question.base_at)
    to_the_minute = length.to_the_minute
    parts = {
        "length": _counted_text(length),
        "start": _clock_text(question.base_at, calendar) if to_the_minute else calendar.day_text(base_day),
        "event": events()[event].wording,
        "notes": _together(_notes(question, found, calendar)),
        "day": _day_of(length, calendar),
        "named": _NOTHING if question.named_on is None else calendar.day_text(question.named_on),
        "due": _clock_text(found.due_at, calendar) if to_the_minute else calendar.day_text(found.due_day),
    }
    return fill(words().templates.of(_template(length)), parts)


def _template(length: Length) -> str:
    if length.anchor is None:
        return "same_day" if length.text == "0d" else "length"
    return f"{length.anchor}_plus" if length.parts else length.anchor


def _day_of(length: Length, by: Calendar) -> Text:
    if length.anchor != "day_of_year":
        return {"pl": str(length.day), "en": str(length.day)}
    return {"pl": f"{length.day}.{length.month:02d}", "en": f"{length.day} {by.months[length.month - 1]}"}


def _notes(question: Question, found: Reckoned, calendar: Calendar) -> Iterable[Text]:
    notes, day_text = words().notes, calendar.day_text
    if question.period:
        yield notes["first_day"]
    if question.cut_off and found.start != calendar.local_day(question.base_at):
        hour = f"{question.cut_off:%H:%M}"
        yield fill(notes["cut_off"], {"hour": {"pl": hour, "en": hour}, "from": day_text(found.start)})
    if found.skipped:
        yield fill(notes["skipped"], {"days": _days_text(found.skipped, calendar)})
    for stood in found.stood:
        if stood.rolled:
            working = {language: f" {text}" for language, text in day_text(stood.rolled).items()}
            yield _together((_rolled_text(stood.passed, calendar), working))
        yield _stood_text(stood, question.length, calendar)
    if question.not_before and found.end == question.not_before:
        yield fill(notes["not_before"], {"day": day_text(question.not_before)})
    if found.passed:
        yield _rolled_text(found.passed, calendar)


def _stood_text(stood: Stood, length: Length, calendar: Calendar) -> Text:
    unit: Unit = "min" if length.to_the_minute else "wd" if length.last_unit == "wd" else "d"
    n = -(-stood.time // timedelta(minutes=1)) if length.to_the_minute else stood.days
    until = stood.stop.until or stood.stop.since
    added = n or length.last_unit != "wd"
    return fill(
        words().notes["stood" if added else "stood_over"],
        {
            "length": words().added[unit].count(n),
            "pause": events()[stood.stop.event].pause or events()[stood.stop.event].wording,
            "range": _range_text(calendar.local_day(stood.stop.since), calendar.local_day(until), calendar),
        },
    )


def _range_text(first: date, last: date, calendar: Calendar) -> Text:
    """5.03–9.03.2026; the year of the first day only where it is another."""
    if first == last:
        return calendar.day_text(last)
    begins = calendar.day_text(first)
    if first.year == last.year:
        begins = {"pl": f"{first.day}.{first.month:02d}", "en": f"{first.day} {calendar.months[first.month - 1]}"}
    return fill(words().joining["range"], {"first": begins, "last": calendar.day_text(last)})


def _rolled_text(passed: Off, calendar: Calendar) -> Text:
    (end, why), *later = passed
    named = [(day, name) for day, name in later if not _by_weekday(day, calendar)]
    also = fill(words().notes["also"], {"days": _named_text(named, calendar)}) if named else _NOTHING
    parts = {"end": calendar.day_text(end), "also": also, "name": why}
    if _by_weekday(end, calendar):
        return fill(words().notes["weekend"], parts | {"weekday": words().weekdays[end.isoweekday()].one})
    return fill(words().notes["holiday"], parts)


def _days_text(free: Off, calendar: Calendar) -> Text:
    """3 soboty i 3 niedziele oraz dni wolne: Wigilia Bożego Narodzenia 24.12.2025."""
    counted = [
        forms.count(n)
        for weekday, forms in words().weekdays.items()
        if (n := sum(day.isoweekday() == weekday and _by_weekday(day, calendar) for day, _ in free))
    ]
    named = [(day, name) for day, name in free if not _by_weekday(day, calendar)]
    if not named:
        return _joined(counted)
    names = fill(words().joining["named"], {"days": _named_text(named, calendar)})
    if not counted:
        return names
    return fill(words().joining["counted_and_named"], {"counted": _joined(counted), "named": names})


def _by_weekday(day: date, calendar: Calendar) -> bool:
    """Whether the day is off only for its place in the week."""
    return day.isoweekday() in calendar.weekdays and calendar.holiday(day) is None


def _named_text(days: Iterable[tuple[date, Text]], calendar: Calendar) -> Text:
    named = [(name, calendar.day_text(day)) for day, name in days]
    return {language: ", ".join(f"{name[language]} {text[language]}" for name, text in named) for language in _NOTHING}


def _counted(part: Part) -> Text:
    return words().units[part.unit].count(part.count)


def _joined(texts: list[Text]) -> Text:
    if not texts:
        return _NOTHING
    found = texts[0]
    for text in texts[1:]:
        found = fill(words().joining["and"], {"first": found, "second": text})
    return found


def _together(texts: Iterable[Text]) -> Text:
    found = list(texts)
    return {language: "".join(text[language] for text in found) for language in _NOTHING}


def _clock_text(instant: datetime, calendar: Calendar) -> Text:
    local = calendar.local_time(instant)
    return {language: f"{text} {local:%H:%M}" for language, text in calendar.day_text(local.date()).items()}
