"""Cells as offices fill them."""

from datetime import date

import pytest

from contracts.directory import Agency, Directory
from rules.imports import import_rules
from services.intake.importing.cells import NotUnderstood, Value, value_of
from services.kit.pesel import training_pesel

DIRECTORY = Directory(
    agencies=(
        Agency(
            slug="cis-poraj",
            kind="cis",
            node="cis",
            name="Centrum Integracji Społecznej w Poraju",
            town="Poraj",
            county="m",
        ),
        Agency(slug="ops-poraj", kind="ops", node="ops", name="Ośrodek w Poraju", town="Poraj", county="m"),
    )
)

PESEL = training_pesel(date(1902, 7, 8), 362)
WRONG = PESEL[:-1] + str((int(PESEL[-1]) + 1) % 10)


def read(field: str, cell: str) -> Value:
    return value_of(import_rules().fields[field], cell, DIRECTORY)


@pytest.mark.parametrize(
    "cell",
    [
        "3.02.2026",
        "03.02.2026 r.",
        "03-02-2026",
        "3/2/2026",
        "2026-02-03",
        "2026-02-03 00:00:00",
        "2026.02.03",
        "46056",
    ],
)
def test_dates_of_every_usual_form_are_the_same_day(cell: str) -> None:
    assert read("opinion.issued_on", cell) == "2026-02-03"


@pytest.mark.parametrize("cell", ["wczoraj", "31.02.2026", "3.2.26", "2026"])
def test_what_is_no_date_is_said_to_be_none(cell: str) -> None:
    with pytest.raises(NotUnderstood, match="import_date"):
        read("opinion.issued_on", cell)


@pytest.mark.parametrize(
    ("cell", "pesel"),
    [
        (PESEL, PESEL),
        (PESEL[1:], PESEL),  # a spreadsheet took the zero
        (f"{PESEL[:6]} {PESEL[6:]}", PESEL),
        (WRONG[1:], WRONG[1:]),  # the checksum does not fit: as it is, to be refused
        ("abc", "abc"),
    ],
)
def test_a_pesel_that_lost_its_zero_gets_it_back_when_the_checksum_fits(cell: str, pesel: str) -> None:
    assert read("client.pesel", cell) == pesel


@pytest.mark.parametrize(
    ("cell", "value"), [("TAK", True), ("nie", False), ("Nie wiadomo", None), ("", None), ("1", True)]
)
def test_yes_no_and_unknown(cell: str, value: bool | None) -> None:
    assert read("general_clause", cell) is value


def test_neither_yes_nor_no_is_said_to_be_neither() -> None:
    with pytest.raises(NotUnderstood, match="import_yes_no"):
        read("general_clause", "może")


@pytest.mark.parametrize(
    ("cell", "grounds"),
    [
        ("osoba długotrwale bezrobotna", ["LONG_TERM_UNEMPLOYED"]),
        ("Bezdomność; alkoholizm", ["HOMELESS", "ALCOHOL_ADDICTION"]),
        ("art. 1 ust. 2 pkt 5, pkt 8", ["LONG_TERM_UNEMPLOYED", "DISABLED"]),
        ("LONG_TERM_UNEMPLOYED", ["LONG_TERM_UNEMPLOYED"]),
        ("zły humor", ["zły humor"]),  # the form tells which codes there are
    ],
)
def test_grounds_are_written_in_the_words_of_the_act(cell: str, grounds: list[str]) -> None:
    assert read("grounds", cell) == grounds


def test_no_benefits_is_told_apart_from_not_knowing() -> None:
    assert read("labour.benefits", "brak") == []
    assert read("labour.benefits", "nie wiadomo") is None
    assert read("labour.benefits", "renta") == ["incapacity_pension"]


@pytest.mark.parametrize("cell", ["cis-poraj", "CIS Poraj", "centrum integracji spolecznej w PORAJU"])
def test_the_receiver_is_known_by_short_name_by_name_and_by_kind_and_town(cell: str) -> None:
    assert read("receiver", cell) == "cis-poraj"


@pytest.mark.parametrize("cell", ["Poraj", "CIS Warszawa"])
def test_a_receiver_that_is_not_exactly_one_institution_is_refused(cell: str) -> None:
    with pytest.raises(NotUnderstood, match="import_receiver"):
        read("receiver", cell)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("client.address.gmina", "201011", "0201011"),
        ("client.address.postal_code", "42360", "42-360"),
        ("client.address.postal_code", "1234", "01-234"),
        ("client.address.postal_code", "brak", "brak"),  # the form will not take it
        ("client.sex", "Kobieta", "female"),
        ("opinion.result", "pozytywna z warunkami", "with_conditions"),
        ("background.education", "zasadnicze zawodowe", "3"),
        ("labour.registered_months", "18.0", "18"),
    ],
)
def test_codes_and_numbers_as_spreadsheets_leave_them(field: str, cell: str, value: str) -> None:
    assert read(field, cell) == value
