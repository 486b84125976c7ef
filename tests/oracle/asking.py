"""Asking the rules for a date, with as few words as the oracle needs."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from functools import cache

from contracts.codes import Language
from contracts.paths import Stop
from oracle.clock import at
from rules.calendar import Calendar, calendar
from rules.derivation import explain
from rules.lengths import Length, parse
from rules.terms import Question, reckon
from tests.oracle.table import moment, place

NOON = 12 * 60
CLOSING: dict[Language, str] = {"pl": "dzień zamknięcia", "en": "closing day"}
EVENT, STOPPED_BY = "application_registered", "info_requested"

Stops = Collection[tuple[date, date]]


def on_the_clock(day: date, minutes: int) -> datetime:
    """The instant of this local time, in minutes after midnight."""
    return moment(at(place(day), minutes // 60, minutes % 60))


@cache
def length_of(expression: str) -> Length:
    return parse(expression)


def calendar_with(closed: Collection[date]) -> Calendar:
    """The calendar of an institution that is closed on these days."""
    if not closed:
        return calendar()
    return calendar().with_days("1", {}, {"cis-poraj": dict.fromkeys(closed, CLOSING)}).of("cis-poraj")


def question(
    expression: str,
    event: date,
    *,
    minutes: int = NOON,
    roll: bool = False,
    period: bool = False,
    cut_off: time | None = None,
    stops: Stops = (),
) -> Question:
    return Question(
        length=length_of(expression),
        base_at=on_the_clock(event, minutes),
        stops=tuple(
            Stop(since=on_the_clock(since, NOON), until=on_the_clock(until, NOON + 1), event=STOPPED_BY)
            for since, until in stops
        ),
        roll_forward=roll,
        period=period,
        cut_off=cut_off,
    )


def asked(
    expression: str,
    event: date,
    *,
    minutes: int = NOON,
    roll: bool = False,
    period: bool = False,
    cut_off: time | None = None,
    closed: Collection[date] = (),
    stops: Stops = (),
) -> date:
    """The day on which the rules say that a term ends."""
    asking = question(expression, event, minutes=minutes, roll=roll, period=period, cut_off=cut_off, stops=stops)
    return reckon(asking, calendar_with(closed)).due_day


def explained(
    expression: str,
    event: date,
    *,
    roll: bool = False,
    closed: Collection[date] = (),
    stops: Stops = (),
) -> tuple[date, Mapping[Language, str]]:
    """That day, and the words that explain it."""
    asking, days = question(expression, event, roll=roll, stops=stops), calendar_with(closed)
    found = reckon(asking, days)
    return found.due_day, explain(asking, found, EVENT, days)
