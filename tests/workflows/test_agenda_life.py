"""The agenda after the review, by example: which deadlines come and go, who leads, whose move it is, who acted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from contracts.codes import ReferralKind
from contracts.paths import Deadline
from rules.calendar import end_of_day
from tests.workflows.examples import START, Referral, as_fact, state_after
from tests.workflows.living import Life, life
from workflows.agenda import Agenda, apply, emitted
from workflows.picture import view

REVIEW = date(2026, 7, 1)
MEETING = datetime.fromisoformat("2026-06-05T10:00+02:00")
"""A Friday."""


def waiting(told: Referral) -> dict[str, Deadline]:
    """What is waited for after this story, by rule."""
    pending = [watch.deadline for watch in state_after(told.events).watches if watch.pending]
    assert len({deadline.rule for deadline in pending}) == len(pending)
    return {deadline.rule: deadline for deadline in pending}


STORIES: dict[str, tuple[Callable[[Life], Referral], set[str]]] = {
    "accepted": (lambda told: told.accepted(), {"schedule"}),
    "waitlisted": (lambda told: told.waitlisted(REVIEW), {"wait_review"}),
    "waits on": (lambda told: told.waitlisted(REVIEW).waitlisted(REVIEW), {"wait_review"}),
    "moved to the list": (lambda told: told.accepted().waitlisted(REVIEW), {"wait_review"}),
    "admitted": (lambda told: told.waitlisted(REVIEW).admitted(), {"schedule"}),
    "scheduled": (lambda told: told.accepted().scheduled(MEETING), {"appointment"}),
    "rescheduled": (lambda told: told.accepted().scheduled(MEETING).scheduled(MEETING), {"appointment"}),
    "no_show": (lambda told: told.accepted().scheduled(MEETING).missed_meeting(), {"contact_again"}),
    "tried": (lambda told: told.accepted().scheduled(MEETING).missed_meeting().tried(1), {"contact_again"}),
    "started": (lambda told: told.accepted().started(), {"progress"}),
    "progressed": (lambda told: told.accepted().started().progressed(), {"progress"}),
    "suspended": (lambda told: told.accepted().started().suspended(REVIEW), {"suspension_end"}),
    "prolonged": (lambda told: told.accepted().started().suspended(REVIEW).suspended(REVIEW), {"suspension_end"}),
    "resumed": (lambda told: told.accepted().started().suspended(REVIEW).resumed(), {"pick_up"}),
    "picked up": (lambda told: told.accepted().started().suspended(REVIEW).resumed().progressed(), {"progress"}),
    "cancel asked": (lambda told: told.accepted().cancel_requested(), {"schedule", "cancel_answer"}),
    "cancel refused": (lambda told: told.accepted().cancel_requested().cancel_refused(), {"schedule"}),
    "return proposed": (lambda told: told.accepted().started().return_proposed(), {"return_answer"}),
    "return refused": (
        lambda told: told.accepted().started().return_proposed().return_refused(),
        {"progress"},
    ),
    "redirect proposed": (lambda told: told.redirect_proposed("cis-zarki"), {"redirect_answer"}),
    "redirect refused": (
        lambda told: told.redirect_proposed("cis-zarki").redirect_refused(),
        {"decision", "silence"},
    ),
    "consent ended": (lambda told: told.accepted().consent_ended(), {"schedule", "consent_answer"}),
    "consent given anew": (lambda told: told.accepted().consent_ended().consent_renewed(), {"schedule"}),
    "completed": (lambda told: told.accepted().started().completed(), set()),
    "cancelled": (lambda told: told.accepted().cancel_requested().cancelled(), set()),
    "taken back": (lambda told: told.accepted().return_proposed().taken_back(), set()),
    "sent back": (lambda told: told.sent_back(), set()),
    "unreachable": (lambda told: told.accepted().unreachable(), set()),
    "no_response": (lambda told: told.no_response(), set()),
    "voided": (lambda told: told.accepted().voided(), set()),
    "asked to reopen": (lambda told: told.accepted().started().completed().reopen_asked(), {"reopen_answer"}),
    "reopened": (lambda told: told.accepted().started().completed().reopen_asked().reopened(), {"pick_up"}),
    "not reopened": (lambda told: told.accepted().started().completed().reopen_asked().reopen_refused(), set()),
}


@pytest.mark.parametrize(("story", "rules"), STORIES.values(), ids=STORIES.keys())
def test_after_this_exactly_these_deadlines_wait(story: Callable[[Life], Referral], rules: set[str]) -> None:
    assert waiting(story(life("service"))).keys() == rules


@pytest.mark.parametrize("named", ["wait_review", "suspension_end"])
def test_what_names_a_day_is_due_at_the_end_of_that_day(named: str) -> None:
    told = life().waitlisted(REVIEW) if named == "wait_review" else life().accepted().started().suspended(REVIEW)
    assert waiting(told)[named].due_at == end_of_day(REVIEW)


def test_attendance_is_due_on_the_working_day_after_the_local_day_of_the_meeting() -> None:
    late = datetime.fromisoformat("2026-06-05T23:30+00:00")  # Saturday in Poland
    appointment = waiting(life().accepted().scheduled(late))["appointment"]
    assert appointment.due_at == end_of_day(date(2026, 6, 8))
    assert appointment.derivation["pl"] == (
        "1 dzień roboczy po 6.06.2026, dniu wskazanym 1.06.2026 (umówiono spotkanie), pominięto 1 niedzielę: 8.06.2026"
    )


def test_an_undone_acceptance_leaves_nothing_waiting_that_came_after_it() -> None:
    told = life().accepted().cancel_requested().cancel_refused().undone()
    assert waiting(told).keys() == {"decision", "silence"}
    dropped = [each.rule for each in view(state_after(told.events)).deadlines if each.status == "dropped"]
    assert dropped == ["schedule"]


def test_what_comes_after_a_consent_is_waited_for_whatever_becomes_of_the_decision() -> None:
    ended = life("service").consent_ended()
    assert "consent_answer" in waiting(ended.accepted().undone())
    assert "consent_answer" in waiting(life("service").consent_ended().declined().undone())
    assert "consent_answer" not in waiting(life("service").consent_ended().consent_renewed().declined().undone())


def test_a_refusal_sets_a_new_term_only_when_the_receiver_has_none_ahead() -> None:
    paused = life().accepted().started().suspended(REVIEW).cancel_requested().cancel_refused()
    assert waiting(paused).keys() == {"suspension_end"}
    overdue = life().accepted().cancel_requested()
    overdue.cancel_refused(at=overdue.now + timedelta(days=30))
    assert waiting(overdue).keys() == {"schedule", "carry_on"}


def test_a_request_that_came_too_late_does_not_end_the_wait_for_a_reopening() -> None:
    told = life().accepted().started().completed().reopen_asked().too_late()
    assert waiting(told).keys() == {"reopen_answer"}


def test_what_was_entered_in_error_after_the_end_waits_for_nothing() -> None:
    told = life().accepted().started().completed().reopen_asked().voided()
    assert waiting(told) == {}


def test_a_missed_deadline_is_met_late_by_what_it_waited_for() -> None:
    told = life().accepted()
    state = state_after(told.events)
    (schedule,) = (watch.deadline for watch in state.watches if watch.pending)
    state = emitted(state, schedule.due_at, {schedule.id})
    meeting = schedule.due_at + timedelta(days=9)
    fact = as_fact(told.scheduled(meeting, at=schedule.due_at + timedelta(days=1)).events[-1], state)
    assert {each.rule: each.status for each in view(apply(state, fact)).deadlines}["schedule"] == "met_late"


# --- where the path stands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "story", "stage"),
    [
        ("statutory_cis", lambda told: told.waitlisted(REVIEW), "accepted"),
        ("statutory_cis", lambda told: told.accepted().scheduled(MEETING), "accepted"),
        ("statutory_cis", lambda told: told.accepted().started(), "main"),
        ("kis", lambda told: told.accepted().started(), "main"),
        ("service", lambda told: told.accepted().started(), "accepted"),
        ("statutory_cis", lambda told: told.accepted().started().suspended(REVIEW), "main"),
        ("statutory_cis", lambda told: told.accepted().started().cancel_requested(), "main"),
        ("statutory_cis", lambda told: told.accepted().started().completed(), "completed"),
        ("statutory_cis", lambda told: told.accepted().started().completed().reopen_asked().reopened(), "main"),
        ("statutory_cis", lambda told: told.accepted().started().cancel_requested().cancelled(), "closed"),
        ("statutory_cis", lambda told: told.accepted().return_proposed().taken_back(), "closed"),
        ("service", lambda told: told.redirect_proposed("cis-zarki"), "referred"),
    ],
)
def test_the_stage_of_a_path_with_one_referral(
    kind: ReferralKind, story: Callable[[Life], Referral], stage: str
) -> None:
    assert view(state_after(story(life(kind)).events)).stage == stage


def test_the_stage_is_that_of_the_furthest_of_what_goes_on() -> None:
    programme = life().accepted().started()
    onward = life("service", "onward", sender="cis-poraj", receiver="owes-jura", at=programme.now + timedelta(days=1))
    assert view(state_after([*programme.events, *onward.events])).stage == "main"
    programme.completed(at=onward.now + timedelta(days=1))
    assert view(state_after([*programme.events, *onward.events])).stage == "referred"


@pytest.mark.parametrize(
    ("kind", "story", "custodian"),
    [
        ("statutory_cis", lambda told: told.accepted(), "ops-poraj"),
        ("statutory_cis", lambda told: told.waitlisted(REVIEW), "ops-poraj"),
        ("service", lambda told: told.waitlisted(REVIEW), "cis-poraj"),
        ("statutory_cis", lambda told: told.accepted().started(), "cis-poraj"),
        ("statutory_cis", lambda told: told.accepted().started().return_proposed(), "cis-poraj"),
        ("statutory_cis", lambda told: told.accepted().started().return_proposed().taken_back(), "ops-poraj"),
        ("statutory_cis", lambda told: told.accepted().started().completed(), "ops-poraj"),
        ("service", lambda told: told.accepted().started().cancel_requested().cancelled(), "ops-poraj"),
        ("statutory_cis", lambda told: told.accepted().started().completed().reopen_asked().reopened(), "cis-poraj"),
        ("service", lambda told: told.accepted().voided(), "ops-poraj"),
    ],
)
def test_who_leads_a_path_with_one_referral(
    kind: ReferralKind, story: Callable[[Life], Referral], custodian: str
) -> None:
    assert view(state_after(story(life(kind)).events)).custodian == custodian


def test_when_what_was_handed_on_ends_the_case_is_with_whoever_leads_what_still_goes_on() -> None:
    programme = life().accepted().started()
    onward = life("service", "onward", sender="cis-poraj", receiver="pup-myszkow", at=programme.now + timedelta(days=1))
    onward.accepted().started()
    assert view(state_after([*programme.events, *onward.events])).custodian == "pup-myszkow"
    onward.completed()
    assert view(state_after([*programme.events, *onward.events])).custodian == "cis-poraj"


def test_a_path_that_has_ended_is_with_whoever_began_it_and_not_with_whoever_sent_last() -> None:
    first = life().accepted().started().completed()
    last = life("service", "last", sender="pup-myszkow", receiver="owes-jura", at=START + timedelta(days=90))
    last.accepted().completed()
    assert view(state_after([*first.events, *last.events])).custodian == "ops-poraj"


@pytest.mark.parametrize(
    ("story", "ball"),
    [
        (lambda told: told.redirect_proposed("cis-zarki"), "ops-poraj"),
        (lambda told: told.accepted().started().return_proposed(), "ops-poraj"),
        (lambda told: told.accepted().cancel_requested(), "cis-poraj"),
        (lambda told: told.accepted().started().suspended(REVIEW), "cis-poraj"),
        (lambda told: told.accepted().started().completed(), None),
    ],
)
def test_whose_move_it_is(story: Callable[[Life], Referral], ball: str | None) -> None:
    assert view(state_after(story(life("service")).events)).ball == ball


@pytest.mark.parametrize(
    ("story", "agency"),
    [
        (lambda told: told.redirect_proposed("cis-zarki"), "cis-poraj"),
        (lambda told: told.redirect_proposed("cis-zarki").redirect_refused(), "ops-poraj"),
        (lambda told: told.redirect_proposed("cis-zarki").redirected(), "ops-poraj"),
        (lambda told: told.sent_back(), "cis-poraj"),
        (lambda told: told.accepted().return_proposed(), "cis-poraj"),
        (lambda told: told.accepted().return_proposed().taken_back(), "ops-poraj"),
        (lambda told: told.accepted().return_proposed().return_refused(), "ops-poraj"),
        (lambda told: told.accepted().cancel_requested(), "ops-poraj"),
        (lambda told: told.accepted().cancel_requested().cancel_refused(), "cis-poraj"),
        (lambda told: told.no_response(), "ops-poraj"),
        (lambda told: told.accepted().voided(), "ops-poraj"),
        (lambda told: told.accepted().started().completed().reopen_asked(), "ops-poraj"),
        (lambda told: told.accepted().started().completed().reopen_asked().reopened(), "cis-poraj"),
        (lambda told: told.accepted().consent_ended(), "ops-poraj"),
    ],
)
def test_the_timeline_names_the_institution_that_acted(story: Callable[[Life], Referral], agency: str) -> None:
    assert view(state_after(story(life("service")).events)).timeline[-1].agency == agency


def test_a_state_of_before_the_whole_lifecycle_is_read() -> None:
    state = state_after(life().accepted().events)
    old = state.model_dump(mode="json")
    for course in old["courses"]:
        del course["started"]
    assert Agenda.model_validate(old) == state
