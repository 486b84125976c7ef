"""Ladders: who is reminded of a deadline, and when."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from contracts.base import Message
from contracts.paths import Audience, Rung
from rules.calendar import add_working_days, at_local, local_day
from rules.calendar import roll_forward as next_working_day

_OFFSET = re.compile(
    r"0|(?P<working>[+-][1-9]\d*)wd|\+(?P<minutes>[1-9]\d*)min|(?P<percent>[1-9]\d?)%|(?P<days>[1-9]\d*)d"
)


@dataclass(frozen=True)
class Offset:
    """Where a rung stands.

    working_days and minutes count from the end of the term, percent is a share of the term, days count from the event.
    """

    measure: Literal["working_days", "minutes", "percent", "days"]
    n: int


def _parse(value: Any) -> Any:
    found = _OFFSET.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("an offset is -1wd, 0, +1wd, +25min, 50% or 14d")
    if found["minutes"]:
        return Offset("minutes", int(found["minutes"]))
    if found["percent"]:
        return Offset("percent", int(found["percent"]))
    if found["days"]:
        return Offset("days", int(found["days"]))
    return Offset("working_days", int(found["working"] or 0))


class Step(Message):
    """One row of a ladder."""

    at: Annotated[Offset, BeforeValidator(_parse)]
    audience: Audience


@dataclass(frozen=True)
class Span:
    """The term a ladder belongs to.

    `to_the_minute`: its end is an instant and not a day, so the rung "0" stands at that instant. `roll_forward`: days
    counted from the event that end on a day off move to the next working day.
    """

    base_at: datetime
    due_at: datetime
    to_the_minute: bool
    roll_forward: bool


def rungs(steps: tuple[Step, ...], span: Span, at: time) -> tuple[Rung, ...]:
    """The ladder in order of time, without rungs that would not lie after the event.

    A rung that falls on a day is sent at the local time `at`.
    """
    found = {(_instant(step.at, span, at), step.audience): None for step in steps}
    later = [(instant, audience) for instant, audience in found if instant > span.base_at]
    return tuple(Rung(at=instant, audience=audience) for instant, audience in sorted(later, key=lambda rung: rung[0]))


def _instant(offset: Offset, span: Span, at: time) -> datetime:
    due_day = local_day(span.due_at)
    if offset.measure == "minutes" or (offset.n == 0 and span.to_the_minute):
        return span.due_at + timedelta(minutes=offset.n)
    if offset.measure == "percent":
        share = span.base_at + (span.due_at - span.base_at) * offset.n / 100
        return share.astimezone(UTC) if span.to_the_minute else at_local(local_day(share), at)
    if offset.measure == "days":
        day = local_day(span.base_at) + timedelta(days=offset.n)
        return at_local(next_working_day(day) if span.roll_forward else day, at)
    return at_local(add_working_days(due_day, offset.n), at)
