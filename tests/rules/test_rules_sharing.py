"""The sharing matrix: nothing is told that need not be told."""

from datetime import date
from itertools import product
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import AgencyKind, Ground
from contracts.dossier import Attached, Dossier, Opinion
from contracts.form import Address, Consent
from rules.kinds import kind_between
from rules.sharing import PREVIEW, contents_follow, cut, preview

AGENCIES: tuple[AgencyKind, ...] = get_args(AgencyKind)

OPINION = Opinion(
    result="with_conditions",
    issued_on=date(2026, 1, 20),
    interview_on=date(2026, 1, 14),
    conditions="Zajęcia od godziny 9.",
    reasons="Uzasadnienie opinii.",
)
FULL = Dossier(
    given_name="Zenobia",
    family_name="Przykładowa",
    birth_date=date(2250, 1, 1),
    sex="female",
    pesel="50610112340",
    phone="000000000",
    email="zenobia@example.org",
    address=Address(street="Polna 1", postal_code="00-000", town="Poraj"),
    grounds=("ALCOHOL_ADDICTION", "LONG_TERM_UNEMPLOYED"),
    reason="Powód skierowania.",
    expectations="Oczekiwania.",
    accessibility_needs="Wejście bez schodów.",
    opinion=OPINION,
)

texts = st.none() | st.text(alphabet="abcdefgh", min_size=1, max_size=6)
addresses = st.builds(Address, street=texts, postal_code=st.none() | st.just("00-000"), town=st.just("Poraj"))
opinions = st.builds(
    Opinion,
    result=st.sampled_from(["positive", "negative", "with_conditions"]),
    issued_on=st.dates(),
    interview_on=st.dates(),
    conditions=texts,
    reasons=texts,
)
dossiers = st.builds(
    Dossier,
    given_name=texts,
    family_name=texts,
    birth_date=st.none() | st.dates(),
    sex=st.sampled_from([None, "female", "male"]),
    pesel=texts,
    phone=texts,
    email=texts,
    address=st.none() | addresses,
    grounds=st.none() | st.lists(st.sampled_from(get_args(Ground)), unique=True).map(tuple),
    person_at_risk=st.none() | st.booleans(),
    reason=texts,
    expectations=texts,
    accessibility_needs=texts,
    opinion=st.none() | opinions,
    opinion_result=st.sampled_from([None, "positive", "negative", "with_conditions"]),
)
pairs = st.tuples(st.sampled_from(AGENCIES), st.sampled_from(AGENCIES))


def cut_for(dossier: Dossier, sender: AgencyKind, receiver: AgencyKind, *, consent: bool) -> Dossier:
    return cut(dossier, sender=sender, receiver=receiver, kind=kind_between(sender, receiver), consent=consent)


def told(dossier: Dossier) -> dict[str, Any]:
    return {name: value for name, value in dossier if value is not None}


@pytest.mark.parametrize(("sender", "receiver"), [("ops", "cis"), ("pup", "cis"), ("cis", "ops")])
def test_a_cis_and_an_ops_get_the_whole_dossier(sender: AgencyKind, receiver: AgencyKind) -> None:
    assert cut_for(FULL, sender, receiver, consent=False) == FULL


def test_a_kis_gets_the_result_of_the_opinion_only() -> None:
    assert cut_for(FULL, "ops", "kis", consent=False) == FULL.model_copy(
        update={"opinion": None, "opinion_result": "with_conditions"}
    )


def test_a_pup_learns_of_no_ground_but_long_term_unemployment() -> None:
    shared = cut_for(FULL, "cis", "pup", consent=True)
    assert shared.grounds == ("LONG_TERM_UNEMPLOYED",)
    assert (shared.opinion, shared.opinion_result) == (None, "with_conditions")
    assert (shared.given_name, shared.pesel) == (FULL.given_name, FULL.pesel)


def test_a_pup_does_not_learn_that_there_are_other_grounds() -> None:
    addicted = FULL.model_copy(update={"grounds": ("ALCOHOL_ADDICTION",)})
    assert cut_for(addicted, "cis", "pup", consent=True).grounds is None


def test_an_owes_without_consent_learns_only_that_a_person_is_at_risk() -> None:
    assert told(cut_for(FULL, "cis", "owes", consent=False)) == {"person_at_risk": True}


def test_an_owes_with_consent_learns_identity_and_contact_but_never_the_pesel() -> None:
    shared = told(cut_for(FULL, "cis", "owes", consent=True))
    assert set(shared) == {
        "given_name",
        "family_name",
        "birth_date",
        "sex",
        "phone",
        "email",
        "address",
        "person_at_risk",
        "reason",
        "expectations",
        "accessibility_needs",
    }


def test_an_owes_is_not_told_of_a_risk_that_nobody_stated() -> None:
    without = FULL.model_copy(update={"grounds": None})
    assert cut_for(without, "cis", "owes", consent=True).person_at_risk is None


def test_the_preview_tells_town_and_result_and_nothing_else() -> None:
    shown = told(preview(FULL))
    assert shown == {"address": Address(town="Poraj"), "opinion_result": "with_conditions"}
    assert {*shown, "case_mark", "preferred_workshop"} == PREVIEW


def test_only_an_application_takes_the_consent_along_that_it_rests_on() -> None:
    agreed = FULL.model_copy(update={"consent": Consent(given_on=date(2026, 1, 14), version="2026-1")})
    applied = cut(agreed, sender="kis", receiver="ops", kind="application", consent=True)
    assert applied == agreed
    for sender, receiver in product(AGENCIES, AGENCIES):
        assert cut_for(agreed, sender, receiver, consent=True).consent is None


@pytest.mark.parametrize("consent", [False, True])
@pytest.mark.parametrize("pair", list(product(AGENCIES, repeat=2)))
def test_contents_of_files_follow_only_where_their_names_went(
    pair: tuple[AgencyKind, AgencyKind], consent: bool
) -> None:
    kind = kind_between(*pair)
    file = Attached(id=UUID(int=1), name="a.pdf", media_type="application/pdf", size=1)
    named = cut(Dossier(attachments=(file,)), sender=pair[0], receiver=pair[1], kind=kind, consent=consent)
    follow = contents_follow(receiver=pair[1], kind=kind, consent=consent)
    assert follow == (named.attachments is not None)
    assert not (follow and pair[1] in ("pup", "owes"))


def test_the_preview_of_an_empty_dossier_is_empty() -> None:
    assert told(preview(Dossier())) == {}


def test_a_dossier_is_not_cut_for_a_referral_that_may_not_be_sent() -> None:
    with pytest.raises(ValueError, match="does not send"):
        cut(FULL, sender="owes", receiver="cis", kind="statutory_cis", consent=True)


def test_a_refusal_to_cut_does_not_repeat_the_dossier() -> None:
    with pytest.raises(ValueError, match="does not send") as refusal:
        cut(FULL, sender="cis", receiver="pup", kind="kis", consent=True)
    assert "Zenobia" not in str(refusal.value)


@given(dossier=dossiers, pair=pairs, consent=st.booleans())
def test_a_cut_adds_nothing(dossier: Dossier, pair: tuple[AgencyKind, AgencyKind], consent: bool) -> None:
    given_facts = told(dossier)
    if dossier.opinion:
        given_facts["opinion_result"] = dossier.opinion.result
    if dossier.grounds:
        given_facts["person_at_risk"] = True
    for name, value in told(cut_for(dossier, *pair, consent=consent)).items():
        if name == "grounds":
            assert set(value) <= set(given_facts["grounds"])
        elif name in ("opinion_result", "person_at_risk"):
            assert value in (given_facts[name], getattr(dossier, name))
        else:
            assert value == given_facts[name]


@given(dossier=dossiers, pair=pairs, consent=st.booleans())
def test_cutting_twice_changes_nothing(dossier: Dossier, pair: tuple[AgencyKind, AgencyKind], consent: bool) -> None:
    once = cut_for(dossier, *pair, consent=consent)
    assert cut_for(once, *pair, consent=consent) == once


@given(dossier=dossiers, pair=pairs)
def test_consent_only_ever_opens(dossier: Dossier, pair: tuple[AgencyKind, AgencyKind]) -> None:
    without = told(cut_for(dossier, *pair, consent=False))
    allowed = told(cut_for(dossier, *pair, consent=True))
    assert without == {name: allowed.get(name) for name in without}


@given(dossier=dossiers, sender=st.sampled_from(AGENCIES), consent=st.booleans())
def test_an_owes_never_gets_pesel_grounds_or_opinion(dossier: Dossier, sender: AgencyKind, consent: bool) -> None:
    shared = cut_for(dossier, sender, "owes", consent=consent)
    assert (shared.pesel, shared.grounds, shared.opinion, shared.opinion_result) == (None, None, None, None)


@given(dossier=dossiers, pair=pairs, consent=st.booleans())
def test_the_reasons_of_an_opinion_reach_only_ops_and_cis(
    dossier: Dossier, pair: tuple[AgencyKind, AgencyKind], consent: bool
) -> None:
    if pair[1] not in ("ops", "cis"):
        assert cut_for(dossier, *pair, consent=consent).opinion is None


@given(dossier=dossiers)
def test_a_preview_never_shows_who_the_person_is(dossier: Dossier) -> None:
    shown = preview(dossier)
    assert set(told(shown)) <= {"address", "opinion_result"}
    assert shown.address is None or shown.address == Address(town="Poraj")
