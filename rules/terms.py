"""Terms: when a length of time that starts with an event ends. Explaining it is `rules.derivation`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from contracts.codes import Language
from contracts.paths import Stop
from rules.calendar import ONE_DAY, Calendar
from rules.lengths import Length, Part
from rules.months import add_months, has_corresponding, last_of_month

Off = tuple[tuple[date, dict[Language, str]], ...]
"""Days off, each with its reason."""


@dataclass(frozen=True)
class Question:
    """What is asked: where the term begins and all that moves its end.

    `named_on`: the day that the event names. `not_before`: the first day on which a change that shortened the term was
    in force; it gives no end before that.
    """

    length: Length
    base_at: datetime
    named_on: date | None = None
    stops: tuple[Stop, ...] = ()
    roll_forward: bool = False
    period: bool = False
    cut_off: time | None = None
    not_before: date | None = None


@dataclass(frozen=True)
class Stood:
    """A stop that counted, and what it added: working days or days; of a term to the minute, `time`.

    `rolled`: the working day to which the end had moved before it, over the days off `passed`.
    """

    stop: Stop
    days: int = 0
    time: timedelta = timedelta(0)
    rolled: date | None = None
    passed: Off = ()


@dataclass(frozen=True)
class Reckoned:
    """The answer with all that explains it.

    `start`: the day that counted as that of the event. `end`: where the term would end on its own; `due_day`: where it
    ends after all. `skipped`: days off that were no days of a term in working days; `passed`: days off from `end` on.
    """

    due_at: datetime
    start: date
    end: date
    due_day: date
    skipped: Off = ()
    passed: Off = ()
    stood: tuple[Stood, ...] = ()


def reckon(question: Question, calendar: Calendar) -> Reckoned:
    """When the term ends.

    Raises ValueError for a time without an offset, or a term that ends on a named day when none was named.
    """
    if question.length.to_the_minute:
        return _to_the_minute(question, calendar)
    start = _start(question, calendar)
    end = _end(question, start, calendar)
    stood: list[Stood] = []
    for stop in _closed(question, max(question.base_at, calendar.at_local(start, time(0)))):
        rolled = _rolled(end, question, calendar)
        if stop.since > calendar.end_of_day(rolled):
            break
        later = _after_stop(end, rolled, stop, question.length, calendar)
        if later != end:
            stood.append(_stood(end, rolled, stop, question.length, calendar))
        end = later
    held = max(end, question.not_before) if question.not_before else end
    due_day = _rolled(held, question, calendar)
    return Reckoned(
        due_at=calendar.end_of_day(due_day),
        start=start,
        end=held,
        due_day=due_day,
        skipped=_skipped(question, start, end, calendar),
        passed=calendar.days_off(held, due_day) if due_day != held else (),
        stood=tuple(stood),
    )


def _start(question: Question, calendar: Calendar) -> date:
    """The day that counts as that of the event: what comes after the cut-off hour, or on a day off, comes next day."""
    local = calendar.local_time(question.base_at)
    day = local.date()
    if question.cut_off is None:
        return day
    if not calendar.is_working_day(day) or local.time() > question.cut_off:
        return calendar.add_working_days(day, 1)
    return day


def _end(question: Question, start: date, calendar: Calendar) -> date:
    """Where the term ends on its own: the day of the event is the first of a period, and not counted otherwise."""
    length = question.length
    day, corresponding = _anchored(length, start, question.named_on), True
    for part in length.parts:
        corresponding = part.unit not in ("m", "y") or has_corresponding(day, _months(part))
        day = _added(day, part, calendar)
    return last_of_period(day, corresponding) if question.period else day


def last_of_period(day: date, corresponding: bool) -> date:
    """The last day of a period, from the day that corresponds to its first.

    The one place that decides it (docs/decisions/0037): a period begins with a day of its own, so it ends on the eve of
    the corresponding day: a month from 3 March lasts until 2 April. Where the last month has no such day
    (`corresponding` False), `day` is that month's last, and the period ends with it.
    """
    return day - ONE_DAY if corresponding else day


def _anchored(length: Length, start: date, named_on: date | None) -> date:
    match length.anchor:
        case None:
            return start
        case "eom":
            return last_of_month(start)
        case "day_of_next_month":
            return add_months(start.replace(day=1), 1).replace(day=length.day)
        case "day_of_year":
            this = date(start.year, length.month, length.day)
            return this if this > start else this.replace(year=start.year + 1)
        case "due_on":
            if named_on is None:
                raise ValueError("the event must name the day on which this is due")
            return named_on


def _added(day: date, part: Part, calendar: Calendar) -> date:
    if part.unit == "wd":
        return calendar.add_working_days(day, part.count)
    if part.unit in ("m", "y"):
        return add_months(day, _months(part))
    return day + timedelta(days=part.count * (7 if part.unit == "w" else 1))


def _months(part: Part) -> int:
    return part.count * (12 if part.unit == "y" else 1)


def _rolled(day: date, question: Question, calendar: Calendar) -> date:
    return calendar.roll_forward(day) if question.roll_forward and not question.period else day


def _closed(question: Question, begins: datetime) -> list[Stop]:
    """The stops that are over, in order, without what lies before the term begins; those that overlap are one."""
    found: list[Stop] = []
    for stop in sorted(question.stops, key=lambda stop: stop.since):
        if stop.until is None or stop.until <= begins:
            continue
        if found and stop.since < _until(found[-1]):
            found[-1] = found[-1].model_copy(update={"until": max(_until(found[-1]), stop.until)})
        else:
            found.append(stop.model_copy(update={"since": max(stop.since, begins)}))
    return found


def _stood(end: date, rolled: date, stop: Stop, length: Length, calendar: Calendar) -> Stood:
    days = _days_of(stop, length, calendar)
    if calendar.local_day(stop.since) <= end:
        return Stood(stop, days)
    return Stood(stop, days, rolled=rolled, passed=calendar.days_off(end, rolled))


def _days_of(stop: Stop, length: Length, calendar: Calendar) -> int:
    """How many days the clock stood still: the days after the one on which it stopped, that on which it went on too."""
    if length.last_unit == "wd":
        return calendar.working_days_between(calendar.local_day(stop.since), calendar.local_day(_until(stop)))
    return calendar.days_between(stop.since, _until(stop))


def _after_stop(end: date, rolled: date, stop: Stop, length: Length, calendar: Calendar) -> date:
    """Where the term ends after the stop; of what it was to end in, as much is left afterwards as there was before."""
    days = _days_of(stop, length, calendar)
    if length.last_unit == "wd":
        # Nothing of a term that stopped on its last day may be over before the clock goes on.
        until = calendar.roll_forward(calendar.local_day(_until(stop)))
        moved = calendar.add_working_days(end, days)
        return max(moved, until) if calendar.local_day(stop.since) < calendar.local_day(_until(stop)) else moved
    left = end if calendar.local_day(stop.since) <= end else rolled
    return left + timedelta(days=days)


def _until(stop: Stop) -> datetime:
    if stop.until is None:
        raise ValueError("the clock stands still")
    return stop.until


def _skipped(question: Question, start: date, end: date, calendar: Calendar) -> Off:
    if question.length.last_unit != "wd":
        return ()
    day = _anchored(question.length, start, question.named_on)
    for part in question.length.parts[:-1]:
        day = _added(day, part, calendar)
    return calendar.days_off(day + ONE_DAY, end)


def _to_the_minute(question: Question, calendar: Calendar) -> Reckoned:
    part = question.length.parts[0]
    asked = timedelta(minutes=part.count) if part.unit == "min" else timedelta(hours=part.count)
    in_office = part.unit == "oh"
    base = question.base_at.astimezone(UTC)
    stood: list[Stood] = []
    due = calendar.add_office_time(base, asked) if in_office else base + asked
    for stop in _closed(question, base):
        if stop.since > due:
            break
        lost = calendar.office_time(stop.since, _until(stop)) if in_office else _until(stop) - stop.since
        if lost:
            stood.append(Stood(stop, time=lost))
            due = calendar.add_office_time(due, lost) if in_office else due + lost
    if question.not_before:
        due = max(due, calendar.end_of_day(question.not_before))
    day = calendar.local_day(due)
    return Reckoned(due, calendar.local_day(base), day, day, stood=tuple(stood))
