"""When days begin and end: the clock of Poland, by the hour, against the rules."""

from datetime import UTC, date, datetime, time

import pytest

from oracle.clock import at, begins, hours_of, last_second
from rules.calendar import at_local, end_of_day, local_day
from tests.oracle.table import compared, dates, moment, place


def test_every_day_ends_at_the_same_instant() -> None:
    differing = [dates()[each] for each in compared() if end_of_day(dates()[each]) != moment(last_second(each))]
    assert differing == []


def test_the_first_and_the_last_second_of_a_day_are_of_that_day() -> None:
    for each in compared():
        assert local_day(moment(begins(each))) == local_day(moment(last_second(each))) == dates()[each]


@pytest.mark.parametrize("hour", range(24))
def test_every_hour_on_the_days_of_change_is_at_the_same_instant(hour: int) -> None:
    changes = [each for each in compared() if hours_of(each) != 24]
    assert len(changes) == 2 * 36
    for each in changes:
        assert at_local(dates()[each], time(hour, 30)) == moment(at(each, hour, 30))


def test_reminders_of_the_morning_are_sent_at_the_same_instant_on_every_day() -> None:
    assert all(at_local(dates()[each], time(6, 30)) == moment(at(each, 6, 30)) for each in compared())


@pytest.mark.parametrize(
    ("day", "hours", "ends"),
    [
        (date(2026, 3, 29), 23, datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), 25, datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 24), 24, datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC)),
        (date(2024, 2, 29), 24, datetime(2024, 2, 29, 22, 59, 59, tzinfo=UTC)),
        (date(2025, 12, 31), 24, datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_nights_in_which_the_clock_is_changed(day: date, hours: int, ends: datetime) -> None:
    assert hours_of(place(day)) == hours
    assert moment(last_second(place(day))) == end_of_day(day) == ends
