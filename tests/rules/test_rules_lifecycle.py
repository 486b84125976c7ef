"""The lifecycle: what may be done, by whom, and what it leads to."""

import csv
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import AgencyKind, ReferralKind, Side, Status
from rules import lifecycle
from rules.roles import administers, decides, deciding_roles, is_head, roles, roles_of, sees_cases

KINDS: tuple[ReferralKind, ...] = get_args(ReferralKind)
STATUSES: tuple[Status, ...] = get_args(Status)
SIDES: tuple[Side, ...] = get_args(Side)
ROLES = tuple(role for role in roles() if decides([role]))
Place = tuple[str, str, str, str]
"""Kind, state, side and action."""


def golden() -> dict[Place, dict[str, str]]:
    with (Path(__file__).parent / "golden_lifecycle.csv").open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["status"], row["side"], row["action"]): row for row in csv.DictReader(file)}


GOLDEN = golden()
ACTIONS = sorted({action for *_, action in GOLDEN})


def reason_for(listed: str | None) -> str | None:
    """One that needs no explanation."""
    return None if not listed else next(each.code for each in lifecycle.reasons(listed) if not each.needs_note)


WRITTEN = ("row", "to", "fields", "optional", "reasons", "guards", "custody", "tells")


def as_written(transition: lifecycle.Transition) -> dict[str, str]:
    """The columns of the matrix that describe the transition itself."""
    values = (
        str(transition.row),
        transition.target,
        " ".join(transition.fields),
        " ".join(transition.optional),
        transition.reasons or "",
        " ".join(transition.guards),
        "moves" if transition.moves_custody else "",
        transition.tells or "",
    )
    return dict(zip(WRITTEN, values, strict=True))


def outcome(kind: ReferralKind, status: Status, side: Side, role: str, action: str) -> dict[str, str] | str:
    """The transition as the matrix writes it, or the code of the refusal."""
    listed = GOLDEN.get((kind, status, side, action), {"reasons": ""})["reasons"]
    try:
        found = lifecycle.decide(
            kind=kind, status=status, action=action, side=side, roles=[role], reason=reason_for(listed)
        )
    except lifecycle.RuleError as refusal:
        return refusal.code
    return as_written(found)


def expected(kind: ReferralKind, status: Status, side: Side, role: str, action: str) -> dict[str, str] | str:
    row = GOLDEN.get((kind, status, side, action))
    if row is None:
        return "illegal_action"
    if side != "system" and role not in row["roles"].split():
        return "role_not_allowed"
    return {name: row[name] for name in WRITTEN}


def test_every_combination_of_state_action_and_role_gives_what_the_written_matrix_says() -> None:
    different = [
        combination
        for kind, status, side, action in product(KINDS, STATUSES, SIDES, ACTIONS)
        for role in (("",) if side == "system" else ROLES)
        if outcome(*(combination := (kind, status, side, role, action))) != expected(*combination)
    ]
    assert different == []


@given(
    kind=st.sampled_from(KINDS),
    status=st.sampled_from(STATUSES),
    side=st.sampled_from(SIDES),
    held=st.frozensets(st.sampled_from(ROLES), max_size=3),
)
def test_available_actions_are_exactly_those_that_decide_accepts(
    kind: ReferralKind, status: Status, side: Side, held: frozenset[str]
) -> None:
    offered = lifecycle.available_actions(kind=kind, status=status, side=side, roles=held)
    accepted = []
    for action in ACTIONS:
        row = GOLDEN.get((kind, status, side, action), {"reasons": ""})
        try:
            accepted.append(
                lifecycle.decide(
                    kind=kind, status=status, action=action, side=side, roles=held, reason=reason_for(row["reasons"])
                )
            )
        except lifecycle.RuleError:
            continue
    assert sorted(offered, key=lambda transition: transition.action) == sorted(
        accepted, key=lambda transition: transition.action
    )


@pytest.mark.parametrize(
    ("action", "status", "side", "fields", "reasons", "row"),
    [
        ("ask", "in_review", "receiver", ("question", "due_on"), None, 10),
        ("answer", "info_requested", "sender", ("text",), None, 11),
        ("decline", "in_review", "receiver", (), "decline", 9),
        ("decline", "info_requested", "receiver", (), "decline", 12),
        ("withdraw", "submitted", "sender", (), "withdraw", 16),
        ("claim", "delivered", "receiver", (), None, 6),
    ],
)
def test_a_transition_tells_what_must_come_with_it(
    action: str, status: Status, side: Side, fields: tuple[str, ...], reasons: str | None, row: int
) -> None:
    offered = lifecycle.available_actions(kind="service", status=status, side=side, roles=["OPS_HEAD"])
    found = next(transition for transition in offered if transition.action == action)
    assert (found.fields, found.reasons, found.row) == (fields, reasons, row)


def test_another_referral_may_take_the_place_of_one_that_ended_without_help() -> None:
    found = {status for status in STATUSES if lifecycle.is_replaceable(status)}
    assert found == {"declined", "returned", "no_response", "unreachable", "withdrawn", "cancelled"}


def decline(reason: str | None, note: str | None = None) -> lifecycle.Transition:
    return lifecycle.decide(
        kind="statutory_cis",
        status="in_review",
        action="decline",
        side="receiver",
        roles=["CIS_HEAD"],
        reason=reason,
        note=note,
    )


def test_a_refusal_without_a_reason_is_refused() -> None:
    with pytest.raises(lifecycle.ReasonRequired):
        decline(None)


def test_a_reason_from_another_list_is_refused() -> None:
    with pytest.raises(lifecycle.UnknownReason):
        decline("person_moved")


@pytest.mark.parametrize("note", [None, "", "   "])
def test_the_reason_other_needs_a_note(note: str | None) -> None:
    with pytest.raises(lifecycle.NoteRequired):
        decline("other", note)


def test_the_reason_other_with_a_note_is_enough() -> None:
    assert decline("other", "Warsztat w remoncie.").target == "declined"


def test_an_action_without_a_list_takes_no_reason() -> None:
    with pytest.raises(lifecycle.UnknownReason):
        lifecycle.decide(
            kind="service", status="delivered", action="accept", side="receiver", roles=["PUP_HEAD"], reason="no_place"
        )


def test_a_role_that_is_not_allowed_is_told_before_a_missing_reason() -> None:
    with pytest.raises(lifecycle.RoleNotAllowed) as refusal:
        lifecycle.decide(
            kind="statutory_cis", status="in_review", action="decline", side="receiver", roles=["CIS_SOCIAL_WORKER"]
        )
    assert refusal.value.wording == {
        "pl": "Tę czynność może wykonać: kierownik CIS.",
        "en": "This may be done by: head of the CIS.",
    }


def test_a_refusal_names_side_and_state_in_both_languages_and_not_what_was_sent() -> None:
    with pytest.raises(lifecycle.IllegalAction) as refusal:
        lifecycle.decide(kind="service", status="accepted", action="zenobia", side="sender", roles=["OPS_HEAD"])
    assert refusal.value.wording == {
        "pl": "Jednostka kierująca nie może teraz wykonać tej czynności (stan skierowania: Zaakceptowane).",
        "en": "The sending institution cannot do this now (state of the referral: Accepted).",
    }
    assert str(refusal.value) == "illegal_action"


@pytest.mark.parametrize(
    ("status", "holder"),
    [("draft", "sender"), ("submitted", "system"), ("delivered", "receiver"), ("info_requested", "sender")],
)
def test_the_ball_lies_where_the_next_step_is_due(status: Status, holder: Side) -> None:
    assert lifecycle.ball(status) == holder


def test_every_state_has_its_own_wording() -> None:
    for language in ("pl", "en"):
        assert len({lifecycle.wording_of_status(status)[language] for status in STATUSES}) == len(STATUSES)


@pytest.mark.parametrize(
    ("sender", "receiver", "kind"),
    [
        ("ops", "cis", "statutory_cis"),
        ("pup", "cis", "statutory_cis"),
        ("ops", "kis", "kis"),
        ("pup", "kis", "service"),
        ("cis", "cis", "service"),
        ("cis", "pup", "service"),
        ("kis", "owes", "service"),
        ("ops", "pup", "service"),
        ("owes", "ops", "service"),
    ],
)
def test_the_pair_of_institutions_gives_the_kind(sender: AgencyKind, receiver: AgencyKind, kind: ReferralKind) -> None:
    assert lifecycle.kind_between(sender, receiver) == kind


def test_only_ops_and_pup_issue_a_statutory_referral_and_only_to_a_cis() -> None:
    allowed = {
        (sender, receiver)
        for sender, receiver in product(get_args(AgencyKind), repeat=2)
        if lifecycle.may_send(sender, receiver, "statutory_cis")
    }
    assert allowed == {("ops", "cis"), ("pup", "cis")}


def test_a_statutory_referral_cannot_be_sent_as_a_service_one() -> None:
    assert not lifecycle.may_send("ops", "cis", "service")


def test_every_pair_may_send_one_kind_and_those_who_may_apply_an_application_besides() -> None:
    for sender, receiver in product(get_args(AgencyKind), repeat=2):
        usual, applies = lifecycle.kind_between(sender, receiver), receiver == "ops" and sender != "pup"
        expected = {usual, "application"} if applies else {usual}
        assert {kind for kind in KINDS if lifecycle.may_send(sender, receiver, kind)} == expected


def test_every_role_that_decides_belongs_to_one_kind_of_agency() -> None:
    assert deciding_roles("cis") == {"CIS_SOCIAL_WORKER", "CIS_HEAD"}
    assert sorted(role for kind in get_args(AgencyKind) for role in deciding_roles(kind)) == sorted(ROLES)
    assert all(deciding_roles(kind) < roles_of(kind) for kind in get_args(AgencyKind))


@pytest.mark.parametrize("role", sorted(set(roles()) - set(ROLES)))
def test_who_only_looks_or_administers_is_never_offered_anything(role: str) -> None:
    for kind, status, side in product(KINDS, STATUSES, ("sender", "receiver")):
        assert lifecycle.available_actions(kind=kind, status=status, side=side, roles=[role]) == ()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("OPS_SOCIAL_WORKER", (True, True, False)),
        ("CIS_HEAD", (True, True, False)),
        ("PSYCHOLOGIST", (True, False, False)),
        ("ADMIN", (False, False, True)),
        ("GATE_HEAD", (False, False, False)),
    ],
)
def test_a_level_says_who_sees_cases_who_decides_and_who_administers(role: str, may: tuple[bool, ...]) -> None:
    assert (sees_cases([role]), decides([role]), administers([role])) == may


@pytest.mark.parametrize(
    ("codes", "leads"),
    [(["CIS_SOCIAL_WORKER", "CIS_HEAD"], True), (["CIS_SOCIAL_WORKER"], False), (["GATE_HEAD"], False), ([], False)],
)
def test_only_a_head_leads_an_agency(codes: list[str], leads: bool) -> None:
    assert is_head(codes) is leads


@pytest.mark.parametrize("code", ["already_accepted", "already_declined", "already_withdrawn", "no_open_question"])
def test_a_late_request_can_be_refused_with_this_reason(code: str) -> None:
    assert code in {reason.code for reason in lifecycle.reasons("refuse_request")}


def test_only_other_asks_for_a_note() -> None:
    for name in ("decline", "withdraw", "refuse_request"):
        assert {reason.code for reason in lifecycle.reasons(name) if reason.needs_note} <= {"other"}


def test_an_unknown_list_of_reasons_is_an_error() -> None:
    with pytest.raises(KeyError):
        lifecycle.reasons("whim")
