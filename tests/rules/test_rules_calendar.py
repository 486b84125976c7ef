"""Working days in Poland, and local days on the UTC line."""

from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import (
    add_working_days,
    at_local,
    calendar_version,
    day_off,
    day_text,
    end_of_day,
    is_working_day,
    local_day,
    roll_forward,
)

days = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))
instants = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20 * 365)).map(
    lambda after: datetime(2015, 1, 1, tzinfo=UTC) + after
)


def between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("day", "pl", "en"),
    [
        (date(2026, 2, 7), "sobota", "Saturday"),
        (date(2026, 2, 8), "niedziela", "Sunday"),
        (date(2025, 12, 24), "Wigilia Bożego Narodzenia", "Christmas Eve"),
        (date(2026, 6, 4), "Dzień Bożego Ciała", "Corpus Christi"),
        (date(2026, 8, 15), "Wniebowzięcie Najświętszej Maryi Panny", "Assumption Day"),
    ],
)
def test_a_day_off_has_its_reason(day: date, pl: str, en: str) -> None:
    assert day_off(day) == {"pl": pl, "en": en}


def test_christmas_eve_is_off_since_2025() -> None:
    assert is_working_day(date(2024, 12, 24))
    assert not is_working_day(date(2025, 12, 24))


def test_the_calendar_version_is_that_of_the_holiday_table() -> None:
    assert calendar_version == version("holidays")


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 2, 3), 3, date(2026, 2, 6)),
        (date(2026, 2, 6), 1, date(2026, 2, 9)),
        (date(2026, 2, 7), 1, date(2026, 2, 9)),
        (date(2025, 12, 23), 1, date(2025, 12, 29)),
        (date(2026, 2, 9), -1, date(2026, 2, 6)),
        (date(2026, 2, 8), -1, date(2026, 2, 6)),
        (date(2026, 2, 8), 0, date(2026, 2, 8)),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: date, n: int, expected: date) -> None:
    assert add_working_days(day, n) == expected


@given(day=days, n=st.integers(min_value=1, max_value=30))
def test_between_a_day_and_the_nth_working_day_after_it_lie_n_working_days(day: date, n: int) -> None:
    found = add_working_days(day, n)
    assert is_working_day(found)
    assert sum(is_working_day(each) for each in between(day + timedelta(days=1), found)) == n


@given(day=days, n=st.integers(min_value=1, max_value=30))
def test_between_a_day_and_the_nth_working_day_before_it_lie_n_working_days(day: date, n: int) -> None:
    found = add_working_days(day, -n)
    assert is_working_day(found)
    assert sum(is_working_day(each) for each in between(found, day - timedelta(days=1))) == n


@given(day=days, ahead=st.integers(min_value=0, max_value=20), n=st.integers(min_value=-10, max_value=10))
def test_a_later_start_never_gives_an_earlier_end(day: date, ahead: int, n: int) -> None:
    assert add_working_days(day, n) <= add_working_days(day + timedelta(days=ahead), n)


@given(day=days, n=st.integers(min_value=-10, max_value=10))
def test_one_more_working_day_is_later(day: date, n: int) -> None:
    assert add_working_days(day, n) < add_working_days(day, n + 1)


@given(day=days)
def test_rolling_forward_ends_on_the_first_working_day_not_before(day: date) -> None:
    rolled = roll_forward(day)
    assert is_working_day(rolled)
    assert not any(is_working_day(each) for each in between(day, rolled)[:-1])


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_its_local_midnight_when_clocks_change(day: date, ends: datetime) -> None:
    assert end_of_day(day) == ends
    assert local_day(ends) == day
    assert local_day(ends + timedelta(seconds=1)) == day + timedelta(days=1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 5), 24)])
def test_a_day_has_as_many_hours_as_the_clock_gives_it(day: date, hours: int) -> None:
    assert end_of_day(day) - end_of_day(day - timedelta(days=1)) == timedelta(hours=hours)


@pytest.mark.parametrize("hour", [0, 1])
def test_both_passes_of_the_repeated_hour_belong_to_the_same_day(hour: int) -> None:
    assert local_day(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) == date(2026, 10, 25)


@given(instant=instants)
def test_an_instant_lies_within_its_local_day(instant: datetime) -> None:
    day = local_day(instant)
    assert end_of_day(day - timedelta(days=1)) < instant
    assert instant < end_of_day(day) + timedelta(seconds=1)


@given(day=days)
def test_the_end_of_a_day_is_given_in_utc(day: date) -> None:
    assert end_of_day(day).tzinfo is UTC


def test_a_local_time_is_an_instant_of_that_day() -> None:
    half_past_six = datetime.fromisoformat("2026-07-01T06:30").time()
    assert at_local(date(2026, 7, 1), half_past_six) == datetime(2026, 7, 1, 4, 30, tzinfo=UTC)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        local_day(datetime(2026, 2, 3, 12, tzinfo=UTC).replace(tzinfo=None))


def test_a_day_is_written_as_people_read_it() -> None:
    assert day_text(date(2026, 2, 3)) == {"pl": "3.02.2026", "en": "3 February 2026"}
