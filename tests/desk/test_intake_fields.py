"""Fields of applications: read as typed, told only where something is new, errors where a person can mend them."""

from datetime import date

import pytest

from contracts.dossier import Dossier
from contracts.form import Address, LabourMarket
from services.desk.forms import Typed
from services.desk.intake.facts import asked, told_of, typed_values, values_of
from services.desk.intake.reading import Reading, as_typed, placed

KNOWN = Dossier(
    given_name="Zofia",
    family_name="Przykładna",
    address=Address(town="Poraj", gmina="2409042"),
    grounds=("HOMELESS",),
    general_clause=True,
    labour=LabourMarket(status="inactive", registered_on=date(2026, 1, 5), benefits=()),
)


def _typed(**fields: str | list[str]) -> Typed:
    told = {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in fields.items()}
    return Typed(told, {})


def _shown(known: Dossier) -> dict[str, str | list[str]]:
    return {f"form.{name}": value for name, value in values_of(known).items()}


def test_a_page_that_is_sent_as_it_was_shown_tells_nothing() -> None:
    told = told_of(_typed(**_shown(KNOWN)), KNOWN, "pl", "form.")
    assert (told.body, told.errors) == ({}, {})


def test_a_change_in_a_part_tells_that_part_whole_and_no_other() -> None:
    shown = _shown(KNOWN) | {"form.labour.registered_months": "14"}
    assert told_of(_typed(**shown), KNOWN, "pl", "form.").body == {
        "labour": {"status": "inactive", "registered_on": "2026-01-05", "registered_months": 14, "benefits": []}
    }


def test_an_address_goes_with_the_name_that_the_interface_asks_for() -> None:
    shown = _shown(KNOWN) | {"form.client.address.street": "Szkolna 1"}
    assert told_of(_typed(**shown), KNOWN, "pl", "form.").body == {
        "client": {
            "given_name": "Zofia",
            "family_name": "Przykładna",
            "address": {"street": "Szkolna 1", "town": "Poraj", "gmina": "2409042", "basis": "residence"},
        }
    }


def test_what_is_emptied_is_not_taken_away() -> None:
    shown = _shown(KNOWN) | {"form.grounds": [], "form.client.address.town": ""}
    assert told_of(_typed(**shown), KNOWN, "pl", "form.").body == {}


def test_none_of_the_benefits_is_an_answer_but_not_beside_one() -> None:
    assert told_of(_typed(labour__benefits=["none"]), None, "pl", "").body == {"labour": {"benefits": []}}
    both = told_of(_typed(labour__benefits=["none", "old_age_pension"]), None, "pl", "")
    assert (both.body, list(both.errors)) == ({}, ["labour.benefits"])


@pytest.mark.parametrize(("field", "text"), [("consent.given_on", "31.02.2026"), ("labour.registered_months", "rok")])
def test_what_cannot_be_read_is_an_error_and_shown_as_typed(field: str, text: str) -> None:
    typed = _typed(**{field: text})
    assert list(told_of(typed, None, "pl", "").errors) == [field]
    assert typed_values(typed, "")[field] == text


def test_an_interview_asks_for_more_than_the_steps_after_it() -> None:
    assert "expectations" in asked("record_interview", KNOWN)
    assert asked("issue", KNOWN) == ()
    assert asked("issue", Dossier()) == ("grounds", "clause", "labour", "address")


def test_an_error_about_a_part_stands_at_its_first_field_and_one_of_several_at_them_all() -> None:
    fields = ("consent.given_on", "consent.version", "grounds")
    assert placed({"consent": "a", "grounds.1": "b", "other": "c"}, fields) == {
        "consent.given_on": "a",
        "grounds": "b",
        "other": "c",
    }


def test_a_choice_of_another_institution_than_the_chosen_one_is_not_taken() -> None:
    reading = Reading(_typed(receiver="cis-poraj", unit="cis-myszkow:zarki"), "pl")
    reading.of_receiver("unit")
    assert (reading.body, list(reading.errors)) == ({}, ["unit"])


def test_a_day_is_shown_as_people_type_it() -> None:
    assert (as_typed(date(2026, 12, 3)), as_typed(None)) == ("3.12.2026", "")
