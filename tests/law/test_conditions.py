"""Each condition of the law: what breaks it, and what does not."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.directory import Agency
from rules.eligibility import eligibility
from services.intake import conditions
from tests.law.examples import (
    ANYWHERE,
    BY_PUP,
    CIS,
    CLIENT,
    CONSENT,
    FAR,
    KIS,
    NOWHERE,
    OPINION,
    OPS,
    OPS_FAR,
    OPS_IN_TOWN,
    OWES,
    PUP,
    TOWN,
    agency,
    asked,
    directory,
    errors,
    living_in,
)

TOO_LATE = {"issued_on": "2026-05-18", "interview_on": "2026-05-19"}
REPRESENTATIVE = {"given_name": "Jan", "family_name": "Próbny", "role": "statutory"}

REFUSED: list[tuple[Agency, Agency, dict[str, Any], str, str]] = [
    (OPS, CIS, {"grounds": []}, "grounds", "ground_required"),
    (OPS, CIS, {"grounds": ["OTHER"]}, "other_ground", "other_ground_required"),
    (OPS, KIS, {"grounds": ["OTHER"]}, "other_ground", "other_ground_required"),
    (OPS, CIS, {"general_clause": None}, "general_clause", "general_clause_required"),
    (OPS, CIS, {"general_clause": False}, "general_clause", "general_clause_not_met"),
    (OPS, CIS, {"labour": None}, "labour.benefits", "benefits_required"),
    (OPS, CIS, {"labour": {"status": "inactive"}}, "labour.benefits", "benefits_required"),
    (OPS, CIS, {"labour": {"benefits": ["old_age_pension"]}}, "labour.benefits", "benefit_excludes"),
    (OPS, CIS, {"labour": {"benefits": ["incapacity_pension"]}}, "labour.benefits", "benefit_excludes"),
    (OPS, KIS, {"labour": {"benefits": ["old_age_pension"]}}, "labour.benefits", "benefit_excludes"),
    (OPS, CIS, {"route": None}, "route", "route_required"),
    (OPS, CIS, {"route": "C"}, "route", "route_c_only_pup"),
    (PUP, CIS, BY_PUP | {"grounds": ["HOMELESS"]}, "route", "route_c_only_pup"),
    (PUP, CIS, BY_PUP | {"route": "A", "opinion": OPINION}, "route", "pup_only_route_c"),
    (
        PUP,
        CIS,
        BY_PUP | {"labour": {"benefits": [], "registered_months": 12}},
        "labour.registered_months",
        "registered_too_short",
    ),
    (OPS, CIS, {"route": "B"}, "consent", "consent_required"),
    (OPS, OWES, {}, "consent", "consent_required"),
    (KIS, OPS, {"kind": "application"}, "consent", "consent_required"),
    (
        OPS,
        CIS,
        {"route": "B", "consent": CONSENT | {"given_by": "representative"}},
        "client.representative",
        "consent_representative_required",
    ),
    (OPS, CIS, {"consent": CONSENT | {"given_on": "2026-06-02"}}, "consent.given_on", "future_date"),
    (OPS, CIS, {"opinion": None}, "opinion", "opinion_required"),
    (OPS, CIS, {"opinion": OPINION | {"result": "negative", "reasons": "x"}}, "opinion.result", "opinion_negative"),
    (
        OPS,
        CIS,
        {"opinion": OPINION | {"result": "with_conditions", "reasons": "x"}},
        "opinion.conditions",
        "opinion_conditions_required",
    ),
    (
        OPS,
        CIS,
        {"opinion": OPINION | {"result": "with_conditions", "conditions": "x"}},
        "opinion.reasons",
        "opinion_reasons_required",
    ),
    (OPS, CIS, {"opinion": OPINION | TOO_LATE}, "opinion.interview_on", "interview_after_opinion"),
    (OPS, CIS, {"opinion": OPINION | {"interview_on": "2026-06-02"}}, "opinion.interview_on", "future_date"),
    (OPS, CIS, {"opinion": OPINION | {"issued_on": "2026-06-02"}}, "opinion.issued_on", "future_date"),
    (OPS, CIS, {"client": living_in(FAR)}, "client.address.gmina", "outside_territory"),
    (PUP, CIS, BY_PUP | {"client": CLIENT}, "client.address.gmina", "gmina_required"),
    (OPS, CIS, {"unit": "nie_ma"}, "unit", "unit_unknown"),
    (OPS, KIS, {"unit": "nie_ma"}, "unit", "unit_unknown"),
    (OPS, CIS, {"preferred_workshop": "stolarski"}, "preferred_workshop", "workshop_unknown"),
]


@pytest.mark.parametrize(("sender", "receiver", "changes", "field", "code"), REFUSED)
def test_what_the_law_does_not_allow_is_refused_at_its_field(
    sender: Agency, receiver: Agency, changes: dict[str, Any], field: str, code: str
) -> None:
    assert asked(sender, receiver, **changes) == [(field, code)]


ALLOWED: list[tuple[Agency, Agency, dict[str, Any]]] = [
    (OPS, CIS, {}),
    (PUP, CIS, BY_PUP),
    (PUP, CIS, BY_PUP | {"labour": {"benefits": [], "registered_months": 13}}),
    (OPS, CIS, {"grounds": ["OTHER"], "other_ground": "Osoba opuszczająca pieczę zastępczą."}),
    (OPS, CIS, {"route": "B", "consent": CONSENT}),
    (
        OPS,
        CIS,
        {
            "route": "B",
            "consent": CONSENT | {"given_by": "representative"},
            "client": CLIENT | {"representative": REPRESENTATIVE},
        },
    ),
    (OPS, CIS, {"opinion": OPINION | {"result": "with_conditions", "conditions": "x", "reasons": "y"}}),
    (OPS, CIS, {"opinion": OPINION | {"interview_on": "2026-05-18"}}),
    (OPS, KIS, {"labour": {"benefits": ["incapacity_pension"]}}),
    (OPS, CIS, {"client": living_in(FAR), "paid_place": True}),
    (OPS, ANYWHERE, {"client": living_in(FAR)}),
    (OPS, KIS, {"preferred_workshop": "stolarski"}),
    (OPS, CIS, {"unit": "rekrutacja", "preferred_workshop": "krawiecki"}),
]


@pytest.mark.parametrize(("sender", "receiver", "changes"), ALLOWED)
def test_what_the_law_allows_goes(sender: Agency, receiver: Agency, changes: dict[str, Any]) -> None:
    assert asked(sender, receiver, **changes) == []


NOTHING = {"grounds": [], "general_clause": None, "labour": None, "route": None, "opinion": None}


@pytest.mark.parametrize(("sender", "receiver"), [(OPS, KIS), (OPS, PUP), (PUP, OPS), (CIS, PUP), (CIS, ANYWHERE)])
def test_no_condition_of_the_act_stands_before_a_service_or_a_club_of_which_nothing_is_known_yet(
    sender: Agency, receiver: Agency
) -> None:
    assert asked(sender, receiver, **NOTHING) == []


def test_a_statutory_referral_with_nothing_in_it_is_asked_for_everything_at_once() -> None:
    assert {code for _, code in asked(OPS, CIS, **NOTHING)} == {
        "ground_required",
        "general_clause_required",
        "benefits_required",
        "route_required",
        "opinion_required",
    }


def test_the_gmina_of_the_sender_is_taken_for_the_person_s_where_none_is_told() -> None:
    assert asked(OPS_IN_TOWN, CIS) == []
    assert asked(OPS_FAR, CIS) == [("client.address.gmina", "outside_territory")]


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2026, 1, 31), ["outside_territory"]),
        (date(2026, 2, 1), []),
        (date(2026, 12, 31), []),
        (date(2027, 1, 1), ["outside_territory"]),
    ],
)
def test_an_agreement_of_gminas_counts_from_its_first_day_to_its_last(on: date, codes: list[str]) -> None:
    opinion = {"result": "positive", "interview_on": "2026-01-02", "issued_on": "2026-01-03"}
    assert [code for _, code in asked(OPS, CIS, on=on, client=living_in(TOWN), opinion=opinion)] == codes


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2025, 6, 30), ["centre_without_status"]),
        (date(2025, 7, 1), []),
        (date(2030, 6, 30), []),
        (date(2030, 7, 1), ["centre_without_status"]),
    ],
)
def test_a_centre_takes_people_only_while_its_status_is_in_force(on: date, codes: list[str]) -> None:
    opinion = {"result": "positive", "interview_on": "2025-01-02", "issued_on": "2025-01-03"}
    assert [code for _, code in asked(OPS, CIS, on=on, opinion=opinion)] == codes


@pytest.mark.parametrize(("wish", "codes"), [("off", []), ("asked", []), ("required", ["opinion_required_by_ops"])])
def test_the_ops_of_residence_says_whether_a_labour_office_needs_its_opinion(wish: str, codes: list[str]) -> None:
    at = directory(agency("ops-myszkow", TOWN, town="Myszków", route_c_opinion=wish), PUP, CIS)
    assert [code for _, code in asked(PUP, CIS, at=at, **BY_PUP)] == codes


def test_an_ops_without_an_account_is_not_waited_for() -> None:
    assert asked(PUP, ANYWHERE, **BY_PUP | {"client": living_in(FAR)}) == []


def test_where_nobody_lives_is_outside_every_territory() -> None:
    assert asked(OPS, CIS, client=living_in(NOWHERE)) == [("client.address.gmina", "outside_territory")]


def test_the_benefits_that_shut_out_are_named() -> None:
    (error,) = errors(OPS, CIS, labour={"benefits": ["old_age_pension", "incapacity_pension"]})
    assert "emerytura" in error.wording["pl"]
    assert "KIS na podstawie ust. 3a" in error.wording["pl"]
    assert "old-age pension" in error.wording["en"]


def test_every_condition_that_is_looked_for_has_a_row_and_every_row_is_looked_for() -> None:
    source = Path(conditions.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'Found\(\s*"(\w+)"', source)) == {row.code for row in eligibility().conditions}


@pytest.mark.parametrize(
    ("on", "act"), [(date(2025, 5, 31), "20 kwietnia 2004"), (date(2025, 6, 1), "20 marca 2025 r. do sprawdzenia")]
)
def test_the_definition_of_long_term_is_that_of_the_day(on: date, act: str) -> None:
    found = errors(PUP, ANYWHERE, on=on, **BY_PUP | {"labour": {"benefits": [], "registered_months": 12}})
    assert [act in error.wording["pl"] for error in found] == [True]
    assert "12 miesięcy" in found[0].wording["pl"]


def test_nothing_a_person_typed_is_repeated() -> None:
    typed = {"other_ground": None, "grounds": ["OTHER"], "unit": "tajne", "preferred_workshop": "tajne"}
    for error in errors(OPS, CIS, client=living_in(NOWHERE), **typed):
        assert "tajne" not in str(error.wording)
        assert NOWHERE not in str(error.wording)
