"""No limbo: whoever falls silent, nobody's case is forgotten.

Explores every state that one referral of each kind can be in, and an application at the OPS, with every deadline that
may run there (`silence`), from the tables alone. In each one somebody has the ball and a deadline; and when from there
on nobody does anything, the institution that issued it is told, at least its head, or an end is reached.
"""

import pytest

from tests.lifecycle.clocks import clocks
from tests.lifecycle.courses import COURSES, Course
from tests.lifecycle.silence import LEASE, PURGE, Bound, bound, faults, world

CLOCKS: list[tuple[Course, str]] = [
    *(("service", rule) for rule in clocks("service")),
    *(("at the OPS", rule) for rule in clocks("at the OPS")),
]
"""Every deadline in the course that has it; the other kinds of referral have the deadlines of a service one."""

LONGEST: dict[Course, Bound] = {
    "statutory_cis": Bound(steps=2, working_days=27),
    "kis": Bound(steps=2, working_days=27),
    "service": Bound(steps=2, working_days=27),
    "application": Bound(steps=2, working_days=6),
    "at the OPS": Bound(steps=1, working_days=15),
}
"""How long nobody at the issuing institution may know, after the day that an event names where it names one. Longest: a
service that nobody notes anything of for thirty days."""


@pytest.mark.parametrize("course", COURSES)
def test_every_open_state_has_an_owner_with_a_deadline_and_silence_is_told_of(course: Course) -> None:
    assert sorted(set(faults(world(course)))) == []


@pytest.mark.parametrize("course", COURSES)
def test_silence_lasts_no_longer_than_is_written_here(course: Course) -> None:
    assert bound(world(course)) == LONGEST[course]


@pytest.mark.parametrize(("course", "rule"), CLOCKS)
def test_no_deadline_can_be_done_without(course: Course, rule: str) -> None:
    assert next(faults(world(course, without=rule)), None) is not None


@pytest.mark.parametrize(("course", "clock"), [("service", LEASE), ("service", PURGE)])
def test_nor_can_a_claim_that_lapses_or_a_draft_that_is_deleted(course: Course, clock: str) -> None:
    assert next(faults(world(course, without=clock)), None) is not None
