"""Whose client a person is by their address, and which unit a referral goes to."""

import pytest

from contracts.directory import Agency
from contracts.form import Person
from services.intake.residence import gmina_of, residence_ops, unit_for
from tests.law.examples import CIS, CLIENT, COUNTY, FAR, KIS, NOWHERE, OPS, PUP, TOWN, VILLAGE, agency, directory


def person(town: str | None = None, gmina: str | None = None) -> Person:
    return Person.model_validate(CLIENT | ({"address": {"town": town, "gmina": gmina}} if town else {}))


@pytest.mark.parametrize(
    ("sender", "who", "office", "gmina"),
    [
        (OPS, person("Poraj", TOWN), "ops-myszkow", TOWN),
        (OPS, person("Poraj"), "ops-poraj", VILLAGE),
        (OPS, person(), "ops-poraj", VILLAGE),
        (OPS, None, "ops-poraj", VILLAGE),
        (PUP, person("Poraj", FAR), "gops-niegowa", FAR),
        (PUP, person(" MYSZKÓW "), "ops-myszkow", TOWN),
        (PUP, person("Niegowa"), "gops-niegowa", FAR),
        (KIS, person("Niegowa"), None, None),  # it serves one gmina, not this one
        (PUP, person("Warszawa"), None, None),
        (PUP, person(), None, None),
        (PUP, None, None, None),
        (OPS, person("Poraj", "0000000"), None, "0000000"),
    ],
)
def test_the_ops_and_the_gmina_of_a_person(
    sender: Agency, who: Person | None, office: str | None, gmina: str | None
) -> None:
    found = residence_ops(COUNTY, sender, who)
    assert (None if found is None else found.slug) == office
    assert gmina_of(COUNTY, sender, who) == gmina


def test_an_ops_of_another_county_is_not_meant_by_the_name_of_its_town() -> None:
    namesake = agency("ops-drugi-poraj", NOWHERE, town="Poraj", county="inny")
    found = residence_ops(directory(OPS, namesake, PUP), PUP, person("Poraj"))
    assert found == OPS


def test_two_ops_in_one_town_leave_it_open() -> None:
    rural = agency("ops-poraj-wies", NOWHERE, town="Poraj")
    assert residence_ops(directory(OPS, rural, PUP), PUP, person("Poraj")) is None


def test_an_ops_of_several_gminas_does_not_tell_in_which_one_its_people_live() -> None:
    wide = agency("ops-zwiazek", TOWN, VILLAGE)
    assert residence_ops(directory(wide, PUP), wide, person("Poraj")) == wide
    assert gmina_of(directory(wide, PUP), wide, person("Poraj")) is None


TWO = {"units": [{"code": "a", "name": "A", "gminas": [VILLAGE]}, {"code": "b", "name": "B", "gminas": [TOWN]}]}
REST = {"units": [{"code": "a", "name": "A", "gminas": [VILLAGE]}, {"code": "b", "name": "B"}]}
SAME = {"units": [{"code": "a", "name": "A"}, {"code": "b", "name": "B"}]}


@pytest.mark.parametrize(
    ("receiver", "named", "gmina", "unit"),
    [
        (KIS, None, VILLAGE, None),
        (CIS, None, None, "rekrutacja"),
        (agency("cis-dwa", TOWN, VILLAGE, **TWO), "b", VILLAGE, "b"),
        (agency("cis-dwa", TOWN, VILLAGE, **TWO), None, VILLAGE, "a"),
        (agency("cis-dwa", TOWN, VILLAGE, **TWO), None, TOWN, "b"),
        (agency("cis-dwa", TOWN, VILLAGE, **TWO), None, NOWHERE, None),
        (agency("cis-dwa", TOWN, VILLAGE, **TWO), None, None, None),
        (agency("cis-dwa", TOWN, VILLAGE, **REST), None, VILLAGE, "a"),
        (agency("cis-dwa", TOWN, VILLAGE, **REST), None, TOWN, "b"),
        (agency("cis-dwa", TOWN, VILLAGE, **SAME), None, TOWN, None),
    ],
)
def test_a_referral_goes_to_the_unit_named_or_the_only_one_or_that_of_the_gmina(
    receiver: Agency, named: str | None, gmina: str | None, unit: str | None
) -> None:
    assert unit_for(receiver, named, gmina) == unit
