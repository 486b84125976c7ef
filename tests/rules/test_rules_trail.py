"""Where a transition leads, and the trail of states to come back to."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import ReferralKind, Status
from rules.lifecycle import Transition, goes
from rules.lifecycle_table import Entry, table

Place = tuple[Status, tuple[Status, ...]]


def named(action: str, status: Status, kind: ReferralKind = "service") -> Transition:
    return next(
        entry.transition
        for entry in table().entries.values()
        if (entry.kind, entry.status, entry.transition.action) == (kind, status, action)
    )


def walk(*actions: str, start: Place = ("in_service", ())) -> Place:
    here = start
    for action in actions:
        here = goes(named(action, here[0]), *here)
    return here


@pytest.mark.parametrize("status", ["scheduled", "in_service", "waitlisted"])
def test_a_pause_comes_back_to_the_state_it_left(status: Status) -> None:
    assert walk("suspend", start=(status, ())) == ("suspended", (status,))
    assert walk("suspend", "resume", start=(status, ())) == (status, ())


def test_a_refused_cancellation_of_a_paused_service_comes_back_to_the_pause_and_then_to_the_service() -> None:
    asked = walk("suspend", "request_cancel")
    assert asked == ("cancel_requested", ("in_service", "suspended"))
    assert walk("refuse_cancel", start=asked) == ("suspended", ("in_service",))
    assert walk("refuse_cancel", "resume", start=asked) == ("in_service", ())


def test_a_refused_return_comes_back_to_where_it_was_proposed() -> None:
    assert walk("propose_return", "refuse_return", start=("no_show", ())) == ("no_show", ())


def test_what_only_notes_something_leaves_state_and_trail_as_they_are() -> None:
    assert walk("suspend", "prolong") == ("suspended", ("in_service",))
    assert walk("note_progress") == ("in_service", ())


def test_what_has_ended_is_opened_again_where_it_ended() -> None:
    assert walk("complete") == ("completed", ("in_service",))
    assert walk("complete", "ask_reopen", "reopen") == ("in_service", ())


def test_an_end_out_of_a_passing_state_is_opened_again_in_the_state_before_it_passed() -> None:
    ended = walk("suspend", "request_cancel", "confirm_cancel")
    assert ended == ("cancelled", ("in_service",))
    assert walk("reopen", start=ended) == ("in_service", ())


def test_a_decision_leaves_no_trail_when_it_is_taken_back() -> None:
    assert walk("decline", "undo", start=("in_review", ())) == ("in_review", ())


def test_without_a_trail_there_is_no_way_back() -> None:
    with pytest.raises(ValueError, match="resume: nothing tells where suspended was entered from"):
        goes(named("resume", "suspended"), "suspended", ())


@given(kind=st.sampled_from(get_args(ReferralKind)), data=st.data())
def test_along_every_way_a_trail_is_there_exactly_when_something_may_come_back(
    kind: ReferralKind, data: st.DataObject
) -> None:
    here: Place = ("draft", ())
    for _ in range(30):
        possible = [entry for entry in table().entries.values() if (entry.kind, entry.status) == (kind, here[0])]
        if not possible:
            break
        entry: Entry = data.draw(st.sampled_from(possible))
        here = goes(entry.transition, *here)
        state, trail = table().states[here[0]], here[1]
        assert state.passing <= bool(trail)
        assert bool(trail) <= (state.passing or not state.open)
        assert here[0] == "voided" or all(table().states[status].open for status in trail)
        assert not trail or not table().states[trail[0]].passing
        assert state.open or len(trail) == 1
