"""The table of the lifecycle: a bad one is refused when it is read, and the one that ships says only what can be."""

from collections.abc import Callable
from copy import deepcopy
from itertools import product
from typing import Any, get_args

import pytest

from contracts.codes import ReferralKind, SenderAction, Status
from rules.data import RulesError, read
from rules.guards import GUARDS
from rules.lifecycle import goes, is_open
from rules.lifecycle_table import FILE, PARTS, Entry, build, table
from rules.reasons import lists

BEFORE, IN_CHARGE, HANDING_BACK, _AFTER = PARTS
KINDS: tuple[ReferralKind, ...] = get_args(ReferralKind)
Change = Callable[[dict[str, Any]], object]

STATES: list[tuple[Change, str]] = [
    (lambda raw: raw["states"][1]["wording"].update({"pl": "  "}), r"\[\[states\]\] row 2: wording"),
    (lambda raw: raw["states"].pop(), r"\[states\]: no row for voided"),
    (lambda raw: raw["states"].append(raw["states"][0]), r"\[\[states\]\] row 25: draft is given twice"),
    (lambda raw: raw["states"][0].update({"fhir": "asleep"}), r"\[\[states\]\] row 1: fhir"),
    (lambda raw: raw["errors"].pop("note_required"), r"lifecycle\.toml, \[errors\]: note_required"),
    (lambda raw: raw.pop("sides"), r"\[sides\]"),
]

TRANSITIONS: list[tuple[Change, str]] = [
    (lambda raw: raw["transitions"][4].update({"to": "limbo"}), r"1_before\.toml, \[\[transitions\]\] row 5: to"),
    (lambda raw: raw["transitions"][4].update({"from": ["nowhere"]}), r"row 5: from"),
    (
        lambda raw: raw["transitions"].append(deepcopy(raw["transitions"][2])),
        r"statutory_cis / draft / submit / sender is given twice",
    ),
    (lambda raw: raw["transitions"][0]["wording"].pop("en"), r"row 1: wording: .*pl and en"),
    (lambda raw: raw["transitions"][0].update({"reasons": "whim"}), r"row 1: unknown list of reasons whim"),
    (lambda raw: raw["transitions"][1].update({"fields": ["mood"]}), r"row 2: no action has such a field"),
    (lambda raw: raw["transitions"][1].update({"optional": ["mood"]}), r"row 2: no action has such a field"),
    (lambda raw: raw["transitions"][4].update({"guards": ["weather"]}), r"row 5: unknown guard"),
    (lambda raw: raw["transitions"][4].update({"tells": "rumour"}), r"row 5: unknown event rumour"),
    (
        lambda raw: raw["transitions"][0].update({"roles": ["CIS_HEAD"]}),
        r"row 1: no role CIS_HEAD on the side of the sender of statutory_cis",
    ),
    (lambda raw: raw["transitions"][2]["roles"].update({"kis": []}), r"row 3: people need roles"),
    (
        lambda raw: raw["transitions"][3].update({"roles": ["head"]}),
        r"row 4: people need roles and the system has none",
    ),
    (lambda raw: raw["transitions"][0].update({"custody": ["service"]}), r"row 1: custody names a kind"),
    (lambda raw: raw.pop("transitions"), r"\[transitions\]: has no rows"),
    (lambda raw: raw["transitions"][0].update({"colour": "red"}), r"row 1: colour"),
]


@pytest.mark.parametrize(("change", "message"), STATES)
def test_bad_states_are_refused_by_row(change: Change, message: str) -> None:
    raw, parts = read(FILE), {part: read(part) for part in PARTS}
    build(raw, parts)
    change(raw)
    with pytest.raises(RulesError, match=message):
        build(raw, parts)


@pytest.mark.parametrize(("change", "message"), TRANSITIONS)
def test_bad_transitions_are_refused_by_file_and_row(change: Change, message: str) -> None:
    raw, parts = read(FILE), {part: read(part) for part in PARTS}
    change(parts[BEFORE])
    with pytest.raises(RulesError, match=message):
        build(raw, parts)


def of(kind: ReferralKind) -> list[Entry]:
    return [entry for entry in table().entries.values() if entry.kind == kind]


def reachable(kind: ReferralKind) -> set[Status]:
    """All states of this kind, with every trail there may be."""
    found: set[tuple[Status, tuple[Status, ...]]] = set()
    waiting: list[tuple[Status, tuple[Status, ...]]] = [("draft", ())]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += [goes(entry.transition, *here) for entry in of(kind) if entry.status == here[0]]
    return {status for status, _ in found}


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_leaves_a_state_that_its_kind_of_referral_can_be_in(kind: ReferralKind) -> None:
    assert {entry.status for entry in of(kind)} <= reachable(kind)


@pytest.mark.parametrize(
    ("kind", "never"),
    [
        ("service", {"opinion_pending"}),
        ("statutory_cis", {"redirect_proposed", "redirected"}),
        ("kis", {"opinion_pending", "redirect_proposed", "redirected"}),
    ],
)
def test_every_state_is_reached_from_a_draft_but_those_the_law_has_no_place_for(
    kind: ReferralKind, never: set[Status]
) -> None:
    assert set(get_args(Status)) - reachable(kind) == never


def test_an_application_ends_with_its_acceptance_which_hands_it_to_the_intake() -> None:
    assert reachable("application") == {
        *("draft", "submitted", "delivered", "in_review", "info_requested"),
        *("accepted", "declined", "withdrawn", "no_response", "voided"),
    }
    assert not [entry for entry in of("application") if entry.status == "accepted"]


def test_the_side_that_has_the_ball_can_move() -> None:
    for kind in KINDS:
        for status in reachable(kind):
            if is_open(status) and (kind, status) != ("application", "accepted"):
                ball = table().states[status].ball
                assert [entry for entry in of(kind) if (entry.status, entry.side) == (status, ball)], (kind, status)


def test_every_change_of_a_sent_referral_tells_of_itself() -> None:
    silent = {
        entry.transition.action
        for entry in table().entries.values()
        if entry.transition.tells is None and entry.status not in ("draft", "opinion_pending")
    }
    assert silent == set()


def test_no_guard_and_no_list_of_reasons_is_kept_for_nothing() -> None:
    transitions = [entry.transition for entry in table().entries.values()]
    assert {guard for transition in transitions for guard in transition.guards} == set(GUARDS)
    named = {transition.reasons for transition in transitions} - {None}
    others = {"refuse_request", "application_return", "application_refuse", "application_withdraw"}
    assert set(lists()) == named | others


def test_what_the_sender_does_with_a_sent_referral_is_what_it_may_ask_of_the_receiver() -> None:
    asked = {
        entry.transition.action
        for entry in table().entries.values()
        if entry.side == "sender" and entry.status not in ("draft", "opinion_pending")
    }
    assert asked == set(get_args(SenderAction))


def test_no_two_actions_that_are_offered_together_read_alike() -> None:
    for kind, status, side in product(KINDS, get_args(Status), ("sender", "receiver")):
        offered = [entry.transition for entry in of(kind) if (entry.status, entry.side) == (status, side)]
        for language in ("pl", "en"):
            words = [transition.wording[language] for transition in offered]
            assert len(set(words)) == len(words), (kind, status, words)


def test_a_passing_state_is_the_only_one_that_goes_back_to_where_it_came_from_besides_an_end() -> None:
    for entry in table().entries.values():
        if entry.transition.target == "previous":
            state = table().states[entry.status]
            assert state.passing or not state.open


def test_only_a_service_referral_goes_on_to_another_institution() -> None:
    redirecting = {"redirect", "accept_redirect", "refuse_redirect"}
    assert {entry.kind for entry in table().entries.values() if entry.transition.action in redirecting} == {"service"}


def custody(kind: ReferralKind) -> set[tuple[str, str]]:
    return {(entry.transition.action, entry.side) for entry in of(kind) if entry.transition.moves_custody}


def test_a_service_referral_changes_hands_with_its_acceptance_and_when_it_is_taken_back() -> None:
    assert custody("service") == {("accept", "receiver"), ("put_on_list", "receiver"), ("accept_return", "sender")}


@pytest.mark.parametrize("kind", ["statutory_cis", "kis"])
def test_a_statutory_referral_changes_hands_with_the_signed_programme_and_not_before(kind: ReferralKind) -> None:
    assert custody(kind) == {("start", "receiver"), ("accept_return", "sender")}
    started = [entry.transition for entry in of(kind) if entry.transition.action == "start"]
    assert {transition.fields for transition in started} == {("signed_on",)}


def test_an_application_never_changes_hands() -> None:
    assert custody("application") == set()


def test_no_case_is_completed_without_an_outcome_and_what_proves_it() -> None:
    completing = [entry.transition for entry in table().entries.values() if entry.transition.target == "completed"]
    assert completing
    assert all({"outcome", "evidence"} <= set(transition.fields) for transition in completing)


def test_silence_never_decides_the_system_only_delivers_and_gives_back_a_claim() -> None:
    assert {entry.transition.action for entry in table().entries.values() if entry.side == "system"} == {
        "deliver",
        "lapse",
    }


def test_every_reason_for_which_a_case_comes_back_says_what_it_asks_of_the_sender() -> None:
    comes_back = ("declined", "returned", "redirect_proposed", "return_proposed")
    named = {
        entry.transition.reasons
        for entry in table().entries.values()
        if entry.side == "receiver"
        and (entry.transition.target in comes_back or entry.transition.tells == "reopen_refused")
    }
    assert named == {"decline", "late_decline", "send_back", "redirect", "return", "refuse_reopen"}
    assert [(name, each.code) for name in named for each in lists()[str(name)] if each.next is None] == []


@pytest.mark.parametrize("pair", [("decline", "late_decline"), ("send_back", "return")])
def test_a_code_asks_the_same_of_the_sender_whenever_the_case_came_back(pair: tuple[str, str]) -> None:
    """The sender knows the state that it ended in and the code, and not from which list that was."""
    first, second = ({each.code: each.next for each in lists()[name]} for name in pair)
    assert {code: first[code] for code in first.keys() & second} == {
        code: second[code] for code in first.keys() & second
    }
