"""The book as a whole: what an event opens under each rule in force, with its reminders, and after a new day off."""

from collections.abc import Callable, Collection
from datetime import date
from uuid import UUID

import pytest

from contracts.codes import Urgency
from contracts.paths import Deadline
from oracle.clock import at, last_second
from oracle.terms import counted_from, end, is_off, period_end
from rules.book import read_book, shipped
from rules.engine import Book
from rules.rule import DeadlineRule
from tests.oracle.table import FIRST, LAST, dates, moment, place

Counted = Callable[[int], None]

REFERRAL, EVENT = UUID("0190a0b0-0000-7000-8000-000000000001"), UUID("0190a0b0-0000-7000-8000-000000000002")
SENDER, RECEIVER = "ops-poraj", "cis-poraj"
HOUR, NAMED_AFTER = 10, 9
EVERY = 101
"""A prime, so that all days of the week and of the month come up."""

LOCAL = """
[[days_off]]
date = 2027-05-04
wording = { pl = "Święto Ścieżki", en = "Day of the Path" }
basis = { pl = "ustawa, której nie ma", en = "an act that does not exist" }

[[closing_days]]
institution = "cis-poraj"
date = 2027-05-07
wording = { pl = "inwentaryzacja", en = "stocktaking" }
"""
DECLARED, CLOSING = date(2027, 5, 4), date(2027, 5, 7)

RULES = shipped().rules


def named(rule: DeadlineRule) -> str:
    return f"{rule.id}-{rule.version}"


def deadline(book: Book, rule: DeadlineRule, day: int, urgency: Urgency = "normal") -> Deadline:
    """What an event at ten o'clock on this day opens under this rule, in a case that begins with it."""
    opened = book.opened_by(
        rule.starts[0],
        at=moment(at(day, HOUR)),
        governed_on=dates()[day],
        referral_id=REFERRAL,
        event_id=EVENT,
        sender=SENDER,
        receiver=RECEIVER,
        urgency=urgency,
        kind=rule.kinds[0],
        due_on=dates()[day + NAMED_AFTER],
    )
    return next(each for each in opened if each.rule == rule.id)


def due(rule: DeadlineRule, day: int, urgency: Urgency, closed: Collection[int] = ()) -> int:
    """The second at which the oracle lets it end, by the row of the table that says so."""
    length = rule.length[urgency].text
    if length.endswith("min"):
        return at(day, HOUR) + int(length.removesuffix("min")) * 60
    if length.startswith("due_on"):
        named, more = day + NAMED_AFTER, length.removeprefix("due_on").removeprefix("+")
        return last_second(end(more, named, roll=rule.roll_forward, closed=closed) if more else named)
    if rule.period:
        return last_second(period_end(length, day))
    begins = day
    if rule.cut_off:
        begins = counted_from(day, HOUR * 60, rule.cut_off.hour * 60 + rule.cut_off.minute, closed)
    return last_second(end(length, begins, roll=rule.roll_forward, closed=closed))


def days_in_force(rule: DeadlineRule) -> range:
    first, last = max(rule.valid_from, FIRST), min(rule.valid_to or LAST, LAST)
    return range(place(first), place(last) + 1, EVERY)


def working_day_beside(day: int, n: int) -> int:
    """The n-th working day after it, before it when n is negative, or the day itself."""
    step = 1 if n > 0 else -1
    for _ in range(abs(n)):
        day += step
        while is_off(day):
            day += step
    return day


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_every_rule_gives_the_date_that_its_row_says(rule: DeadlineRule, counted: Counted) -> None:
    for day in days_in_force(rule):
        for urgency in rule.length:
            found = deadline(shipped(), rule, day, urgency)
            assert found.due_at == moment(due(rule, day, urgency)), dates()[day]
            assert (found.rule_version, found.governed_on) == (rule.version, dates()[day])
            counted(1)


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_reminders_stand_so_many_working_days_from_the_end(rule: DeadlineRule) -> None:
    steps = [step for step in rule.ladder if step.at.measure == "working_days" and step.at.n]
    for day in days_in_force(rule)[::5]:
        found = deadline(shipped(), rule, day)
        last = place(found.due_at.date())  # the same day by UTC: a term ends with its day, or at five past ten
        for step in steps:
            reminded = moment(at(working_day_beside(last, step.at.n), 6, 30))
            assert reminded <= found.base_at or (reminded, step.audience) in {
                (rung.at, rung.audience) for rung in found.ladder
            }


@pytest.mark.parametrize("rule", shipped().rules_in_force(DECLARED), ids=named)
def test_a_new_day_off_moves_every_deadline_to_where_it_would_have_been_and_no_other(rule: DeadlineRule) -> None:
    book, declared = read_book(LOCAL), place(DECLARED)
    counts = rule.closing_days_count and rule.owner == "receiver"
    closed = frozenset({declared, place(CLOSING)} if counts else {declared})
    for day in (declared - 365, *range(declared - 40, declared + 10)):
        before = deadline(shipped(), rule, day)
        after = book.again(before, dates()[day])
        assert after.due_at == moment(due(rule, day, "normal", closed))
        assert after.due_at == deadline(book, rule, day).due_at
        assert after.revision == int(after != before)
