"""Office hours, and the days on which one institution is closed."""

from bisect import bisect_left
from datetime import date, time, timedelta

import pytest

from oracle.clock import at
from oracle.days import table
from oracle.office import end, quarters
from oracle.terms import is_off, rolled
from rules.calendar import Calendar, calendar
from tests.oracle.asking import CLOSING
from tests.oracle.table import compared, dates, moment, place

OPENS, CLOSES = 7 * 60 + 30, 15 * 60 + 30
CLOSED = frozenset(
    each for each in range(len(table())) if table()[each].day in (2, 13, 24) and table()[each].month in (1, 5, 8, 12)
)
"""Among them days that nobody works on anyhow."""


@pytest.fixture(scope="module")
def closing() -> Calendar:
    days = {dates()[each]: CLOSING for each in CLOSED}
    return calendar().with_days("1", {}, {"cis-poraj": days}).of("cis-poraj")


def test_an_office_is_open_at_the_same_hours() -> None:
    assert (calendar().hours.opens, calendar().hours.closes) == (time(7, 30), time(15, 30))


@pytest.mark.parametrize(
    ("hours", "minutes"), [(1, 0), (4, 10 * 60), (8, 12 * 60 + 15), (8, 15 * 60 + 30), (20, 22 * 60)]
)
def test_office_hours_pass_alike_from_every_day(hours: int, minutes: int) -> None:
    for each in compared():
        event = at(each, minutes // 60, minutes % 60)
        found = calendar().add_office_time(moment(event), timedelta(hours=hours))
        assert found == moment(end(hours, event, OPENS, CLOSES))


def test_office_hours_between_two_instants_are_those_of_the_list() -> None:
    every = quarters(OPENS, CLOSES)
    for each in range(compared()[0], compared()[-1], 7):
        since, until = at(each, 9, 15), at(each + each % 11, 13, 45)
        opened = bisect_left(every, until) - bisect_left(every, since)
        assert calendar().office_time(moment(since), moment(until)) == timedelta(minutes=15 * opened)


def test_a_closed_institution_counts_its_own_days_besides(closing: Calendar) -> None:
    for each in compared():
        assert closing.is_working_day(dates()[each]) is not is_off(each, CLOSED)
        assert closing.roll_forward(dates()[each]) == dates()[rolled(each, CLOSED)]
    assert not closing.is_working_day(date(2026, 1, 2))
    assert calendar().is_working_day(date(2026, 1, 2))


def test_office_hours_pass_over_closing_days(closing: Calendar) -> None:
    for each in compared():
        event = at(each, 14, 0)
        found = closing.add_office_time(moment(event), timedelta(hours=8))
        assert found == moment(end(8, event, OPENS, CLOSES, CLOSED))


@pytest.mark.parametrize(
    ("event", "hours", "due"),
    [
        ((date(2026, 2, 3), 10, 0), 8, (date(2026, 2, 4), 10, 0)),
        ((date(2026, 2, 3), 7, 0), 8, (date(2026, 2, 3), 15, 30)),
        ((date(2026, 2, 3), 16, 0), 1, (date(2026, 2, 4), 8, 30)),
        ((date(2026, 3, 27), 14, 30), 2, (date(2026, 3, 30), 8, 30)),  # over the night of the shorter day
        ((date(2026, 10, 23), 14, 30), 2, (date(2026, 10, 26), 8, 30)),  # and of the longer one
        ((date(2025, 12, 23), 15, 0), 1, (date(2025, 12, 29), 8, 0)),
    ],
)
def test_office_hours_of_a_person(event: tuple[date, int, int], hours: int, due: tuple[date, int, int]) -> None:
    begun, ends = at(place(event[0]), *event[1:]), at(place(due[0]), *due[1:])
    assert end(hours, begun, OPENS, CLOSES) == ends
    assert calendar().add_office_time(moment(begun), timedelta(hours=hours)) == moment(ends)
