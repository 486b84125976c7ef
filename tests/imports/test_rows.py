"""A row as a referral, or what is wrong with it."""

from typing import Any

import pytest

from contracts.api import NewReferral
from contracts.directory import Agency, Directory
from services.intake.importing.columns import Head, understand
from services.intake.importing.rows import content_of, place_of, referral_of
from services.intake.importing.table import Line
from services.kit.problems import FieldError, Problem

DIRECTORY = Directory(
    agencies=tuple(
        Agency(slug=f"{kind}-poraj", kind=kind, node=kind, name=f"{kind} w Poraju", town="Poraj", county="m")
        for kind in ("ops", "cis", "owes")
    )
)
PERSON = {"Nazwisko": "Próbna", "Imię": "Zofia", "Data urodzenia": "3.02.1990", "CIS": "cis-poraj", "Powód": "Praca."}


def read(row: dict[str, str], formulas: list[int] | None = None, **values: str) -> NewReferral:
    columns = understand(list(row), {}, {})
    head = Head(name="", columns=columns, values={name.replace("__", "."): value for name, value in values.items()})
    return referral_of(head, Line(2, list(row.values()), formulas or []), DIRECTORY)


def errors(row: dict[str, str], **options: Any) -> list[FieldError]:
    with pytest.raises(Problem) as refused:
        read(row, **options)
    return list(refused.value.errors)


def test_a_row_becomes_a_referral_with_its_parts() -> None:
    new = read(PERSON | {"Wynik opinii": "pozytywna", "Data opinii": "1.6.2026", "Data wywiadu": "20.05.2026"})
    assert new.client is not None
    assert (new.client.family_name, str(new.client.birth_date), new.receiver) == ("Próbna", "1990-02-03", "cis-poraj")
    assert new.opinion is not None
    assert (new.opinion.result, str(new.opinion.interview_on)) == ("positive", "2026-05-20")


def test_an_empty_cell_is_not_there() -> None:
    new = read(PERSON | {"Telefon": "", "Miejscowość": "", "Wynik opinii": "", "Świadczenia z art. 1 ust. 3": ""})
    assert new.client is not None
    assert (new.client.phone, new.client.address, new.opinion, new.labour) == (None, None, None, None)


@pytest.mark.parametrize(
    "cell", ["ul. Leśna 1, 42-360 Poraj", "ul. Leśna 1 42-360 Poraj", "ul. Leśna 1\n42-360  Poraj"]
)
def test_a_whole_address_in_one_cell_is_taken_apart(cell: str) -> None:
    new = read(PERSON | {"Adres": cell})
    assert new.client is not None
    assert new.client.address is not None
    assert new.client.address.model_dump(include={"street", "postal_code", "town"}) == {
        "street": "ul. Leśna 1",
        "postal_code": "42-360",
        "town": "Poraj",
    }


def test_an_address_with_its_own_column_for_the_town_stays_as_it_is() -> None:
    new = read(PERSON | {"Adres": "Leśna 1, 42-360 Poraj", "Miejscowość": "Żarki"})
    assert new.client is not None
    assert new.client.address is not None
    assert (new.client.address.street, new.client.address.town) == ("Leśna 1, 42-360 Poraj", "Żarki")


def test_a_value_for_all_rows_fills_empty_cells_only() -> None:
    assert read(PERSON | {"Znak sprawy": "A.1"}, case_mark="B.2").case_mark == "A.1"
    assert read(PERSON | {"Znak sprawy": ""}, case_mark="B.2").case_mark == "B.2"
    assert read(PERSON, case_mark="B.2").case_mark == "B.2"


def test_not_knowing_is_not_overruled_by_the_value_for_all_rows() -> None:
    assert read(PERSON | {"Klauzula ogólna": "nie wiadomo"}, general_clause="tak").general_clause is None


def test_all_errors_of_a_row_are_told_at_once_and_each_field_once() -> None:
    found = errors(PERSON | {"Imię": "", "Data urodzenia": "x", "Podstawa": "zły humor", "Kod pocztowy": "x"})
    assert {error.field for error in found} == {
        "client.given_name",
        "client.birth_date",
        "grounds.0",
        "client.address.postal_code",
        "client.address.town",
    }


def test_a_word_nobody_knows_is_answered_with_those_that_are_known() -> None:
    [error] = errors(PERSON | {"Podstawa": "zły humor"})
    assert error.wording is not None
    assert "bezdomność" in error.wording["pl"]
    assert "HOMELESS" in error.wording["en"]


def test_a_formula_counts_only_where_its_column_is_used() -> None:
    assert [error.code for error in errors(PERSON | {"Telefon": "=1+1"}, formulas=[5])] == ["import_formula"]
    assert read(PERSON | {"Lp.": "=1+1"}, formulas=[5]).reason == "Praca."


def test_the_content_is_the_same_however_it_was_written() -> None:
    one = read(PERSON | {"Kod pocztowy": "42360", "Miejscowość": "Poraj", "Pilność": ""})
    other = read(
        {"Miejscowość": "Poraj", "Kod pocztowy": "42-360", **PERSON, "Data urodzenia": "1990-02-03"}, draft="tak"
    )
    assert content_of(one) == content_of(other)
    assert content_of(one) != content_of(read(PERSON))


def test_two_referrals_of_a_person_are_in_each_others_way_when_only_one_can_be_open() -> None:
    def place(**changes: str) -> str | None:
        places = place_of(read(PERSON | changes), "ops-poraj", DIRECTORY)
        return places[0] if places else None

    assert place(Imię="ZOFIA", Powód="Inny.") == place()
    assert place(Nazwisko="Inna") != place()
    assert place(CIS="owes-poraj") != place()
    assert place(Szkic="tak") is None
