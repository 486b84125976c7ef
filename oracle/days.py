"""The table of days: which day of the week each is, and why nobody works on it.

Sources: act of 18 January 1951 on days off work (Dz.U. 2025 poz. 296), with the changes that fall into the table or
before it: 6 January since 2011 (Dz.U. 2010 nr 224 poz. 1459), 24 December since 2025 (Dz.U. 2024 poz. 1965); act of
7 November 2018 (Dz.U. 2018 poz. 2117): 12 November 2018 was a day off work for everybody. Saturday is treated as a day
off since the resolution of the Supreme Administrative Court I OPS 1/11 of 2011, by KPA art. 57 § 4 itself since 2017.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 2014, 2060
"""The table is wider than what is compared: terms reach over the end, walks backwards over the beginning."""

SATURDAY, SUNDAY = 6, 7
_WEDNESDAY = 3

_LONG, _SHORT = (1, 3, 5, 7, 8, 10, 12), (4, 6, 9, 11)

_FIXED = {
    (1, 1): "Nowy Rok",
    (1, 6): "Święto Trzech Króli",
    (5, 1): "Święto Państwowe",
    (5, 3): "Święto Narodowe Trzeciego Maja",
    (8, 15): "Wniebowzięcie Najświętszej Maryi Panny",
    (11, 1): "Wszystkich Świętych",
    (11, 11): "Narodowe Święto Niepodległości",
    (12, 25): "pierwszy dzień Bożego Narodzenia",
    (12, 26): "drugi dzień Bożego Narodzenia",
}
_MOVABLE = {
    0: "pierwszy dzień Wielkiej Nocy",
    1: "drugi dzień Wielkiej Nocy",
    49: "pierwszy dzień Zielonych Świątek",
    60: "dzień Bożego Ciała",
}
"""By days after Easter Sunday: Pentecost is seven weeks later, Corpus Christi the second Thursday after that."""


class Day(NamedTuple):
    """`weekday`: 1 is Monday. `holiday`: what the statute calls it, or None."""

    year: int
    month: int
    day: int
    weekday: int
    holiday: str | None

    @property
    def is_off(self) -> bool:
        return self.holiday is not None or self.weekday in (SATURDAY, SUNDAY)


def easter(year: int) -> tuple[int, int]:
    """Month and day of Easter Sunday, in the Gregorian calendar, as Meeus, Jones and Butcher reckon it."""
    moon = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century + 8) // 25
    lunar = (century - correction + 1) // 3
    epact = (19 * moon + century - leap_centuries - lunar + 15) % 30
    leap_years, year_rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    late = (moon + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return month, day + 1


def is_leap(year: int) -> bool:
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


def length_of_month(year: int, month: int) -> int:
    if month in _LONG:
        return 31
    return 30 if month in _SHORT else 29 if is_leap(year) else 28


@cache
def table() -> tuple[Day, ...]:
    """Every day from 1 January of the first year, which was a Wednesday, to 31 December of the last."""
    bare = list(_walk())
    holidays = {index: _statutory(*day) for index, day in enumerate(bare)}
    for index, day in enumerate(bare):
        if day[1:] == easter(day[0]):
            holidays |= {index + after: name for after, name in _MOVABLE.items()}
    return tuple(Day(*day, (_WEDNESDAY - 1 + index) % 7 + 1, holidays[index]) for index, day in enumerate(bare))


@cache
def places() -> dict[tuple[int, int, int], int]:
    """Where in the table each day stands, by year, month and day."""
    return {day[:3]: index for index, day in enumerate(table())}


def _walk() -> Iterator[tuple[int, int, int]]:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            for day in range(1, length_of_month(year, month) + 1):
                yield year, month, day


def _statutory(year: int, month: int, day: int) -> str | None:
    if (month, day) == (12, 24) and year >= 2025:
        return "Wigilia Bożego Narodzenia"
    if (year, month, day) == (2018, 11, 12):
        return "Święto Narodowe z okazji Setnej Rocznicy Odzyskania Niepodległości"
    return _FIXED.get((month, day))
