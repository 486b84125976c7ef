"""Deadlines: what holds for every event at every time."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import ReferralKind, Side, Status, Urgency
from rules.calendar import add_working_days, end_of_day, is_working_day, local_day
from rules.deadlines import closed_by, restarted_by, resumed_by, stopped_by
from rules.lifecycle import available_actions, goes, is_open
from rules.roles import roles
from tests.rules.opening import TUESDAY, ladder, last_date, opened

instants = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10 * 365)).map(
    lambda after: datetime(2025, 1, 2, tzinfo=UTC) + after
)
urgencies = st.sampled_from(["normal", "urgent"])

UNNAMED = ["submitted", "delivered", "released", "accepted", "no_show", "started", "cancel_requested"]
"""Events that start deadlines and name no day."""


@given(at=instants, urgency=urgencies, event=st.sampled_from(UNNAMED))
def test_the_last_date_of_the_derivation_is_the_due_date(at: datetime, urgency: Urgency, event: str) -> None:
    for deadline in opened(event, at, urgency).values():
        assert last_date(deadline.derivation["pl"]) == local_day(deadline.due_at)


@given(at=instants, ahead=st.integers(min_value=0, max_value=60))
def test_the_derivation_of_an_answer_ends_with_the_named_day(at: datetime, ahead: int) -> None:
    due_on = local_day(at) + timedelta(days=ahead)
    answer = opened("info_requested", at, due_on=due_on)["answer"]
    assert last_date(answer.derivation["pl"]) == due_on == local_day(answer.due_at)


@given(at=instants, urgency=urgencies)
def test_receivers_have_whole_working_days_to_act(at: datetime, urgency: Urgency) -> None:
    for deadline in opened("delivered", at, urgency).values():
        assert is_working_day(local_day(deadline.due_at))
        assert deadline.due_at >= end_of_day(add_working_days(local_day(at), 1))


@given(at=instants, urgency=urgencies, event=st.sampled_from(UNNAMED))
def test_a_ladder_rises_after_the_event_and_says_each_thing_once(at: datetime, urgency: Urgency, event: str) -> None:
    for deadline in opened(event, at, urgency).values():
        assert all(rung.at > at for rung in deadline.ladder)
        assert all(lower.at <= upper.at for lower, upper in pairwise(deadline.ladder))
        assert len(set(ladder(deadline))) == len(deadline.ladder)
        assert deadline.due_at < deadline.ladder[-1].at


@given(at=instants, later=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)), urgency=urgencies)
def test_a_later_event_never_falls_due_earlier(at: datetime, later: timedelta, urgency: Urgency) -> None:
    first, second = opened("delivered", at, urgency), opened("delivered", at + later, urgency)
    assert all(first[rule].due_at <= second[rule].due_at for rule in first)


@given(data=st.data(), kind=st.sampled_from(["statutory_cis", "kis", "service"]), urgency=urgencies)
def test_a_referral_that_goes_on_always_has_a_deadline(
    data: st.DataObject, kind: ReferralKind, urgency: Urgency
) -> None:
    sides: tuple[Side, ...] = ("sender", "receiver", "system")
    status: Status = "submitted"
    trail: tuple[Status, ...] = ()
    waiting = set(opened("submitted", TUESDAY, urgency, None, kind))
    paused: set[str] = set()
    for _ in range(16):
        moves = [
            move
            for side in sides
            for move in available_actions(kind=kind, status=status, side=side, roles=tuple(roles()))
            if not (move.target == "previous" and not trail)
        ]
        if not moves:
            break
        move = data.draw(st.sampled_from(moves))
        event = move.tells
        assert event is not None
        before, (status, trail) = status, goes(move, status, trail)
        if move.action == "undo":
            waiting -= closed_by("declined") | {"schedule"}  # what the decision began goes with it
            paused.clear()
        paused = (paused | (waiting & stopped_by(event))) - restarted_by(event) - closed_by(event)
        waiting = (waiting | restarted_by(event)) - closed_by(event) - paused
        if not is_open(status) and status != before:
            waiting.clear()  # the path drops what is left when a referral ends
            paused.clear()
        waiting |= set(opened(event, TUESDAY, urgency, date(2026, 2, 13), kind)) | resumed_by(event)
        assert waiting or not is_open(status)
