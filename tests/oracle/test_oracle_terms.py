"""Every term from every day of 36 years: the rules beside the oracle."""

from collections.abc import Callable, Sequence
from datetime import datetime, time

import pytest

from oracle.clock import at
from oracle.days import table
from oracle.terms import counted_from, end, period_end, rolled
from rules.calendar import Calendar, calendar
from rules.terms import Question, reckon
from tests.oracle.asking import CLOSING, NOON, length_of
from tests.oracle.table import compared, dates, every_fifth, moment

Counted = Callable[[int], None]

LENGTHS = [
    "0d", "1d", "3d", "7d", "14d", "30d", "1wd", "2wd", "3wd", "5wd", "14wd", "1w", "2w", "1m", "2m", "3m", "6m", "11m",
    "18m", "1y", "2y", "eom", "eom+3wd", "1m+7d", "1m+3wd", "31.03", "10.next",
]  # fmt: skip
WITH_CLOSING_DAYS = ["7d", "3wd", "14wd", "1m", "10.next"]
PERIODS = ["30d", "4w", "1m", "11m", "12m", "1y"]

CLOSED = frozenset(
    index for index, day in enumerate(table()) if (day.day % 11 == 2 and day.month % 2 == 0) or day[1:3] == (1, 2)
)
"""Closing days of an institution, some of them days off anyhow."""

NOONS = {each: moment(at(each, 12)) for each in compared()}


@pytest.fixture(scope="module")
def closing() -> Calendar:
    days = {dates()[each]: CLOSING for each in CLOSED}
    return calendar().with_days("1", {}, {"cis-poraj": days}).of("cis-poraj")


def differing(
    asking: Callable[[datetime], Question],
    expected: Callable[[int], tuple[int, int]],
    days: Calendar,
    of: Sequence[int],
) -> list[str]:
    """Where the rules find another end, or another day to which it rolls, than the oracle."""
    wrong = []
    for each in of:
        found, (plain, last) = reckon(asking(NOONS[each]), days), expected(each)
        if (found.end, found.due_day) != (dates()[plain], dates()[last]):
            wrong.append(f"from {dates()[each]}: {found.end}, {found.due_day}, not {dates()[plain]}, {dates()[last]}")
    return wrong


@pytest.mark.parametrize("expression", LENGTHS)
def test_a_term_ends_and_rolls_to_the_same_day_from_every_day(expression: str, counted: Counted) -> None:
    length = length_of(expression)

    def both(each: int) -> tuple[int, int]:
        plain = end(expression, each)
        return plain, rolled(plain)

    assert differing(lambda at: Question(length, at, roll_forward=True), both, calendar(), compared()) == []
    counted(2 * len(compared()))


@pytest.mark.parametrize("expression", LENGTHS)
def test_a_term_that_does_not_roll_ends_where_it_ends(expression: str, counted: Counted) -> None:
    length = length_of(expression)

    def plain(each: int) -> tuple[int, int]:
        return (last := end(expression, each)), last

    assert differing(lambda at: Question(length, at), plain, calendar(), every_fifth()) == []
    counted(len(every_fifth()))


@pytest.mark.parametrize("expression", WITH_CLOSING_DAYS)
def test_closing_days_are_passed_over_alike(expression: str, closing: Calendar, counted: Counted) -> None:
    length = length_of(expression)

    def both(each: int) -> tuple[int, int]:
        return end(expression, each, closed=CLOSED), end(expression, each, closed=CLOSED, roll=True)

    assert differing(lambda at: Question(length, at, roll_forward=True), both, closing, compared()) == []
    counted(2 * len(compared()))


@pytest.mark.parametrize("expression", PERIODS)
def test_a_period_of_participation_ends_alike_and_never_rolls(expression: str, counted: Counted) -> None:
    length = length_of(expression)

    def plain(each: int) -> tuple[int, int]:
        return (last := period_end(expression, each)), last

    asking = lambda at: Question(length, at, period=True, roll_forward=True)  # noqa: E731
    assert differing(asking, plain, calendar(), compared()) == []
    counted(len(compared()))


@pytest.mark.parametrize("expression", ["3wd", "7d", "1m"])
@pytest.mark.parametrize("minutes", [14 * 60 + 59, 15 * 60, 15 * 60 + 1])
def test_what_comes_after_the_cut_off_counts_as_of_the_next_working_day(expression: str, minutes: int) -> None:
    length, days, cut_off = length_of(expression), calendar(), time(15, 0)
    for each in every_fifth():
        event = moment(at(each, minutes // 60, minutes % 60))
        found = reckon(Question(length, event, cut_off=cut_off), days).due_day
        assert found == dates()[end(expression, counted_from(each, minutes, 15 * 60))]


@pytest.mark.parametrize("minutes", [0, 1, NOON, 23 * 60 + 59])
def test_the_hour_of_the_event_does_not_matter_and_the_last_second_of_the_day_is_in_time(minutes: int) -> None:
    length, days = length_of("7d"), calendar()
    for each in every_fifth():
        found = reckon(Question(length, moment(at(each, minutes // 60, minutes % 60)), roll_forward=True), days)
        assert found.due_at == moment(at(rolled(each + 7), 23, 59) + 59)


@pytest.mark.parametrize("n", [5, 90, 1440])
def test_minutes_pass_by_the_clock_of_the_world_also_in_the_nights_of_change(n: int) -> None:
    length, days = length_of(f"{n}min"), calendar()
    for each in every_fifth():
        begun = at(each, 1, 45)
        assert reckon(Question(length, moment(begun)), days).due_at == moment(begun + n * 60)
