"""What must hold for a transition besides state, side and role, at its boundaries."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from rules.calendar import at_local
from rules.guards import Asked, Standing, objection, undo_until
from rules.limits import limit

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
"""A Wednesday."""
TODAY = date(2026, 3, 4)
SOMEBODY = Asked(actor="anna", is_head=False, now=NOW)
HEAD = replace(SOMEBODY, is_head=True)


def against(guard: str, standing: Standing, asked: Asked = SOMEBODY) -> str | None:
    found = objection((guard,), standing, asked)
    return None if found is None else found.code


def at(day: date, hour: int) -> datetime:
    return at_local(day, time(hour))


@pytest.mark.parametrize(
    ("claimed_by", "asked", "code"),
    [
        (None, SOMEBODY, None),
        ("anna", SOMEBODY, None),
        ("piotr", SOMEBODY, "claimed_by_another"),
        ("piotr", HEAD, None),
    ],
)
def test_only_whoever_reviews_it_or_the_head_decides(claimed_by: str | None, asked: Asked, code: str | None) -> None:
    assert against("own_claim", Standing(claimed_by=claimed_by), asked) == code


@pytest.mark.parametrize(
    ("rounds", "code"), [(0, None), (2, None), (3, "too_many_questions"), (4, "too_many_questions")]
)
def test_the_receiver_asks_so_many_times(rounds: int, code: str | None) -> None:
    assert against("question_rounds", Standing(question_rounds=rounds)) == code


@pytest.mark.parametrize(
    ("guard", "field", "longest"),
    [
        ("answer_day", "due_on", "question_days"),
        ("review_day", "review_on", "review_days"),
        ("suspension_end", "until", "suspension_days"),
    ],
)
def test_a_day_somebody_names_lies_neither_in_the_past_nor_too_far_ahead(guard: str, field: str, longest: str) -> None:
    furthest = TODAY + timedelta(days=limit(longest, TODAY))
    found = {
        day: objection((guard,), Standing(), replace(SOMEBODY, **{field: day}))
        for day in (TODAY - timedelta(days=1), TODAY, furthest, furthest + timedelta(days=1))
    }
    assert [against and (against.code, against.about) for against in found.values()] == [
        ("past_date", field),
        None,
        None,
        ("too_late_date", field),
    ]


def test_a_day_that_was_not_named_is_not_judged() -> None:
    assert [against(guard, Standing()) for guard in ("answer_day", "review_day", "suspension_end")] == [None] * 3


def test_the_local_day_counts_and_not_the_utc_day() -> None:
    just_after_midnight_in_warsaw = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    asked = replace(SOMEBODY, now=just_after_midnight_in_warsaw, due_on=date(2026, 3, 3))
    assert against("answer_day", Standing(), asked) == "past_date"


@pytest.mark.parametrize(("free", "code"), [(None, None), (1, None), (0, "no_free_place"), (-1, "no_free_place")])
def test_a_place_must_be_free_where_places_are_counted(free: int | None, code: str | None) -> None:
    assert against("free_place", Standing(free_places=free)) == code


@pytest.mark.parametrize(("hops", "code"), [(0, None), (2, None), (3, "too_many_hops")])
def test_a_person_is_sent_on_so_many_times(hops: int, code: str | None) -> None:
    assert against("hops", Standing(hops=hops)) == code


@pytest.mark.parametrize(("fits", "code"), [(None, None), (True, None), (False, "target_does_not_fit")])
def test_the_proposed_institution_must_be_one_that_may_take_it(fits: bool | None, code: str | None) -> None:
    assert against("eligible_target", Standing(), replace(SOMEBODY, target_fits=fits)) == code


@pytest.mark.parametrize(
    ("delivered", "code"),
    [
        (None, "silence_too_short"),
        (date(2026, 2, 11), None),  # fifteen working days ago
        (date(2026, 2, 12), "silence_too_short"),  # fourteen, and today is the last of them
    ],
)
def test_a_referral_is_closed_as_unanswered_only_after_the_last_day_for_an_answer(
    delivered: date | None, code: str | None
) -> None:
    standing = Standing(delivered_at=None if delivered is None else at(delivered, 15))
    assert against("long_silence", standing) == code


@pytest.mark.parametrize(
    ("decided_by", "asked", "code"),
    [("anna", SOMEBODY, None), ("piotr", SOMEBODY, "undo_of_another"), ("piotr", HEAD, None)],
)
def test_a_decision_is_taken_back_by_who_made_it_or_the_head(decided_by: str, asked: Asked, code: str | None) -> None:
    assert against("own_decision", Standing(decided_by=decided_by), asked) == code


def test_a_decision_is_taken_back_within_minutes() -> None:
    last = undo_until(NOW)
    assert last == NOW + timedelta(minutes=10)
    decided = Standing(decided_at=NOW)
    assert against("undo_in_time", decided, replace(SOMEBODY, now=last - timedelta(microseconds=1))) is None
    assert against("undo_in_time", decided, replace(SOMEBODY, now=last)) == "undo_too_late"
    assert against("undo_in_time", Standing()) == "undo_too_late"


@pytest.mark.parametrize(
    ("guard", "standing", "code"),
    [
        ("not_late", Standing(was_in_charge=True), "undo_of_late_decline"),
        ("nothing_followed", Standing(file_opened=True), "undo_file_opened"),
        ("no_open_question", Standing(question_open=True), "undo_while_asking"),
        ("was_in_service", Standing(), "never_started"),
        ("was_in_charge", Standing(), "never_in_charge"),
        ("reopen_asked", Standing(), "reopen_not_asked"),
        ("not_asked_yet", Standing(reopen_asked=True), "reopen_asked_already"),
        ("consent_given", Standing(), "no_consent_to_end"),
        ("consent_given", Standing(consent=True, consent_ended=True), "no_consent_to_end"),
        ("consent_ended", Standing(consent=True), "consent_stands"),
        ("consent_covers", Standing(consent=True, consent_ended=True), "consent_ended"),
    ],
)
def test_what_stands_against_it(guard: str, standing: Standing, code: str) -> None:
    assert against(guard, standing) == code


@pytest.mark.parametrize(
    ("guard", "standing"),
    [
        ("not_late", Standing()),
        ("nothing_followed", Standing()),
        ("no_open_question", Standing()),
        ("was_in_service", Standing(was_in_service=True)),
        ("was_in_charge", Standing(was_in_charge=True)),
        ("reopen_asked", Standing(reopen_asked=True)),
        ("not_asked_yet", Standing()),
        ("consent_given", Standing(consent=True)),
        ("consent_ended", Standing(consent=True, consent_ended=True)),
        ("consent_covers", Standing(consent=True)),
        ("consent_covers", Standing()),
    ],
)
def test_what_lets_it_pass(guard: str, standing: Standing) -> None:
    assert against(guard, standing) is None


def test_an_appointment_lies_ahead_and_within_reach() -> None:
    furthest = at(TODAY + timedelta(days=180), 9)
    found = [
        against("future_meeting", Standing(), replace(SOMEBODY, meet_at=meeting))
        for meeting in (NOW, NOW + timedelta(minutes=1), furthest, furthest + timedelta(days=1), None)
    ]
    assert found == ["past_date", None, None, "too_late_date", None]


def test_nobody_has_missed_an_appointment_that_is_still_ahead() -> None:
    assert against("meeting_passed", Standing(meet_at=NOW + timedelta(minutes=1))) == "meeting_still_ahead"
    assert against("meeting_passed", Standing(meet_at=NOW)) is None


@pytest.mark.parametrize(
    ("attempts", "channels", "code"),
    [(3, 2, None), (2, 2, "too_few_attempts"), (3, 1, "too_few_attempts"), (9, 1, "too_few_attempts")],
)
def test_nobody_is_unreachable_before_three_attempts_on_two_ways(
    attempts: int, channels: int, code: str | None
) -> None:
    assert against("attempts_made", Standing(attempts=attempts, channels=channels)) == code


@pytest.mark.parametrize(("days", "code"), [(-30, None), (0, None), (1, "future_date")])
def test_nothing_is_signed_in_the_future(days: int, code: str | None) -> None:
    asked = replace(SOMEBODY, signed_on=TODAY + timedelta(days=days))
    assert against("signed_by_now", Standing(), asked) == code


@pytest.mark.parametrize(("days", "code"), [(0, None), (30, None), (31, "reopen_too_late")])
def test_an_ended_referral_is_opened_again_within_thirty_days(days: int, code: str | None) -> None:
    assert against("reopen_in_time", Standing(ended_at=NOW - timedelta(days=days))) == code
    assert against("reopen_in_time", Standing()) == "reopen_too_late"


def test_the_first_objection_in_the_order_of_the_row_is_the_one_that_is_told() -> None:
    standing = Standing(claimed_by="piotr", question_rounds=3)
    asked = replace(SOMEBODY, due_on=TODAY - timedelta(days=1))
    guards = ("own_claim", "question_rounds", "answer_day")
    found = [objection(guards[first:], standing, asked) for first in range(4)]
    assert [each and each.code for each in found] == ["claimed_by_another", "too_many_questions", "past_date", None]
    assert found[1] is not None
    assert found[1].values == {"rounds": 3}


def test_a_guard_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        objection(("weather",), Standing(), SOMEBODY)
