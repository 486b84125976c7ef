"""Terms: when each kind of length ends."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.paths import Stop
from rules.calendar import calendar, local_day
from rules.lengths import parse
from rules.terms import Question, reckon
from tests.rules.reckoning import START_OF_TIME, asked, closed, due, due_time, stop


@pytest.mark.parametrize(
    ("length", "base", "ends"),
    [
        ("0d", "2026-03-07", "2026-03-07"),
        ("7d", "2026-03-03", "2026-03-10"),
        ("14wd", "2026-03-03", "2026-03-23"),
        ("2w", "2026-03-03", "2026-03-17"),
        ("1m", "2026-03-03", "2026-04-03"),
        ("1m", "2026-01-31", "2026-02-28"),
        ("1m", "2028-01-31", "2028-02-29"),
        ("1m", "2026-04-30", "2026-05-30"),
        ("1m", "2026-12-31", "2027-01-31"),
        ("1y", "2028-02-29", "2029-02-28"),
        ("4y", "2028-02-29", "2032-02-29"),
        ("1m+7d", "2026-01-31", "2026-03-07"),
        ("1m+2wd", "2026-01-30", "2026-03-03"),
        ("eom", "2026-02-01", "2026-02-28"),
        ("eom", "2028-02-29", "2028-02-29"),
        ("eom+3wd", "2026-12-01", "2027-01-07"),
        ("10.next", "2026-12-31", "2027-01-10"),
        ("31.03", "2026-01-01", "2026-03-31"),
        ("31.03", "2026-03-31", "2027-03-31"),
        ("31.03", "2026-04-01", "2027-03-31"),
    ],
)
def test_a_term_ends_on_this_day(length: str, base: str, ends: str) -> None:
    assert due(length, base) == ends


@pytest.mark.parametrize(
    ("length", "base", "ends"),
    [
        ("7d", "2026-02-28", "2026-03-09"),
        ("7d", "2026-05-28", "2026-06-05"),
        ("1m", "2026-07-15", "2026-08-17"),
        ("1m", "2025-11-24", "2025-12-29"),
        ("1m", "2024-11-24", "2024-12-24"),
        ("30d", "2026-03-06", "2026-04-07"),
    ],
)
def test_a_procedural_term_moves_to_the_next_working_day(length: str, base: str, ends: str) -> None:
    assert due(length, base, roll_forward=True) == ends


@pytest.mark.parametrize(
    ("length", "first", "last"),
    [
        ("1m", "2026-03-03", "2026-04-02"),
        ("11m", "2026-04-03", "2027-03-02"),
        ("1m", "2026-01-31", "2026-02-28"),
        ("1m", "2026-01-29", "2026-02-28"),
        ("1m", "2026-01-28", "2026-02-27"),
        ("1m", "2026-03-31", "2026-04-30"),
        ("1m", "2026-03-01", "2026-03-31"),
        ("1y", "2028-02-29", "2029-02-28"),
        ("12m", "2026-01-01", "2026-12-31"),
        ("30d", "2026-03-03", "2026-04-01"),
        ("1w", "2026-03-02", "2026-03-08"),
    ],
)
def test_a_period_begins_with_its_first_day_and_is_never_moved(length: str, first: str, last: str) -> None:
    assert due(length, first, period=True) == last


def test_trial_and_main_period_together_are_a_year_without_a_day_in_both() -> None:
    trial_ends = date.fromisoformat(due("1m", "2026-03-03", period=True))
    main_ends = due("11m", (trial_ends + timedelta(days=1)).isoformat(), period=True)
    assert main_ends == due("12m", "2026-03-03", period=True)


@pytest.mark.parametrize(
    ("base", "ends"),
    [
        ("2026-03-04T15:00:00", "2026-03-05"),
        ("2026-03-04T15:00:01", "2026-03-06"),
        ("2026-03-06T16:00:00", "2026-03-10"),
        ("2026-03-07T10:00:00", "2026-03-10"),
    ],
)
def test_what_comes_after_the_cut_off_hour_counts_as_of_the_next_working_day(base: str, ends: str) -> None:
    assert due("1wd", base, cut_off=time(15)) == ends


@pytest.mark.parametrize(
    ("length", "base", "ends"),
    [
        ("8oh", "2026-03-03T10:00:00", "2026-03-04 10:00"),
        ("8oh", "2026-03-03T07:30:00", "2026-03-03 15:30"),
        ("1oh", "2026-03-03T03:00:00", "2026-03-03 08:30"),
        ("1oh", "2026-03-06T15:00:00", "2026-03-09 08:00"),
        ("1oh", "2026-03-07T12:00:00", "2026-03-09 08:30"),
        ("2oh", "2025-12-23T14:30:00", "2025-12-29 08:30"),
        ("16oh", "2026-03-27T07:30:00", "2026-03-30 15:30"),
    ],
)
def test_office_hours_pass_only_while_offices_work(length: str, base: str, ends: str) -> None:
    assert due_time(length, base) == ends


@pytest.mark.parametrize(
    ("length", "more", "ends"),
    [
        ("7d", {"roll_forward": True}, "2026-03-16"),
        ("2wd", {}, "2026-03-09"),
        ("1m", {}, "2026-04-07"),
        ("eom", {}, "2026-04-04"),
        ("1m", {"period": True}, "2026-04-06"),
    ],
)
def test_the_time_of_a_stop_is_added(length: str, more: dict[str, Any], ends: str) -> None:
    """From Tuesday 3 March, stopped on Thursday 5 March, going on on Monday 9 March."""
    assert due(length, "2026-03-03", stops=(stop("2026-03-05", "2026-03-09"),), **more) == ends


def test_a_stop_of_hours_is_added_to_a_term_in_minutes_and_of_office_hours_to_one_in_those() -> None:
    lunch = Stop(since=asked("1d", "2026-03-03T12:00:00").base_at, until=None, event="info_requested")
    hour = lunch.model_copy(update={"until": lunch.since + timedelta(hours=1)})
    assert due_time("90min", "2026-03-03T11:00:00", stops=(hour,)) == "2026-03-03 13:30"
    night = lunch.model_copy(update={"until": lunch.since + timedelta(days=1)})
    assert due_time("3oh", "2026-03-03T11:00:00", stops=(night,)) == "2026-03-04 14:00"


def test_stops_that_overlap_are_counted_once_and_one_that_goes_on_not_yet() -> None:
    twice = (stop("2026-03-05", "2026-03-09"), stop("2026-03-06", "2026-03-10"))
    assert due("10d", "2026-03-03", stops=twice) == due("10d", "2026-03-03", stops=(stop("2026-03-05", "2026-03-10"),))
    assert due("10d", "2026-03-03", stops=(stop("2026-03-05", None),)) == "2026-03-13"


def test_a_stop_after_the_end_changes_nothing() -> None:
    assert due("3d", "2026-03-03", stops=(stop("2026-03-07", "2026-03-20"),)) == "2026-03-06"


def test_a_stop_between_the_end_and_the_working_day_it_moves_to_keeps_what_was_left() -> None:
    sunday = (stop("2026-03-08", "2026-03-11"),)
    assert due("4d", "2026-03-03", roll_forward=True) == "2026-03-09"
    assert due("4d", "2026-03-03", roll_forward=True, stops=sunday) == "2026-03-12"


def test_what_stopped_on_its_last_day_is_not_over_before_it_goes_on() -> None:
    assert due("3wd", "2026-03-03", stops=(stop("2026-03-06", "2026-03-08"),)) == "2026-03-09"


def test_stops_that_overlap_on_the_last_day_are_one() -> None:
    overlapping = (stop("2026-03-06", "2026-03-07"), stop("2026-03-06", "2026-03-10"))
    assert due("3wd", "2026-03-03", stops=(overlapping[1],)) == "2026-03-10"
    assert due("3wd", "2026-03-03", stops=overlapping) == "2026-03-10"


def test_a_stop_before_the_first_day_that_counts_takes_nothing_away() -> None:
    friday_evening = "2026-03-06T16:00:00"
    pause = Stop(
        since=asked("1d", "2026-03-06T17:00:00").base_at,
        until=asked("1d", "2026-03-09T10:00:00").base_at,
        event="info_requested",
    )
    assert due("7d", friday_evening, cut_off=time(15)) == due("7d", friday_evening, cut_off=time(15), stops=(pause,))


def test_closing_days_are_days_off_of_one_institution_only() -> None:
    found = closed("ops-poraj", "2026-03-05", "2026-03-06")
    assert due("3wd", "2026-03-03", found.of("ops-poraj")) == "2026-03-10"
    assert due("3wd", "2026-03-03", found.of("cis-poraj")) == due("3wd", "2026-03-03", found) == "2026-03-06"
    assert found.of("cis-poraj") is found
    assert due_time("8oh", "2026-03-04T10:00:00", found.of("ops-poraj")) == "2026-03-09 10:00"


def test_a_change_gives_no_end_before_the_day_it_is_in_force() -> None:
    assert due("5d", "2026-03-02", not_before=date(2026, 3, 14)) == "2026-03-14"
    assert due("5d", "2026-03-02", not_before=date(2026, 3, 14), roll_forward=True) == "2026-03-16"
    assert due("5d", "2026-03-02", not_before=date(2026, 3, 4)) == "2026-03-07"


def test_a_term_to_a_named_day_needs_one() -> None:
    with pytest.raises(ValueError, match="must name the day"):
        due("due_on", "2026-03-03")
    assert due("due_on+3wd", "2026-03-03", named_on=date(2026, 3, 6)) == "2026-03-11"


lengths = st.sampled_from(["0d", "1d", "7d", "30d", "1wd", "14wd", "2w", "1m", "11m", "1y", "eom", "1m+7d", "eom+3wd"])
instants = st.timedeltas(timedelta(0), timedelta(days=36 * 365)).map(lambda after: START_OF_TIME + after)
stays = st.timedeltas(timedelta(0), timedelta(days=40))


@given(length=lengths, at=instants, roll=st.booleans())
def test_no_term_ends_before_its_event_and_a_rolled_one_ends_on_a_working_day(
    length: str, at: datetime, roll: bool
) -> None:
    found = reckon(Question(parse(length), at, roll_forward=roll), calendar())
    assert found.due_at >= at.replace(microsecond=0)
    assert local_day(found.due_at) == found.due_day >= found.end
    assert not roll or calendar().is_working_day(found.due_day)


@given(length=lengths, at=instants, ahead=stays, roll=st.booleans())
def test_a_later_event_never_ends_earlier(length: str, at: datetime, ahead: timedelta, roll: bool) -> None:
    first, second = (Question(parse(length), base, roll_forward=roll) for base in (at, at + ahead))
    assert reckon(first, calendar()).due_at <= reckon(second, calendar()).due_at


@given(length=st.sampled_from(["1d", "30d", "2w", "1m", "11m", "1y", "1m+7d"]), at=instants)
def test_a_period_lasts_a_day_less_than_the_term_or_to_the_end_of_the_month(length: str, at: datetime) -> None:
    term, period = (reckon(Question(parse(length), at, period=each), calendar()) for each in (False, True))
    assert period.due_day in (term.due_day, term.due_day - timedelta(days=1))
    assert period.due_day != term.due_day or term.due_day.day >= 28


@given(length=lengths, at=instants, gaps=st.lists(stays, min_size=2, max_size=6), roll=st.booleans())
def test_what_was_left_before_a_stop_is_left_after_it(
    length: str, at: datetime, gaps: list[timedelta], roll: bool
) -> None:
    moments = [at]
    for gap in gaps:
        moments.append(moments[-1] + gap)
    stops = tuple(
        Stop(since=since, until=until, event="info_requested") for since, until in list(pairwise(moments[1:]))[::2]
    )
    plain = reckon(Question(parse(length), at, roll_forward=roll), calendar())
    found = reckon(Question(parse(length), at, roll_forward=roll, stops=stops), calendar())
    assert found.due_at >= plain.due_at
    counted = [each for each in stops if each.since <= plain.due_at]
    assert all(found.due_day >= local_day(each.until) for each in counted[:1] if each.until)


@given(length=lengths, at=instants, roll=st.booleans())
def test_standing_still_for_no_time_changes_nothing(length: str, at: datetime, roll: bool) -> None:
    nothing = (Stop(since=at, until=at, event="info_requested"),)
    questions = (Question(parse(length), at, roll_forward=roll, stops=stops) for stops in ((), nothing))
    assert len({reckon(question, calendar()).due_at for question in questions}) == 1
