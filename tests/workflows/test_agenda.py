"""The agenda by example."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from contracts.codes import Status
from contracts.paths import PathView, next_deadline
from rules.lifecycle import ball, is_open
from tests.workflows.examples import START, Referral, event_id, facts_of, state_after, uid
from workflows.agenda import REMEMBERED, SETTLED, Agenda, apply, due, emitted, next_due, reject, turn
from workflows.picture import view
from workflows.watch import plan

CLAIM_DUE = datetime(2026, 6, 5, 21, 59, 59, tzinfo=UTC)


def status_of(picture: PathView, rule: str) -> str:
    """The status of the newest deadline under this rule."""
    return next(deadline.status for deadline in reversed(picture.deadlines) if deadline.rule == rule)


@pytest.mark.parametrize("status", get_args(Status))
def test_whose_turn_it_is_agrees_with_the_rules(status: Status) -> None:
    assert turn(status, "statutory_cis") == (ball(status) if is_open(status) else None)


def test_an_application_returned_to_be_completed_goes_on_and_a_returned_referral_does_not() -> None:
    assert (turn("returned", "application"), turn("returned", "service")) == ("system", None)


def test_a_path_without_facts_waits_for_nothing() -> None:
    empty = Agenda(path_id=uid("nobody"))
    assert (view(empty).stage, view(empty).ball, view(empty).custodian, next_due(empty)) == (
        "referred",
        None,
        None,
        None,
    )


def test_a_submitted_referral_is_nobodys_turn_and_the_senders_case() -> None:
    picture = view(state_after(Referral().submitted().events))
    assert (picture.stage, picture.custodian, picture.ball, picture.version) == ("referred", "ops-poraj", None, 1)


def test_a_delivered_referral_is_the_receivers_turn() -> None:
    assert view(state_after(Referral().submitted().delivered().events)).ball == "cis-poraj"


def test_a_question_makes_it_the_senders_turn() -> None:
    told = Referral().submitted().delivered().claimed().asked(date(2026, 6, 10))
    assert view(state_after(told.events)).ball == "ops-poraj"


def test_acceptance_of_a_statutory_referral_leaves_custody_with_the_sender() -> None:
    picture = view(state_after(Referral().submitted().delivered().accepted().events))
    assert (picture.stage, picture.custodian) == ("accepted", "ops-poraj")


def test_an_undone_acceptance_leaves_stage_custody_and_turn_as_they_were() -> None:
    told = Referral(kind="service").submitted().delivered().claimed()
    before = view(state_after(told.events))
    after = view(state_after(told.accepted().undone().events))
    assert (after.stage, after.custodian, after.ball) == (before.stage, before.custodian, before.ball)
    assert after.timeline[-1].type == "decision_undone"
    assert after.timeline[-1].agency == "cis-poraj"


def test_an_undone_acceptance_does_not_take_the_case_from_whoever_leads_it_since() -> None:
    first = Referral("first", kind="service").submitted().delivered().accepted()
    second = Referral("second", kind="service", receiver="cis-zarki", at=START + timedelta(minutes=1))
    second.submitted().delivered().accepted(at=first.now + timedelta(minutes=1))
    first.undone(at=second.now + timedelta(minutes=1))
    assert view(state_after([*first.events[:3], *second.events, first.events[3]])).custodian == "cis-zarki"


@pytest.mark.parametrize("decided", ["accepted", "declined"])
def test_after_an_undone_decision_its_deadline_waits_again_as_it_was(decided: str) -> None:
    told = Referral().submitted().delivered().claimed()
    before = state_after(told.events)
    after = state_after(getattr(told, decided)().undone().events)
    assert [each for each in view(after).deadlines if each.status != "dropped"] == list(view(before).deadlines)
    assert next_due(after) == next_due(before)


def test_a_deadline_missed_before_the_decision_is_missed_after_it_is_undone() -> None:
    told = Referral().submitted().delivered().claimed()
    *_, accepted, undone = facts_of(told.accepted(at=told.now + timedelta(days=20)).undone().events)
    state = state_after(told.events[:3])
    state = emitted(
        state, accepted.at, [watch.deadline.id for watch in state.watches if watch.deadline.rule == "decision"]
    )
    assert status_of(view(apply(apply(state, accepted), undone)), "decision") == "missed"


def test_a_refusal_undone_while_a_question_was_open_resumes_the_review() -> None:
    told = Referral().submitted().delivered().claimed().asked(date(2026, 6, 10)).declined().undone()
    picture = view(state_after(told.events))
    assert (status_of(picture, "decision"), status_of(picture, "answer")) == ("open", "dropped")


def test_acceptance_of_a_service_referral_moves_custody() -> None:
    told = Referral(kind="service").submitted().delivered().accepted()
    assert view(state_after(told.events)).custodian == "cis-poraj"


def test_custody_once_moved_stays_moved_when_another_referral_goes_on() -> None:
    kept = Referral("kept", sender="pup-myszkow", kind="service").submitted().delivered()
    moved = Referral("moved", kind="service").submitted().delivered().accepted()
    later = kept.claimed(at=moved.now + timedelta(hours=5))
    assert view(state_after([*kept.events[:2], *moved.events, later.events[2]])).custodian == "cis-poraj"


def test_an_onward_referral_does_not_take_custody_from_the_first() -> None:
    first = Referral("first").submitted().delivered().accepted()
    onward = Referral("onward", sender="cis-poraj", receiver="owes-jura", kind="service", at=START + timedelta(days=9))
    assert view(state_after([*first.events, *onward.submitted().events])).custodian == "ops-poraj"


def test_a_path_closes_when_its_only_referral_is_declined() -> None:
    picture = view(state_after(Referral().submitted().delivered().declined().events))
    assert (picture.stage, picture.ball, next_deadline(picture)) == ("closed", None, None)


def test_a_new_referral_opens_a_closed_path_again() -> None:
    ended = Referral("ended").submitted().delivered().declined()
    again = Referral("again", sender="pup-myszkow", at=START + timedelta(days=30)).submitted()
    picture = view(state_after([*ended.events, *again.events]))
    assert (picture.stage, picture.custodian) == ("referred", "pup-myszkow")


def test_an_accepted_path_stays_accepted_when_another_referral_is_declined() -> None:
    accepted = Referral("accepted").submitted().delivered().accepted()
    declined = Referral("declined", receiver="cis-zarki").submitted().delivered().declined()
    assert view(state_after([*accepted.events, *declined.events])).stage == "accepted"


def test_the_turn_is_on_the_referral_whose_deadline_comes_first() -> None:
    early = Referral("early").submitted().delivered()
    late = Referral("late", receiver="cis-zarki", at=START + timedelta(days=2)).submitted().delivered()
    assert view(state_after([*late.events, *early.events])).ball == "cis-poraj"


def test_the_timeline_names_who_acted() -> None:
    told = Referral().submitted().delivered().claimed().asked(date(2026, 6, 10)).answered()
    assert [(entry.type, entry.agency) for entry in view(state_after(told.events)).timeline] == [
        ("submitted", "ops-poraj"),
        ("delivered", "cis-poraj"),
        ("claimed", "cis-poraj"),
        ("info_requested", "cis-poraj"),
        ("info_answered", "ops-poraj"),
    ]


# --- deadlines --------------------------------------------------------------------------------------------------------


def test_a_deadline_kept_in_time_is_met() -> None:
    told = Referral().submitted().delivered().claimed(at=CLAIM_DUE)
    assert status_of(view(state_after(told.events)), "claim") == "met"


def test_a_deadline_kept_after_it_was_missed_is_met_late() -> None:
    missed = _missed(state_after(Referral().submitted().delivered().events))
    told = Referral().submitted().delivered().claimed(at=CLAIM_DUE + timedelta(seconds=1))
    assert status_of(view(apply(missed, facts_of(told.events)[2])), "claim") == "met_late"


def test_an_act_in_time_of_which_word_came_late_counts_as_in_time() -> None:
    missed = _missed(state_after(Referral().submitted().delivered().events))
    told = Referral().submitted().delivered().claimed(at=CLAIM_DUE)
    assert status_of(view(apply(missed, facts_of(told.events)[2])), "claim") == "met"


def _missed(state: Agenda) -> Agenda:
    """The state after the deadline of claiming was announced as missed."""
    claim = next(watch.deadline.id for watch in state.watches if watch.deadline.rule == "claim")
    missed = emitted(state, CLAIM_DUE, {claim})
    assert (status_of(view(missed), "claim"), missed.version) == ("missed", state.version + 1)
    return missed


def test_a_deadline_nobody_can_keep_any_more_is_dropped() -> None:
    told = Referral().submitted().delivered().claimed().released()
    facts = facts_of(told.declined().events)
    state = Agenda(path_id=facts[0].path_id)
    for fact in facts:
        state = apply(state, fact.model_copy(update={"closes": ()}))
    assert {deadline.status for deadline in view(state).deadlines} == {"dropped"}


def test_a_claim_given_back_opens_a_new_deadline_to_claim() -> None:
    picture = view(state_after(Referral().submitted().delivered().claimed().released().events))
    claims = sorted(deadline.status for deadline in picture.deadlines if deadline.rule == "claim")
    assert claims == ["met", "open"]


def test_an_event_ends_only_deadlines_of_its_own_referral() -> None:
    waiting = Referral("waiting").submitted().delivered()
    ended = Referral("ended", receiver="cis-zarki").submitted().delivered().declined()
    picture = view(state_after([*waiting.events, *ended.events]))
    assert {deadline.status for deadline in picture.deadlines if deadline.referral_id == waiting.id} == {
        "met_late",  # receipt: an hour for what should take minutes
        "open",
    }


# --- what is due ------------------------------------------------------------------------------------------------------


def test_the_next_wake_up_is_the_first_reminder() -> None:
    state = state_after(Referral().submitted().delivered().events)
    assert next_due(state) == datetime(2026, 6, 3, 4, 30, tzinfo=UTC)


def test_items_of_one_minute_share_a_wake_up_at_its_end() -> None:
    state = emitted(state_after(Referral().submitted().delivered().events), CLAIM_DUE - timedelta(hours=1), ())
    assert next_due(state) == CLAIM_DUE + timedelta(seconds=1)


def test_what_is_dealt_with_is_not_due_again() -> None:
    state = state_after(Referral().submitted().delivered().events)
    morning = datetime(2026, 6, 5, 4, 30, tzinfo=UTC)
    assert [item.occurrence for item in due(state, morning)] == ["0", "1", "0"]
    assert due(emitted(state, morning, ()), morning) == ()


def test_a_deadline_that_comes_late_is_due_with_all_that_is_past() -> None:
    state = emitted(Agenda(path_id=uid("path")), CLAIM_DUE, ())
    for fact in facts_of(Referral().submitted().delivered().events):
        state = apply(state, fact)
    assert [item.audience for item in due(state, CLAIM_DUE)] == ["owner", "owner", "owner", None]


def test_nothing_is_due_on_a_deadline_that_was_met() -> None:
    state = state_after(Referral().submitted().delivered().claimed().declined().events)
    assert (next_due(state), due(state, START + timedelta(days=365))) == (None, ())


def test_each_rung_and_the_missing_have_ids_of_their_own() -> None:
    (claim,) = (d for d in facts_of(Referral().submitted().delivered().events)[1].opens if d.rule == "claim")
    assert len({item.id for item in plan(claim)}) == len(claim.ladder) + 1


# --- bounds -----------------------------------------------------------------------------------------------------------


def test_a_known_fact_changes_nothing() -> None:
    events = Referral().submitted().delivered().events
    state = state_after(events)
    assert all(apply(state, fact) is state for fact in facts_of(events))


def test_the_state_of_a_long_path_stays_bounded_and_old_facts_stay_known() -> None:
    told = Referral().submitted().delivered()
    for _ in range(REMEMBERED // 2 + 10):
        told.claimed().released()
    facts = facts_of(told.events)
    state = state_after(told.events)
    assert (len(state.timeline), state.version) == (REMEMBERED, len(facts))
    assert sum(not watch.pending for watch in state.watches) == SETTLED
    assert len(state.model_dump_json()) < 250_000
    assert apply(state, facts[0]) is state


def test_a_rejected_fact_is_noted_and_nothing_else_changes() -> None:
    told = Referral().submitted()
    state = state_after(told.events)
    noted = reject(state, event_id(told.events[0]))
    assert (noted.rejected, view(noted)) == ((event_id(told.events[0]),), view(state))


def test_the_state_survives_json() -> None:
    state = _missed(state_after(Referral().submitted().delivered().events))
    assert Agenda.model_validate_json(state.model_dump_json()) == state
