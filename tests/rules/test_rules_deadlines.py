"""Deadlines: what falls due after an event, when, and how that is explained."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from contracts.codes import Urgency
from rules.calendar import add_working_days, end_of_day, local_time
from rules.deadlines import closed_by, opened_by, restarted_by, rules_in_force, stopped_by
from rules.limits import limit
from tests.rules.opening import REFERRAL, TUESDAY, ladder, opened

LIFE = frozenset(
    {
        "silence",
        "redirect_answer",
        "return_answer",
        "cancel_answer",
        "reopen_answer",
        "consent_answer",
        "schedule",
        "wait_review",
        "appointment",
        "contact_again",
        "progress",
        "suspension_end",
        "pick_up",
        "carry_on",
    }
)
"""The rules of what comes after the first decision, and of what is asked of the other side."""


@pytest.mark.parametrize(
    ("event", "rules"),
    [
        ("submitted", {"receipt"}),
        ("delivered", {"claim", "decision", "silence"}),
        ("released", {"claim"}),
        ("info_answered", set()),
        ("redirect_refused", set()),
        ("claimed", set()),
        ("seen", set()),
        ("accepted", {"schedule"}),
        ("place_found", {"schedule"}),
        ("no_show", {"contact_again"}),
        ("contact_attempted", set()),
        ("started", {"progress"}),
        ("progress_noted", {"progress"}),
        ("resumed", {"pick_up"}),
        ("reopened", {"pick_up"}),
        ("cancel_requested", {"cancel_answer"}),
        ("cancel_refused", {"carry_on"}),
        ("return_proposed", {"return_answer"}),
        ("return_refused", {"carry_on"}),
        ("reopen_asked", {"reopen_answer"}),
        ("consent_ended", set()),
        ("completed", set()),
        ("request_refused", set()),
    ],
)
def test_an_event_starts_these_deadlines(event: str, rules: set[str]) -> None:
    assert set(opened(event)) == rules


@pytest.mark.parametrize(
    ("event", "rules"),
    [
        ("delivered", {"receipt"}),
        ("claimed", {"claim"}),
        ("info_requested", set()),
        ("info_answered", {"answer"}),
        ("accepted", {"claim", "decision", "silence"}),
        ("declined", {"claim", "decision", "silence"}),
        ("started", {"schedule", "appointment", "pick_up", "carry_on"}),
        ("reopen_refused", {"reopen_answer"}),
        ("contact_attempted", set()),
        ("consent_ended", set()),
        ("withdrawn", set()),
        ("released", set()),
    ],
)
def test_an_event_ends_these_deadlines(event: str, rules: set[str]) -> None:
    assert closed_by(event) == rules


def test_receipt_is_due_in_five_minutes_and_tells_the_operator_first() -> None:
    receipt = opened("submitted")["receipt"]
    assert receipt.owner == "ops-poraj"
    assert receipt.due_at == TUESDAY + timedelta(minutes=5)
    assert ladder(receipt) == [("2026-02-03 10:05", "operator"), ("2026-02-03 10:30", "sender")]
    assert receipt.derivation == {
        "pl": "5 minut od 3.02.2026 10:00 (wysłano): 3.02.2026 10:05",
        "en": "5 minutes from 3 February 2026 10:00 (sent): 3 February 2026 10:05",
    }


def test_a_claim_is_due_in_three_working_days() -> None:
    claim = opened("delivered")["claim"]
    assert claim.owner == "cis-poraj"
    assert claim.due_at == end_of_day(date(2026, 2, 6))
    assert claim.derivation["pl"] == "3 dni robocze od 3.02.2026 (wpłynęło): 6.02.2026"
    assert claim.basis == "Poziom usług: podjęcie skierowania przez jednostkę przyjmującą"
    assert ladder(claim) == [
        ("2026-02-05 06:30", "owner"),
        ("2026-02-06 06:30", "owner"),
        ("2026-02-09 06:30", "head"),
        ("2026-02-10 06:30", "sender"),
    ]


def test_an_urgent_claim_is_due_on_the_next_working_day_without_a_rung_in_the_past() -> None:
    claim = opened("delivered", urgency="urgent")["claim"]
    assert claim.due_at == end_of_day(date(2026, 2, 4))
    assert ladder(claim)[0] == ("2026-02-04 06:30", "owner")
    assert claim.derivation["en"] == "1 working day from 3 February 2026 (arrived): 4 February 2026"


def test_a_claim_is_open_again_after_a_release_while_the_decision_runs_on() -> None:
    assert set(opened("released")) == {"claim"}
    assert "decision" not in closed_by("released")


def test_a_decision_is_due_in_seven_days_and_climbs_to_fourteen() -> None:
    decision = opened("delivered")["decision"]
    assert decision.due_at == end_of_day(date(2026, 2, 10))
    assert decision.basis == "Poziom usług: decyzja o przyjęciu lub odmowie"
    assert ladder(decision) == [
        ("2026-02-09 06:30", "owner"),
        ("2026-02-10 06:30", "owner"),
        ("2026-02-11 06:30", "head"),
        ("2026-02-12 06:30", "sender"),
        ("2026-02-17 06:30", "head"),
        ("2026-02-17 06:30", "sender"),
    ]


def test_an_urgent_decision_is_due_in_two_working_days() -> None:
    assert opened("delivered", urgency="urgent")["decision"].due_at == end_of_day(date(2026, 2, 5))


def test_an_answer_is_due_at_the_end_of_the_day_the_question_names() -> None:
    answer = opened("info_requested", due_on=date(2026, 2, 13))["answer"]
    assert answer.owner == "ops-poraj"
    assert answer.due_at == end_of_day(date(2026, 2, 13))
    assert answer.derivation["pl"] == "dzień wskazany 3.02.2026 (zadano pytanie): 13.02.2026"
    assert ladder(answer) == [
        ("2026-02-08 06:30", "owner"),
        ("2026-02-12 06:30", "owner"),
        ("2026-02-13 06:30", "owner"),
        ("2026-02-16 06:30", "head"),
    ]


def test_silence_tells_the_head_of_the_sender_on_the_day_from_which_it_may_be_closed() -> None:
    silence = opened("delivered")["silence"]
    assert silence.owner == "ops-poraj"
    assert silence.due_at == end_of_day(
        add_working_days(date(2026, 2, 3), limit("silence_working_days", TUESDAY.date()))
    )
    assert ladder(silence) == [("2026-02-24 06:30", "head"), ("2026-03-03 06:30", "head")]


def test_attendance_is_due_a_working_day_after_the_day_of_the_meeting() -> None:
    attendance = opened("scheduled", due_on=date(2026, 2, 13))["appointment"]
    assert attendance.due_at == end_of_day(date(2026, 2, 16))
    assert attendance.derivation["en"] == (
        "1 working day after 13 February 2026, the day named on 3 February 2026 (appointment made), "
        "skipping 1 Saturday and 1 Sunday: 16 February 2026"
    )


@pytest.mark.parametrize("rule", sorted(LIFE), ids=str)
def test_every_ladder_of_a_referral_that_goes_on_reaches_the_institution_that_sent_it(rule: str) -> None:
    (found,) = (row for row in rules_in_force(TUESDAY.date()) if row.id == rule)
    assert found.ladder[-1].audience == ("head" if found.owner == "sender" else "sender")


def test_one_audience_is_not_reminded_twice_at_one_instant() -> None:
    answer = opened("info_requested", due_on=date(2026, 2, 5))["answer"]
    assert ladder(answer)[:-1] == [("2026-02-04 06:30", "owner"), ("2026-02-05 06:30", "owner")]


def test_a_question_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="must name the day"):
        opened("info_requested")


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown event"):
        opened("referral_submitted")
    with pytest.raises(ValueError, match="unknown event"):
        closed_by("referral_submitted")


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        opened("delivered", TUESDAY.replace(tzinfo=None))


def test_the_local_day_of_the_event_counts_and_not_the_utc_day() -> None:
    just_after_midnight_in_warsaw = datetime(2026, 2, 2, 23, 30, tzinfo=UTC)
    assert opened("delivered", just_after_midnight_in_warsaw)["claim"].due_at == end_of_day(date(2026, 2, 6))


def test_a_term_in_minutes_is_not_touched_by_the_change_of_clocks() -> None:
    before = datetime(2026, 3, 29, 0, 58, tzinfo=UTC)
    receipt = opened("submitted", before)["receipt"]
    assert receipt.due_at - before == timedelta(minutes=5)
    assert receipt.derivation["pl"] == "5 minut od 29.03.2026 01:58 (wysłano): 29.03.2026 03:03"


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_term_across_the_change_of_clocks_still_ends_with_the_local_day(change: date) -> None:
    friday = datetime.combine(change - timedelta(days=2), time(9), tzinfo=UTC)
    decision = opened("delivered", friday)["decision"]
    end = local_time(decision.due_at)
    assert (end.hour, end.minute, end.second) == (23, 59, 59)
    assert {local_time(rung.at).strftime("%H:%M") for rung in decision.ladder} == {"06:30"}


def test_the_fourteenth_day_moves_off_a_holiday_too() -> None:
    decision = opened("delivered", datetime(2026, 5, 21, 9, tzinfo=UTC))["decision"]
    assert ladder(decision)[-1] == ("2026-06-05 06:30", "sender")


def test_the_clocks_of_a_decision_and_of_silence_stand_still_while_a_question_is_open() -> None:
    assert stopped_by("info_requested") == restarted_by("info_answered") == {"decision", "silence"}
    assert closed_by("info_answered") == {"answer"}
    assert stopped_by("accepted") == restarted_by("accepted") == set()


def test_no_rule_is_in_force_before_its_time() -> None:
    assert rules_in_force(date(2014, 12, 31)) == ()
    of_referrals = {rule.id for rule in rules_in_force(date(2025, 1, 1)) if rule.subject == "referral"}
    assert of_referrals == {"receipt", "claim", "decision", "answer", *LIFE}
    assert not any(rule.subject == "referral" for rule in rules_in_force(date(2024, 12, 31)))


def test_the_same_event_gives_the_same_deadlines_and_another_event_others() -> None:
    again = opened("delivered")
    assert again == opened("delivered")
    other = opened_by(
        "released",
        at=TUESDAY,
        referral_id=REFERRAL,
        event_id=REFERRAL,
        sender="ops-poraj",
        receiver="cis-poraj",
        urgency="normal",
        kind="statutory_cis",
    )
    assert other[0].id != again["claim"].id


@pytest.mark.parametrize(("urgency", "due"), [("normal", "2026-02-23"), ("urgent", "2026-02-05")])
def test_the_family_interview_is_due_in_14_working_days_urgently_in_2(urgency: Urgency, due: str) -> None:
    found = opened("application_registered", urgency=urgency, kind="application")["interview"]
    assert f"{local_time(found.due_at):%Y-%m-%d}" == due
    assert "Dz.U. 2021 poz. 893" in found.basis


def test_after_the_interview_the_opinion_is_due_and_after_the_opinion_the_decision_as_service_levels() -> None:
    opinion = opened("interview_held", kind="application")["opinion"]
    issue = opened("opinion_given", kind="application")["issue"]
    assert [f"{local_time(found.due_at):%Y-%m-%d}" for found in (opinion, issue)] == ["2026-02-10", "2026-02-06"]
    assert all(found.basis.count("oziom usług") for found in (opinion, issue))
