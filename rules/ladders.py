"""Ladders: who is reminded of a deadline, and when."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from contracts.base import Message
from contracts.paths import Audience, Rung
from rules.calendar import Calendar
from rules.data import Refusal
from rules.months import add_months

_OFFSET = re.compile(
    r"0|(?P<working>[+-][1-9]\d*)wd|\+(?P<minutes>[1-9]\d*)min|(?P<percent>[1-9]\d?)%|(?P<days>[1-9]\d*)d"
    r"|-(?P<before>[1-9]\d*)d|(?P<months>[1-9]\d*)m"
)

Measure = Literal["working_days", "minutes", "percent", "days", "before", "months"]


@dataclass(frozen=True)
class Offset:
    """Where a rung stands. `text`: as it was written.

    working_days and minutes count from the end of the term, `before` calendar days back from it, percent is a share of
    the term, days and months count from the event.
    """

    measure: Measure
    n: int
    text: str


def _parse(value: Any) -> Any:
    if isinstance(value, Offset):
        return value
    found = _OFFSET.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Refusal(
            {"pl": "Nie wiadomo, kiedy to jest.", "en": "It cannot be told when this is."},
            {
                "pl": "Napisz na przykład -1wd, -14d, 0, +1wd, +25min, 50%, 14d albo 3m.",
                "en": "Write for example -1wd, -14d, 0, +1wd, +25min, 50%, 14d or 3m.",
            },
        )
    measures: tuple[Measure, ...] = ("minutes", "percent", "days", "before", "months")
    for measure in measures:
        if found[measure]:
            return Offset(measure, int(found[measure]), value)
    return Offset("working_days", int(found["working"] or 0), value)


class Step(Message):
    """One row of a ladder."""

    at: Annotated[Offset, BeforeValidator(_parse)]
    audience: Audience


@dataclass(frozen=True)
class Span:
    """The term a ladder belongs to.

    `to_the_minute`: its end is an instant and not a day, so the rung "0" stands at that instant. `roll_forward`: days
    counted from the event that end on a day off move to the next working day. `stood`: days the clock stood still.
    """

    base_at: datetime
    due_at: datetime
    to_the_minute: bool
    roll_forward: bool
    stood: int = 0


def rungs(steps: tuple[Step, ...], span: Span, calendar: Calendar) -> tuple[Rung, ...]:
    """The ladder in order of time, without rungs that would not lie after the event."""
    found = {(_instant(step.at, span, calendar), step.audience): None for step in steps}
    later = [(instant, audience) for instant, audience in found if instant > span.base_at]
    return tuple(Rung(at=instant, audience=audience) for instant, audience in sorted(later, key=lambda rung: rung[0]))


def _instant(offset: Offset, span: Span, calendar: Calendar) -> datetime:
    if offset.measure == "minutes" or (offset.measure == "working_days" and offset.n == 0 and span.to_the_minute):
        return span.due_at + timedelta(minutes=offset.n)
    if offset.measure == "percent":
        share = span.base_at + (span.due_at - span.base_at) * offset.n / 100
        if span.to_the_minute:
            return share.astimezone(UTC)
        return calendar.at_local(calendar.local_day(share), calendar.remind_at)
    return calendar.at_local(_day(offset, span, calendar), calendar.remind_at)


def _day(offset: Offset, span: Span, calendar: Calendar) -> date:
    """The day of a rung that falls on one."""
    due_day, base_day = calendar.local_day(span.due_at), calendar.local_day(span.base_at)
    if offset.measure == "working_days":
        return calendar.add_working_days(due_day, offset.n)
    if offset.measure == "before":  # on the last working day that is not later, so that it is read in time
        day = due_day - timedelta(days=offset.n)
        return day if calendar.is_working_day(day) else calendar.add_working_days(day, -1)
    day = base_day + timedelta(days=offset.n) if offset.measure == "days" else add_months(base_day, offset.n)
    day += timedelta(days=span.stood)
    return calendar.roll_forward(day) if span.roll_forward else day
