"""How the page of a referral lays out what may be done: one step first, the usual as buttons, the rest in groups."""

from datetime import date
from typing import get_args

import pytest

from contracts.api import ActionField, AvailableAction
from contracts.codes import ReferralKind, Status
from rules.lifecycle_table import table
from services.desk.case.done import WORDS
from services.desk.case.fields import field_of
from services.desk.case.manners import MANNERS
from services.desk.case.offers import Offers, offers
from services.desk.case.requested import REQUESTS
from services.desk.case.telling import WHY, tone_of, why
from services.kit.actions import offered

TODAY = date(2026, 6, 6)
"""A Saturday; so is the day a fortnight later."""
OF_DRAFTS = {"submit", "ask_opinion", "give_opinion"}
SAID_OTHERWISE = {"undo", "accept", "decline"}


def _laid_out(kind: ReferralKind, status: Status, side: str, *roles: str) -> Offers:
    possible = offered(kind=kind, status=status, side=side, roles=frozenset(roles), language="pl")  # type: ignore[arg-type]
    return offers({each.action: each for each in possible}, {"suggestion": [("kis-poraj", "KIS")]}, TODAY, "pl")


def _actions() -> set[str]:
    people = (entry.transition.action for entry in table().entries.values() if entry.side != "system")
    return set(people) - OF_DRAFTS


def test_everything_that_people_may_do_has_its_place_on_the_page() -> None:
    assert set(MANNERS) | {"undo"} == _actions()


def test_everything_that_the_sender_may_ask_for_is_worded_on_its_way_and_in_vain() -> None:
    asked = {entry.transition.action for entry in table().entries.values() if entry.side == "sender"}
    assert set(REQUESTS) == asked - OF_DRAFTS


def test_everything_that_was_done_is_said() -> None:
    assert set(WORDS) | SAID_OTHERWISE == _actions() | {"undo"}


@pytest.mark.parametrize("status", get_args(Status))
def test_every_state_of_every_kind_can_be_laid_out_for_both_sides(status: Status) -> None:
    everybody = {role for entry in table().entries.values() for role in entry.roles}
    for kind in get_args(ReferralKind):
        for side in ("sender", "receiver"):
            possible = offered(kind=kind, status=status, side=side, roles=frozenset(everybody), language="pl")  # type: ignore[arg-type]
            told = {each.action: each for each in possible if each.action not in OF_DRAFTS}
            found = offers(told, {"suggestion": [("x", "X")]}, TODAY, "pl")
            shown = {each.action for each in found.buttons} | {each.action for _, part in found.folded for each in part}
            assert shown | ({found.first.action} if found.first else set()) == set(told) - {"undo"}


def test_what_came_in_is_taken_or_accepted_by_a_button_and_declined_behind_a_fold() -> None:
    found = _laid_out("service", "delivered", "receiver", "CIS_HEAD")
    assert found.first is None
    assert [each.action for each in found.buttons] == ["claim", "accept"]
    assert [(name, [each.action for each in part]) for name, part in found.folded] == [
        ("Dalej", ["put_on_list"]),
        ("Zakończenie", ["decline", "redirect"]),
    ]


def test_after_the_acceptance_an_appointment_comes_first() -> None:
    found = _laid_out("statutory_cis", "accepted", "receiver", "CIS_HEAD")
    assert found.first is not None
    assert found.first.action == "schedule"
    assert [field.shape for field in found.first.fields] == ["moment", "line"]


@pytest.mark.parametrize(
    ("status", "side", "role", "action"),
    [
        ("delivered", "sender", "OPS_HEAD", "void"),
        ("delivered", "sender", "OPS_HEAD", "close_unanswered"),
        ("accepted", "receiver", "CIS_HEAD", "late_decline"),
        ("in_service", "sender", "OPS_HEAD", "request_cancel"),
        ("cancel_requested", "receiver", "CIS_HEAD", "confirm_cancel"),
    ],
)
def test_what_cannot_be_taken_back_says_what_comes_of_it_and_is_no_plain_button(
    status: Status, side: str, role: str, action: str
) -> None:
    found = _laid_out("statutory_cis", status, side, role)
    told = [*([found.first] if found.first else []), *(each for _, part in found.folded for each in part)]
    offer = next(each for each in told if each.action == action)
    assert offer.manner.warning
    assert offer.manner.says
    assert action not in [each.action for each in found.buttons]


def test_days_that_are_mostly_told_are_working_days() -> None:
    pause = dict(_laid_out("service", "in_service", "receiver", "CIS_HEAD").folded)["Przerwa"]
    suspend = next(each for each in pause if each.action == "suspend")
    until = next(each for each in suspend.fields if each.name == "until")
    assert until.presets == (date(2026, 6, 22), date(2026, 7, 6))


def test_a_choice_between_nothing_is_left_out_unless_it_must_be_made() -> None:
    fields = (ActionField(name="suggestion", required=False),)
    action = AvailableAction(action="send_back", label="Zwróć", fields=fields)
    found = offers({"send_back": action}, {}, TODAY, "pl")
    assert found.folded[0][1][0].fields == ()


@pytest.mark.parametrize("status", [state for state in get_args(Status) if not table().states[state].open])
def test_a_referral_that_has_ended_never_looks_as_if_it_waited(status: Status) -> None:
    assert tone_of(status) in ("done", "stopped")


def test_a_reason_is_said_in_the_words_of_its_state() -> None:
    assert why("returned", "not_eligible", "pl") == "Osoba nie należy do grupy uprawnionej"
    assert why("in_service", "under_way", "pl") == "Usługa jest w toku i nie można jej przerwać"
    assert why("in_service", "no_place", "pl") is None
    assert set(WHY) >= {"declined", "withdrawn", "cancelled", "returned", "voided"}


def test_many_reasons_stand_in_groups_and_those_alone_in_theirs_together_at_the_end() -> None:
    decline = dict(_laid_out("service", "delivered", "receiver", "CIS_HEAD").folded)["Zakończenie"][0]
    reason = next(field for field in decline.fields if field.name == "reason")
    assert [(name, len(options)) for name, options in reason.groups] == [
        ("Brak możliwości przyjęcia", 2),
        ("Niespełnione warunki", 3),
        ("Dokumenty", 2),
        ("Po stronie osoby", 2),
        ("Inne powody", 2),
    ]
    assert len({code for code, _ in reason.options}) == 11


def test_few_reasons_stand_without_headings() -> None:
    pause = dict(_laid_out("service", "in_service", "receiver", "CIS_HEAD").folded)["Przerwa"]
    suspend = next(each for each in pause if each.action == "suspend")
    reason = next(field for field in suspend.fields if field.name == "reason")
    assert [name for name, _ in reason.groups] == [None]


def test_a_day_ahead_is_asked_for_with_the_days_off_that_are_no_weekend_and_a_day_behind_without() -> None:
    accepted = _laid_out("statutory_cis", "accepted", "receiver", "CIS_HEAD")
    assert accepted.first is not None
    assert accepted.first.fields[0].days_off == ()  # no holiday from June to the beginning of August
    start = next(each for each in dict(accepted.folded)["Dalej"] if each.action == "start")
    assert start.fields[0].days_off == ()
    autumn = field_of("schedule", ActionField(name="meet_at", required=True), {}, date(2026, 10, 20), "pl")
    assert autumn is not None
    assert autumn.days_off == (date(2026, 11, 11),)
