"""Where a term ends, found by walking the table of days one by one. A day is its place in the table.

Source: KPA (Dz.U. 2024 poz. 572) art. 57 § 1 days, § 2 weeks, § 3 months, § 3a years, § 4 Saturdays and days off.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache

from oracle.days import table

Stop = tuple[int, int]
"""The clock stood still from the first of these days to the second."""

_NOTHING: frozenset[int] = frozenset()
_PART = re.compile(r"(?P<n>\d+)(?P<unit>d|wd|w|m|y)|(?P<eom>eom)|(?P<next>\d+)\.next|(?P<day>\d{1,2})\.(?P<month>\d\d)")


def is_off(day: int, closed: Collection[int] = _NOTHING) -> bool:
    """Whether nobody works: by law, on a Saturday or Sunday, or because the institution is closed."""
    return table()[day].is_off or day in closed


def rolled(day: int, closed: Collection[int] = _NOTHING) -> int:
    """The first day from this one on that is not off (§ 4)."""
    while is_off(day, closed):
        day += 1
    return day


def counted_from(day: int, minutes: int, cut_off: int, closed: Collection[int] = _NOTHING) -> int:
    """The day as of which an event counts under a rule with a cut-off, both in minutes after local midnight.

    What comes after that hour, or on a day off, counts as of the next working day: otherwise what comes on a Friday
    evening would fall due after what comes on the Saturday.
    """
    if is_off(day, closed) or minutes > cut_off:
        return rolled(day + 1, closed)
    return day


def end(
    expression: str,
    event: int,
    *,
    roll: bool = False,
    closed: Collection[int] = _NOTHING,
    stops: Iterable[Stop] = (),
) -> int:
    """The last day of a term that an event on this day starts. It rolls at its very end, if at all."""
    last = event
    for part in expression.split("+"):
        last = _walk(part, last, closed)
    for since, until in _in_order(stops, event):
        if since > last and roll:
            last = rolled(last, closed)  # what is left of it are the days up to the one it rolled to
        if since > last:
            break  # the term was over
        if expression.endswith("wd"):
            left = sum(1 for day in range(since + 1, last + 1) if not is_off(day, closed))
            last = _working_days(left, until, closed) if left else rolled(until, closed)
        else:
            last = until + len(range(since, last))
    return rolled(last, closed) if roll else last


def period_end(expression: str, first: int) -> int:
    """The last day of a period of participation that begins with this day: the day itself is its first.

    Days: so many with the first one. Otherwise all days before the one on which the next period begins; where the last
    month has no such day, up to its end.
    """
    next_begins = _walk(expression, first, _NOTHING)
    if expression.endswith(("m", "y")) and table()[next_begins].day != table()[first].day:
        return next_begins
    return next_begins - 1


def _in_order(stops: Iterable[Stop], event: int) -> list[Stop]:
    """The stops one after the other, from the event on. Two of which one began before the other was over are one."""
    found: list[Stop] = []
    for since, until in sorted(stops):
        if found and since < found[-1][1]:
            found[-1] = found[-1][0], max(until, found[-1][1])
        elif until > max(since, event):
            found.append((max(since, event), until))
    return found


def _walk(part: str, day: int, closed: Collection[int]) -> int:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(f"{part} is no length")
    if found["eom"]:
        return _last_of_month(day)
    if found["next"]:
        return _in_month(_last_of_month(day) + 1, int(found["next"]))
    if found["day"]:
        return _next_date(day + 1, int(found["month"]), int(found["day"]))
    n = int(found["n"])
    if found["unit"] == "d":
        return day + n
    if found["unit"] == "wd":
        return _working_days(n, day, closed)
    if found["unit"] == "w":
        return _weeks(n, day)
    return _months(n, day) if found["unit"] == "m" else _years(n, day)


def _working_days(n: int, day: int, closed: Collection[int]) -> int:
    while n:
        day += 1
        if not is_off(day, closed):
            n -= 1
    return day


def _weeks(n: int, day: int) -> int:
    """The n-th day after it that is called the same."""
    name = table()[day].weekday
    while n:
        day += 1
        if table()[day].weekday == name:
            n -= 1
    return day


def _months(n: int, day: int) -> int:
    """In the n-th month after it the day of the same number, or the last one."""
    number = table()[day].day
    for _ in range(n):
        day = _last_of_month(day) + 1
    return _in_month(day, number)


def _years(n: int, day: int) -> int:
    """In the n-th year after it the same date; without such a date the day just before where it would be."""
    begun = table()[day]
    while (table()[day].year, table()[day].month) != (begun.year + n, begun.month):
        day = _last_of_month(day) + 1
    return _in_month(day, begun.day)


@cache
def _in_month(first: int, number: int) -> int:
    """In the month that begins on this day the day of this number, or the last one."""
    day = first
    while table()[day].day < number and table()[day + 1].month == table()[first].month:
        day += 1
    return day


@cache
def _last_of_month(day: int) -> int:
    month = table()[day].month
    while table()[day + 1].month == month:
        day += 1
    return day


@cache
def _all_of_date(month: int, number: int) -> tuple[int, ...]:
    return tuple(place for place, day in enumerate(table()) if (day.month, day.day) == (month, number))


def _next_date(day: int, month: int, number: int) -> int:
    """The first day of this date from this one on."""
    return next(place for place in _all_of_date(month, number) if place >= day)
