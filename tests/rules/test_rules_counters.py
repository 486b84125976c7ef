"""Counters: thresholds of absences, sick days and days off."""

from datetime import date

import pytest

from rules.counters import allowance, counter, standing


def test_an_absence_is_told_on_the_second_and_third_day_and_the_fourth_costs_the_month() -> None:
    absences = counter("unexcused_absence", date(2026, 3, 2), date(2026, 3, 2))
    assert absences is not None
    assert [standing(absences, n).level for n in range(5)] == ["below", "below", "warned", "warned", "over"]
    assert [standing(absences, n).left for n in range(5)] == [3, 2, 1, 0, 0]


@pytest.mark.parametrize(
    ("started", "day", "limit"),
    [("2021-06-01", "2022-02-14", 14), ("2021-06-01", "2022-02-15", 21), ("2022-03-01", "2022-03-01", 21)],
)
def test_people_in_the_programme_have_had_the_new_limit_of_sick_days_too(started: str, day: str, limit: int) -> None:
    found = counter("sick_days", date.fromisoformat(started), date.fromisoformat(day))
    assert found is not None
    assert found.limit == limit


@pytest.mark.parametrize(
    ("started", "limit"), [("2015-03-02", 4), ("2015-10-23", 4), ("2015-10-24", 6), ("2022-02-14", 6)]
)
def test_days_off_are_those_of_the_law_at_the_start_and_older_law_gave_none_for_an_extension(
    started: str, limit: int
) -> None:
    found = counter("days_off", date.fromisoformat(started), date(2022, 6, 1))
    assert found is not None
    assert (found.limit, allowance(found, 12)) == (limit, limit)


@pytest.mark.parametrize(("months", "days"), [(0, 6), (1, 6), (2, 7), (6, 9), (12, 12), (15, 12)])
def test_an_extension_brings_days_off_in_proportion(months: int, days: int) -> None:
    found = counter("days_off", date(2026, 3, 2), date(2026, 3, 2))
    assert found is not None
    assert allowance(found, months) == days
    assert standing(found, days, months).level == "warned"
    assert standing(found, days + 1, months).level == "over"


def test_there_is_no_counter_before_its_time_and_none_of_another_name() -> None:
    assert counter("days_off", date(2014, 12, 31), date(2014, 12, 31)) is None
    assert counter("headaches", date(2026, 3, 2), date(2026, 3, 2)) is None
