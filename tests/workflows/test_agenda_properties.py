"""The agenda under any order in which the version gates let facts through, and under any course of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.paths import PathFact
from tests.workflows.examples import PATH_ID, START, facts_of
from tests.workflows.living import Life
from workflows.agenda import Agenda, apply, due, emitted, next_due
from workflows.picture import view

NEXT = {
    "submitted": ("delivered", "withdrawn"),
    "delivered": ("claimed", "accepted", "declined", "withdrawn"),
    "claimed": ("released", "asked", "accepted", "declined", "withdrawn"),
    "released": ("claimed", "accepted", "withdrawn"),
    "asked": ("answered", "declined", "withdrawn"),
    "answered": ("released", "asked", "accepted", "declined"),
    "accepted": ("undone", "started", "scheduled", "cancel_requested", "return_proposed", "unreachable", "voided"),
    "scheduled": ("scheduled", "started", "missed_meeting", "cancel_requested"),
    "missed_meeting": ("tried", "scheduled", "unreachable"),
    "tried": ("tried", "scheduled", "unreachable"),
    "started": ("progressed", "suspended", "completed", "cancel_requested", "return_proposed"),
    "progressed": ("progressed", "suspended", "completed", "return_proposed"),
    "suspended": ("suspended", "resumed", "cancel_requested"),
    "resumed": ("progressed", "completed", "suspended"),
    "cancel_requested": ("cancelled", "cancel_refused"),
    "cancel_refused": ("cancel_requested",),
    "return_proposed": ("taken_back", "return_refused"),
    "return_refused": ("return_proposed",),
    "completed": ("reopen_asked",),
    "cancelled": ("reopen_asked", "voided"),
    "taken_back": ("reopen_asked",),
    "unreachable": ("reopen_asked",),
    "reopen_asked": ("reopened", "too_late", "voided"),
    "too_late": ("reopened",),
    "reopened": ("cancel_requested", "return_proposed"),
    "voided": (),
    "declined": ("undone",),
    "undone": ("released", "asked", "accepted", "declined", "withdrawn"),
    "withdrawn": (),
}
"""What may follow what in the story of a referral."""


@st.composite
def histories(draw: st.DrawFn, name: str) -> list[PathFact]:
    """The facts of one referral, in the order of its versions, hours or days apart."""
    told = Life(
        name,
        sender=draw(st.sampled_from(["ops-poraj", "pup-myszkow"])),
        receiver=draw(st.sampled_from(["cis-poraj", "cis-zarki"])),
        kind=draw(st.sampled_from(["statutory_cis", "service"])),
        at=_later(draw, START),
    )
    told.submitted()
    step = "submitted"
    for _ in range(draw(st.integers(0, 12))):
        if not NEXT[step]:
            break
        step = draw(st.sampled_from(NEXT[step]))
        at = _later(draw, told.now)
        if step == "asked":
            told.asked(at.date() + timedelta(days=draw(st.integers(1, 10))), at=at)
        elif step == "suspended":
            told.suspended(at.date() + timedelta(days=draw(st.integers(0, 10))), at=at)
        elif step == "scheduled":
            told.scheduled(_later(draw, at), at=at)
        elif step == "tried":
            told.tried(1, at=at)
        else:
            getattr(told, step)(at=at)
    return facts_of(told.events)


def _later(draw: st.DrawFn, than: datetime) -> datetime:
    return than + timedelta(minutes=draw(st.integers(0, 4 * 24 * 60)))


@st.composite
def arrivals(draw: st.DrawFn, stories: Sequence[Sequence[PathFact]]) -> list[PathFact]:
    """The facts of these referrals in one order that keeps that of each, some of them more than once."""
    waiting = [list(story) for story in stories]
    order: list[PathFact] = []
    while any(waiting):
        story = draw(st.sampled_from([story for story in waiting if story]))
        order.append(story.pop(0))
        if draw(st.booleans()):
            order.append(draw(st.sampled_from(order)))
    return order


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_facts_in_any_order_give_the_same_picture(data: st.DataObject) -> None:
    stories = [data.draw(histories(name)) for name in ("first", "second", "third")]
    one, other = (_fold(data.draw(arrivals(stories))) for _ in range(2))
    assert (view(one), next_due(one)) == (view(other), next_due(other))
    assert view(one).version == len(list(chain(*stories)))


def _fold(facts: Sequence[PathFact]) -> Agenda:
    state = Agenda(path_id=PATH_ID)
    for fact in facts:
        state = apply(state, fact)
    return state


class CourseOfTime(RuleBasedStateMachine):
    """Facts arrive, time passes, what is due is emitted."""

    @initialize(first=histories("first"), second=histories("second"))
    def begin(self, first: list[PathFact], second: list[PathFact]) -> None:
        self.waiting = [first, second]
        self.state = Agenda(path_id=PATH_ID)
        self.now = START
        self.emitted: list[UUID] = []

    @precondition(lambda self: any(self.waiting))
    @rule(data=st.data())
    def a_fact_arrives(self, data: st.DataObject) -> None:
        story = data.draw(st.sampled_from([story for story in self.waiting if story]))
        self.state = apply(self.state, story.pop(0))

    @precondition(lambda self: next_due(self.state) is not None)
    @rule()
    def the_alarm_rings(self) -> None:
        wake_up = next_due(self.state)
        assert wake_up is not None
        self._emit(max(self.now, wake_up))

    @rule(days=st.integers(0, 30))
    def time_passes(self, days: int) -> None:
        self._emit(self.now + timedelta(days=days))

    def _emit(self, now: datetime) -> None:
        self.now = now
        items = due(self.state, now)
        self.emitted += [item.id for item in items]
        missed = {item.deadline_id for item in items if item.audience is None}
        before = self.state.version
        self.state = emitted(self.state, now, missed)
        assert self.state.version == before + len(missed)
        wake_up = next_due(self.state)
        assert wake_up is None or wake_up > now

    @invariant()
    def nothing_is_emitted_twice(self) -> None:
        assert len(set(self.emitted)) == len(self.emitted)

    @invariant()
    def what_is_due_now_is_due_by_the_next_alarm(self) -> None:
        alarm = next_due(self.state)
        assert bool(due(self.state, self.now)) <= (alarm is not None)
        assert alarm is None or due(self.state, alarm)


TestCourseOfTime = CourseOfTime.TestCase
TestCourseOfTime.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
