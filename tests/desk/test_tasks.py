"""What waits for whom, and how urgent it is."""

from datetime import UTC, date, datetime

import pytest

from services.desk.tasks import Place, bounds, next_action, theirs, working_days_between

WEDNESDAY = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
"""With working days on both sides; Thursday 4 June was Corpus Christi."""


def places(*roles: str) -> set[tuple[str, str]]:
    return {(place.what, place.status) for place in theirs(frozenset(roles))}


def test_a_social_worker_of_an_ops_prepares_applications_and_does_not_decide_them() -> None:
    assert ("application", "interviewed") in places("OPS_SOCIAL_WORKER")
    assert ("application", "opinion_given") not in places("OPS_SOCIAL_WORKER")
    assert ("application", "opinion_given") in places("OPS_HEAD")


def test_what_came_in_waits_for_whoever_may_take_it() -> None:
    assert Place("received", "statutory_cis", "delivered") in theirs(frozenset(["CIS_SOCIAL_WORKER"]))
    assert ("received", "in_review") in places("CIS_HEAD")


def test_a_question_waits_for_the_sender_and_not_for_who_asked() -> None:
    assert ("sent", "info_requested") in places("OPS_SOCIAL_WORKER")
    assert ("received", "info_requested") not in places("CIS_HEAD")


@pytest.mark.parametrize("status", ["declined", "withdrawn", "voided", "redirected"])
def test_an_end_waits_for_nobody_though_it_may_be_undone(status: str) -> None:
    assert status not in {place.status for place in theirs(frozenset(["CIS_HEAD", "OPS_HEAD"]))}


@pytest.mark.parametrize("role", ["PSYCHOLOGIST", "ADMIN"])
def test_nothing_waits_for_who_decides_nothing(role: str) -> None:
    assert theirs(frozenset([role])) == frozenset()


@pytest.mark.parametrize(
    ("due_at", "group"),
    [
        (datetime(2026, 6, 5, 21, 59, 59, tzinfo=UTC), "critical"),  # Friday: three working days ago
        (datetime(2026, 6, 8, 21, 59, 59, tzinfo=UTC), "overdue"),
        (datetime(2026, 6, 10, 9, 59, tzinfo=UTC), "overdue"),
        (datetime(2026, 6, 10, 21, 59, 59, tzinfo=UTC), "soon"),
        (datetime(2026, 6, 12, 21, 59, 59, tzinfo=UTC), "soon"),
        (datetime(2026, 6, 15, 21, 59, 59, tzinfo=UTC), "later"),
        (None, "later"),
    ],
)
def test_groups_are_told_apart_by_working_days(due_at: datetime | None, group: str) -> None:
    assert bounds(WEDNESDAY).group(due_at) == group


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 6, 10), date(2026, 6, 10), 0),
        (date(2026, 6, 10), date(2026, 6, 12), 2),
        (date(2026, 6, 12), date(2026, 6, 14), 0),
        (date(2026, 6, 12), date(2026, 6, 15), 1),
        (date(2026, 6, 3), date(2026, 6, 5), 1),
        (date(2026, 6, 10), date(2026, 6, 8), -2),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(first: date, last: date, days: int) -> None:
    assert working_days_between(first, last) == days


def _when(role: str, what: str, status: str, kind: str = "service") -> set[str]:
    found = theirs(frozenset([role]))
    return {place.when for place in found if (place.what, place.kind, place.status) == (what, kind, status)}


def test_after_the_acceptance_the_receiver_has_something_to_do_at_once() -> None:
    assert _when("CIS_HEAD", "received", "accepted") == {"always"}
    assert _when("CIS_HEAD", "received", "no_show") == {"always"}
    assert _when("CIS_HEAD", "received", "cancel_requested") == {"always"}


@pytest.mark.parametrize("status", ["waitlisted", "scheduled", "in_service", "suspended"])
def test_what_goes_its_way_is_nobodys_task_until_its_day_is_near(status: str) -> None:
    assert _when("CIS_HEAD", "received", status) == {"due"}


@pytest.mark.parametrize("status", ["return_proposed", "redirect_proposed", "info_requested"])
def test_what_the_other_side_proposes_or_asks_is_the_senders_task(status: str) -> None:
    assert _when("OPS_HEAD", "sent", status) == {"always"}
    assert _when("CIS_HEAD", "received", status) == set()


def test_long_silence_is_a_task_of_the_head_who_may_close_and_of_nobody_else() -> None:
    assert _when("OPS_HEAD", "sent", "delivered", "statutory_cis") == {"silent"}
    assert _when("OPS_SOCIAL_WORKER", "sent", "delivered", "statutory_cis") == set()


def test_a_case_that_ended_waits_for_the_head_only_when_somebody_asks_to_reopen_it() -> None:
    assert _when("CIS_HEAD", "received", "completed") == {"asked"}
    assert _when("CIS_SOCIAL_WORKER", "received", "completed") == set()


def test_silence_is_long_after_fourteen_working_days() -> None:
    assert bounds(WEDNESDAY).silent_before == datetime(2026, 5, 19, 22, 0, tzinfo=UTC)  # Corpus Christi in between


def test_the_next_step_brings_the_item_on() -> None:
    assert next_action("received", "service", "delivered", ["CIS_HEAD"]) == "claim"
    assert next_action("received", "service", "in_review", ["CIS_HEAD"]) is None
    assert next_action("sent", "service", "info_requested", ["OPS_HEAD"]) == "answer"
    assert next_action("application", "application", "opinion_given", ["OPS_HEAD"]) == "issue"
    assert next_action("application", "application", "opinion_given", ["OPS_SOCIAL_WORKER"]) is None


@pytest.mark.parametrize("role", ["PSYCHOLOGIST", "ADMIN"])
def test_no_step_is_offered_to_who_may_not_take_it(role: str) -> None:
    assert next_action("received", "service", "delivered", [role]) is None
    assert next_action("sent", "service", "info_requested", [role]) is None
