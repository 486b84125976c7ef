"""Applications: what may be done, by whom, and who may apply."""

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import ApplicationStatus
from contracts.directory import Agency, Founder
from contracts.dossier import OpinionResult
from rules.applications import applicant_kind, applicant_of, available_actions, decide, is_open
from rules.applications_table import table
from rules.errors import IllegalAction, NoteRequired, ReasonRequired, RoleNotAllowed, RuleError, UnknownReason
from rules.roles import roles_of

STATUSES: tuple[ApplicationStatus, ...] = get_args(ApplicationStatus)
RESULTS: tuple[OpinionResult, ...] = get_args(OpinionResult)
WORKER, HEAD, DEPUTY = "OPS_SOCIAL_WORKER", "OPS_HEAD", "OPS_DEPUTY"
ACTIONS = tuple(table().transitions)
REASON_FOR = {"refuse": "not_eligible", "return_for_completion": "signature_missing", "withdraw": "no_contact"}

BY_HAND: dict[tuple[ApplicationStatus, str], set[str]] = {
    # (state, role): the actions, read from the description of the law's steps
    ("registered", WORKER): {"schedule_interview", "record_interview", "return_for_completion", "withdraw"},
    ("interview_planned", WORKER): {"schedule_interview", "record_interview", "return_for_completion", "withdraw"},
    ("interviewed", WORKER): {"give_opinion", "return_for_completion", "withdraw"},
    ("opinion_given", WORKER): {"withdraw"},
    ("returned", WORKER): {"complete", "withdraw"},
    ("registered", HEAD): {"schedule_interview", "return_for_completion", "withdraw"},
    ("interview_planned", HEAD): {"schedule_interview", "return_for_completion", "withdraw"},
    ("interviewed", HEAD): {"return_for_completion", "withdraw"},
    ("opinion_given", HEAD): {"issue", "refuse", "withdraw"},
    ("returned", HEAD): {"complete", "withdraw"},
}


def actions(status: ApplicationStatus, role: str, opinion: OpinionResult | None = None) -> set[str]:
    return {row.action for row in available_actions(status, roles=[role], opinion=opinion)}


@pytest.mark.parametrize("status", STATUSES)
def test_every_state_offers_to_each_role_what_the_written_table_says(status: ApplicationStatus) -> None:
    assert actions(status, WORKER) == BY_HAND.get((status, WORKER), set())
    assert actions(status, HEAD) == BY_HAND.get((status, HEAD), set())


@pytest.mark.parametrize("status", STATUSES)
def test_an_authorised_deputy_may_do_what_the_head_may(status: ApplicationStatus) -> None:
    assert actions(status, DEPUTY) == actions(status, HEAD)


def test_nobody_of_another_kind_of_institution_may_do_anything() -> None:
    strangers = [role for kind in ("pup", "cis", "kis", "owes") for role in roles_of(kind)]
    assert [actions(status, role) for status, role in product(STATUSES, strangers) if actions(status, role)] == []


def test_only_the_three_ends_offer_nothing() -> None:
    ended = {status for status in STATUSES if not is_open(status)}
    assert ended == {"referred", "refused", "withdrawn"}
    assert ended == {status for status in STATUSES if not actions(status, WORKER) | actions(status, HEAD)}


@given(
    status=st.sampled_from(STATUSES),
    held=st.frozensets(st.sampled_from([WORKER, HEAD, DEPUTY, "CIS_HEAD"]), max_size=3),
    opinion=st.sampled_from([None, *RESULTS]),
)
def test_what_is_offered_is_exactly_what_is_accepted(
    status: ApplicationStatus, held: frozenset[str], opinion: OpinionResult | None
) -> None:
    accepted = set()
    for action in ACTIONS:
        try:
            decide(status, action, roles=held, opinion=opinion, reason=REASON_FOR.get(action))
        except RuleError:
            continue
        accepted.add(action)
    assert accepted == {row.action for row in available_actions(status, roles=held, opinion=opinion)}


@given(steps=st.lists(st.sampled_from(ACTIONS), max_size=12), result=st.sampled_from(RESULTS))
def test_no_way_leads_to_a_referral_without_an_interview_and_an_opinion_in_favour(
    steps: list[str], result: OpinionResult
) -> None:
    status: ApplicationStatus = "registered"
    before: ApplicationStatus = "registered"
    done: list[str] = []
    for action in steps:
        opinion = result if "give_opinion" in done else None
        try:
            found = decide(status, action, roles=[WORKER, HEAD], opinion=opinion, reason=REASON_FOR.get(action))
        except RuleError:
            continue
        done.append(action)
        before = status if action == "return_for_completion" else before
        status = found.target or before
    if status == "referred":
        assert result != "negative"
        assert done.index("record_interview") < done.index("give_opinion") < done.index("issue")


def test_a_negative_opinion_cannot_be_issued_and_the_refusal_names_the_article() -> None:
    assert actions("opinion_given", HEAD, "negative") == {"refuse", "withdraw"}
    with pytest.raises(IllegalAction) as refusal:
        decide("opinion_given", "issue", roles=[HEAD], opinion="negative")
    assert "art. 12 ust. 2" in refusal.value.wording["pl"]


def test_a_social_worker_cannot_issue_and_is_told_who_can() -> None:
    with pytest.raises(RoleNotAllowed) as refusal:
        decide("opinion_given", "issue", roles=[WORKER], opinion="positive")
    assert "kierownik OPS" in refusal.value.wording["pl"]


def test_a_refusal_needs_a_reason_of_its_own_list_and_other_needs_a_note() -> None:
    with pytest.raises(ReasonRequired):
        decide("opinion_given", "refuse", roles=[HEAD])
    with pytest.raises(UnknownReason):
        decide("opinion_given", "refuse", roles=[HEAD], reason="no_place")
    with pytest.raises(NoteRequired):
        decide("opinion_given", "refuse", roles=[HEAD], reason="other")


@pytest.mark.parametrize(
    ("kind", "founder", "applicant"),
    [
        ("kis", "gmina", "kis"),
        ("ops", None, "ops"),
        ("cis", "ngo", "ngo"),
        ("owes", "social_cooperative", "ngo"),
        ("owes", None, "ngo"),
        ("cis", "gmina", None),
        ("pup", "county", None),
    ],
)
def test_an_institution_with_an_account_applies_as_what_the_act_names(
    kind: str, founder: str | None, applicant: str | None
) -> None:
    agency = Agency.model_validate(
        {"slug": "x", "kind": kind, "node": "n", "name": "X", "town": "X", "county": "x"}
        | ({"founder": Founder.model_validate({"kind": founder, "name": "F"})} if founder else {})
    )
    found = applicant_of(agency)
    assert (found and found.code) == applicant


@pytest.mark.parametrize(
    ("code", "route"),
    [("person", "A"), ("representative", "A"), ("prison", "A"), ("therapy_unit", "B"), ("pcpr", "B"), ("ngo", "B")],
)
def test_the_route_follows_from_the_applicant(code: str, route: str) -> None:
    found = applicant_kind(code)
    assert found is not None
    assert found.route == route
