"""Why a deadline was moved, in words."""

from datetime import UTC, date, datetime

from rules.book import read_book, shipped
from rules.changes import why
from tests.rules.opening import opened
from tests.workflows.rulings import day_off

MONDAY = datetime(2026, 2, 2, 9, tzinfo=UTC)
"""Seven days later, and three working days later, no day off lies near."""


def told(rule: str, *days: date) -> str:
    """What is said of this deadline of a referral that came on that Monday when these days become days off."""
    book = read_book("".join(day_off(day) for day in days))
    before = opened("delivered", MONDAY)[rule]
    after = book.again(before, MONDAY.date())
    assert after.due_at != before.due_at
    return why(before, after, book, shipped(), MONDAY.date())["pl"]


def test_a_term_in_calendar_days_is_moved_by_a_day_off_at_its_end_and_by_no_other() -> None:
    said = told("decision", date(2026, 2, 4), date(2026, 2, 9))
    assert said == "nowy dzień wolny: 9.02.2026 (Dzień żałoby)"


def test_a_term_in_working_days_is_moved_by_every_day_off_in_it() -> None:
    said = told("claim", date(2026, 2, 3), date(2026, 2, 4))
    assert said.count("nowy dzień wolny") == 2
