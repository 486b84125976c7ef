"""The local clock, hour by hour: where in UTC each local day of Poland begins.

Summer time is one hour more than the usual UTC+1, from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last
Sunday of October (directive 2000/84/EC; for the days of each year the regulations of the Prime Minister). It is assumed
to stay so.
"""

from functools import cache

from oracle.days import SUNDAY, table

_WINTER, _SUMMER = 1, 2
_CHANGE_HOUR = 1

BEFORE_1970_TO_TABLE = 16_071 * 24
"""Hours from the beginning of 1970 to that of the table: 44 years of 365 days and 11 leap days."""


@cache
def first_hours() -> tuple[int, ...]:
    """For each day of the table the hour since 1970, in UTC, at which it begins in Poland. The last entry: the end."""
    days = table()
    begins = [BEFORE_1970_TO_TABLE - _WINTER]
    offset = _WINTER
    for index, day in enumerate(days):
        last_sunday = day.weekday == SUNDAY and day.day > 31 - 7
        for hour in range(24):
            if last_sunday and hour == _CHANGE_HOUR and day.month in (3, 10):
                offset = _SUMMER if day.month == 3 else _WINTER
            if hour + offset >= 24 and len(begins) == index + 1:
                begins.append(BEFORE_1970_TO_TABLE + index * 24 + hour)
    return tuple(begins)


def begins(place: int) -> int:
    """The second since 1970, in UTC, at which this day of the table begins in Poland."""
    return first_hours()[place] * 3600


def last_second(place: int) -> int:
    """The last second of this day in Poland, since 1970 in UTC."""
    return begins(place + 1) - 1


def hours_of(place: int) -> int:
    """How many hours this day has in Poland: 23 and 25 when the clock is changed."""
    return first_hours()[place + 1] - first_hours()[place]


def at(place: int, hour: int, minute: int = 0) -> int:
    """The second since 1970, in UTC, of this local time; of two equal ones in autumn the first.

    A time that spring leaps over is reckoned with the winter clock that ran until then.
    """
    passed = hour
    if hours_of(place) == 23 and hour > 2:
        passed -= 1
    if hours_of(place) == 25 and hour > 2:
        passed += 1
    return begins(place) + passed * 3600 + minute * 60
