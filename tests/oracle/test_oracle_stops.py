"""The clock stands still and goes on: the rules beside the oracle, and what a person would say."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from contracts.paths import Stop
from oracle.clock import at
from oracle.office import QUARTER, quarters
from oracle.office import end as end_in_office_hours
from oracle.terms import end
from rules.calendar import calendar
from rules.terms import Question, reckon
from tests.oracle.asking import NOON, STOPPED_BY, asked, explained, length_of, on_the_clock
from tests.oracle.reading import dates_in
from tests.oracle.table import dates, every_fifth, moment

Counted = Callable[[int], None]

OPENS, CLOSES = 7 * 60 + 30, 15 * 60 + 30
LENGTHS = ["7d", "14d", "3wd", "14wd", "2w", "1m", "11m", "eom", "10.next"]


def stopped(*days: tuple[int, int]) -> tuple[Stop, ...]:
    return tuple(
        Stop(since=moment(at(since, 12)), until=moment(at(until, 12, 1)), event=STOPPED_BY) for since, until in days
    )


def one(each: int) -> list[tuple[int, int]]:
    """A stop of up to a fortnight, before, in and after the term, another on each day."""
    since = each - 3 + each * 7 % 29
    return [(since, since + each * 5 % 15)]


def several(each: int) -> list[tuple[int, int]]:
    """Three stops one after the other."""
    first, second = each + each % 4, each + 9 + each % 5
    return [(first, first + each % 6), (second, second + each % 7), (second + 9, second + 9 + each % 3)]


@pytest.mark.parametrize("stops", [one, several])
@pytest.mark.parametrize("roll", [False, True])
@pytest.mark.parametrize("expression", LENGTHS)
def test_a_stopped_term_ends_on_the_same_day(
    expression: str, roll: bool, stops: Callable[[int], list[tuple[int, int]]], counted: Counted
) -> None:
    length, days = length_of(expression), calendar()
    for each in every_fifth():
        asking = Question(length, moment(at(each, 12)), stops=stopped(*stops(each)), roll_forward=roll)
        found = dates()[end(expression, each, roll=roll, stops=stops(each))]
        assert reckon(asking, days).due_day == found, f"from {dates()[each]}, stopped {stops(each)}"
    counted(len(every_fifth()))


@pytest.mark.parametrize("hours", [2, 8, 20])
def test_office_hours_stand_still_as_well(hours: int) -> None:
    """As much office time is left when the clock goes on as there was when it stopped."""
    length, days, opened = length_of(f"{hours}oh"), calendar(), quarters(OPENS, CLOSES)
    for each in every_fifth():
        begun = at(each, 9, 0)
        since, until = at(each + each % 3, 10, 30), at(each + each % 3 + each % 5, 14, 15)
        due = end_in_office_hours(hours, begun, OPENS, CLOSES)
        if since < due:
            left = bisect_left(opened, due) - bisect_left(opened, since)
            due = opened[bisect_left(opened, until) + left - 1] + QUARTER
        stop = Stop(since=moment(since), until=moment(until), event=STOPPED_BY)
        assert reckon(Question(length, moment(begun), stops=(stop,)), days).due_at == moment(due)


@pytest.mark.parametrize(
    ("expression", "event", "roll", "stops", "due"),
    [
        # four days of the pause: 6, 7, 8, 9 March
        ("7d", "2026-03-02", True, [("2026-03-05", "2026-03-09")], "2026-03-13"),
        ("14wd", "2026-03-03", False, [("2026-03-05", "2026-03-09")], "2026-03-25"),
        # on the day of the event, on the last day, after it
        ("7d", "2026-03-02", False, [("2026-03-02", "2026-03-04")], "2026-03-11"),
        ("7d", "2026-03-02", False, [("2026-03-09", "2026-03-12")], "2026-03-12"),
        ("7d", "2026-03-02", False, [("2026-03-10", "2026-03-12")], "2026-03-09"),
        # on the day to which it rolled: Monday was still to come, or had begun
        ("5d", "2026-03-02", True, [("2026-03-08", "2026-03-12")], "2026-03-13"),
        ("5d", "2026-03-02", True, [("2026-03-09", "2026-03-12")], "2026-03-12"),
        # a pause that ends on a day off, of a term in working days that was to end on the day it began
        ("3wd", "2026-03-03", False, [("2026-03-06", "2026-03-08")], "2026-03-09"),
        # over the night in which the clock is changed, 29 February, the turn of the year
        ("7d", "2026-03-26", False, [("2026-03-28", "2026-03-30")], "2026-04-04"),
        ("1m", "2028-01-31", False, [("2028-02-28", "2028-03-01")], "2028-03-02"),
        ("14d", "2025-12-22", True, [("2025-12-23", "2026-01-02")], "2026-01-15"),
        # twice, and twice at the same time
        ("7d", "2026-03-02", False, [("2026-03-03", "2026-03-04"), ("2026-03-06", "2026-03-08")], "2026-03-12"),
        ("7d", "2026-03-02", False, [("2026-03-03", "2026-03-06"), ("2026-03-05", "2026-03-08")], "2026-03-14"),
        ("3wd", "2026-03-03", False, [("2026-03-06", "2026-03-07"), ("2026-03-06", "2026-03-10")], "2026-03-10"),
    ],
)
def test_a_pause_is_added_as_a_person_would(
    expression: str, event: str, roll: bool, stops: list[tuple[str, str]], due: str
) -> None:
    days = [(date.fromisoformat(since), date.fromisoformat(until)) for since, until in stops]
    assert asked(expression, date.fromisoformat(event), roll=roll, stops=days) == date.fromisoformat(due)


def test_a_pause_before_the_day_that_counts_takes_nothing_away() -> None:
    """Friday after the hour counts as Monday; the pause was over by then."""
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    pause = Stop(since=on_the_clock(friday, 17 * 60), until=on_the_clock(monday, 10 * 60), event=STOPPED_BY)
    asking = Question(length_of("3wd"), on_the_clock(friday, 16 * 60), stops=(pause,), cut_off=time(15))
    assert reckon(asking, calendar()).due_day == date(2026, 3, 12)


def test_a_clock_that_still_stands_moves_nothing_yet() -> None:
    still = Stop(since=on_the_clock(date(2026, 3, 5), NOON), event=STOPPED_BY)
    asking = Question(length_of("7d"), on_the_clock(date(2026, 3, 2), NOON), stops=(still,))
    assert reckon(asking, calendar()).due_day == date(2026, 3, 9)


def test_minutes_stand_still_as_long_as_the_clock_did() -> None:
    begun = datetime.fromisoformat("2026-10-24T23:00:00+00:00")
    stop = Stop(since=begun + timedelta(minutes=10), until=begun + timedelta(hours=5), event=STOPPED_BY)
    found = reckon(Question(length_of("60min"), begun, stops=(stop,)), calendar())
    assert found.due_at == begun + timedelta(hours=5, minutes=50)


def test_the_pause_is_told_with_its_days_in_both_languages() -> None:
    due, words = explained("7d", date(2026, 3, 2), roll=True, stops=[(date(2026, 3, 5), date(2026, 3, 9))])
    assert due == date(2026, 3, 13)
    assert "doliczono 4 dni przerwy" in words["pl"]
    assert "5.03–9.03.2026" in words["pl"]
    assert "4 days" in words["en"]
    assert "5 March–9 March 2026" in words["en"]


@pytest.mark.parametrize(
    ("expression", "event", "stop", "dates"),
    [
        # the pause is told also where it added no working day, and so is a roll that came before it
        ("3wd", date(2026, 3, 3), (date(2026, 3, 6), date(2026, 3, 8)), ["3", "8", "9"]),
        ("5d", date(2026, 3, 2), (date(2026, 3, 8), date(2026, 3, 12)), ["2", "7", "9", "12", "13"]),
    ],
)
def test_every_step_to_the_last_day_is_told(
    expression: str, event: date, stop: tuple[date, date], dates: list[str]
) -> None:
    _, words = explained(expression, event, roll=True, stops=[stop])
    assert [str(day.day) for day in dates_in(words["pl"], "pl")] == dates
    assert "pytanie" in words["pl"]
    assert [day for day in dates_in(words["en"], "en") if day != stop[0]] == dates_in(words["pl"], "pl")
