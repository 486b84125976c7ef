"""Which days nobody works: the rules and the oracle, day by day, and days that everybody can look up."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from oracle.days import SATURDAY, SUNDAY, easter, table
from oracle.terms import rolled
from rules.calendar import add_working_days, day_off, is_working_day, roll_forward
from tests.oracle.table import compared, dates, place

WEEKEND = {SATURDAY: {"pl": "sobota", "en": "Saturday"}, SUNDAY: {"pl": "niedziela", "en": "Sunday"}}


def test_the_table_of_the_oracle_is_the_calendar() -> None:
    assert len(compared()) == 13_149
    assert dates()[0] == date(2014, 1, 1)
    assert all(later - day == timedelta(days=1) for day, later in zip(dates(), dates()[1:], strict=False))
    assert all(day.weekday == found.isoweekday() for day, found in zip(table(), dates(), strict=True))


def test_nobody_works_on_the_same_days_in_all_36_years(record_property: Callable[[str, object], None]) -> None:
    differing = [dates()[each] for each in compared() if is_working_day(dates()[each]) == table()[each].is_off]
    assert differing == []
    record_property("counted", ("days compared with the oracle", len(compared())))


def test_each_holiday_of_the_statute_goes_by_one_name_and_no_two_share_one() -> None:
    names: dict[str, set[tuple[str, str]]] = {}
    for each in compared():
        why = day_off(dates()[each])
        day = table()[each]
        if day.holiday is not None:
            assert why is not None
            names.setdefault(day.holiday, set()).add((why["pl"], why["en"]))
        else:
            assert why == WEEKEND.get(day.weekday)
    assert len(names) == 15  # fourteen of the act of 1951, and 12 November 2018
    assert all(len(said) == 1 for said in names.values())
    assert len({name for said in names.values() for name in said}) == len(names)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2015, 4, 5), (2016, 3, 27), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25), (2049, 4, 18)],
)
def test_easter_is_when_it_was_and_will_be(year: int, month: int, day: int) -> None:
    assert easter(year) == (month, day)
    assert not is_working_day(date(year, month, day) + timedelta(days=1))
    assert not is_working_day(date(year, month, day) + timedelta(days=60))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 12, 24), True),
        (date(2025, 12, 24), False),
        (date(2025, 12, 31), True),
        (date(2026, 5, 2), False),  # a Saturday; no holiday by itself:
        (date(2025, 5, 2), True),
        (date(2018, 11, 12), False),  # for everybody, Dz.U. 2018 poz. 2117 art. 2
        (date(2019, 11, 12), True),
        (date(2015, 1, 6), False),
        (date(2026, 6, 4), False),
        (date(2024, 2, 29), True),
        (date(2050, 12, 24), False),
    ],
)
def test_days_that_are_often_got_wrong(day: date, works: bool) -> None:
    assert is_working_day(day) is works
    assert table()[place(day)].is_off is not works


@pytest.mark.parametrize("n", [1, 3, 10, 14])
def test_working_days_are_counted_alike_in_both_directions_from_every_day(n: int) -> None:
    working = [each for each in range(len(table())) if not table()[each].is_off]
    for each in compared():
        assert add_working_days(dates()[each], n) == dates()[working[bisect_right(working, each) - 1 + n]]
        assert add_working_days(dates()[each], -n) == dates()[working[bisect_left(working, each) - n]]


def test_rolling_forward_is_alike_from_every_day() -> None:
    assert all(roll_forward(dates()[each]) == dates()[rolled(each)] for each in compared())
