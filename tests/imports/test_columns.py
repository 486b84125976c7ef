"""Which column fills which field."""

import pytest

from services.intake.importing.columns import (
    Head,
    check_complete,
    check_given,
    fingerprint,
    header_line,
    understand,
)
from services.intake.importing.table import Line
from services.kit.problems import Problem

OFFICE = ["Nazwisko", "IMIE", "Nr PESEL", "data urodzenia", "Gmina (TERYT)", "Ośrodek przyjmujący", "Powód"]


def fields(
    headers: list[str], given: dict[str, str | None] | None = None, remembered: dict[int, str | None] | None = None
) -> list[str | None]:
    return [column.field for column in understand(headers, given or {}, remembered or {})]


def test_polish_headers_are_understood_with_and_without_diacritics_in_any_case() -> None:
    assert fields(OFFICE) == [
        "client.family_name",
        "client.given_name",
        "client.pesel",
        "client.birth_date",
        "client.address.gmina",
        "receiver",
        "reason",
    ]


def test_english_headers_and_names_of_fields_are_understood() -> None:
    assert fields(["Family name", "given name", "opinion.issued_on"]) == [
        "client.family_name",
        "client.given_name",
        "opinion.issued_on",
    ]


def test_what_the_caller_gives_comes_before_what_is_remembered_and_that_before_the_name() -> None:
    headers = ["Nazwisko", "Imię", "Uwagi"]
    remembered = {0: "client.previous_family_name", 1: "case_mark", 2: "reason"}
    columns = understand(headers, {"imie": "client.given_name"}, remembered)
    assert [(column.field, column.known_from) for column in columns] == [
        ("client.previous_family_name", "remembered"),
        ("client.given_name", "given"),
        ("reason", "remembered"),
    ]


def test_a_field_is_filled_by_one_column() -> None:
    assert fields(["Telefon", "Tel."]) == ["client.phone", None]
    assert fields(["Telefon", "Tel."], {"Tel.": "client.phone"}) == [None, "client.phone"]


def test_columns_nobody_understands_are_named_and_those_passed_over_on_purpose_are_not() -> None:
    columns = understand(["Lp.", "Nazwisko", "Wiersz", "Znak zodiaku"], {"Lp.": None}, {})
    assert Head(name="", columns=columns, values={}).unknown == ("Znak zodiaku",)


def test_the_header_may_stand_below_a_title() -> None:
    lines = [Line(1, ["Lista osób, czerwiec 2026"], []), Line(3, OFFICE, []), Line(4, ["A"], [])]
    assert header_line(lines, {}) == 1


def test_a_header_that_only_the_caller_understands_is_found() -> None:
    lines = [Line(1, ["Lista"], []), Line(2, ["Klient", "Kto"], [])]
    assert header_line(lines, {"Klient": "client.family_name"}) == 1


def test_missing_columns_are_named_all_at_once_in_both_languages() -> None:
    head = Head(name="", columns=understand(["Nazwisko", "Telefon"], {}, {}), values={"reason": "x"})
    with pytest.raises(Problem) as refused:
        check_complete(head)
    body = refused.value.body("pl")
    assert [error["field"] for error in body["errors"]] == ["receiver", "client.given_name", "client.pesel"]
    assert "Ośrodek przyjmujący" in body["errors"][0]["message"]
    assert "Receiver" in refused.value.body("en")["errors"][0]["message"]


def test_a_birth_date_stands_in_for_a_pesel() -> None:
    headers = ["Nazwisko", "Imię", "Data urodzenia", "CIS", "Powód"]
    check_complete(Head(name="", columns=understand(headers, {}, {}), values={}))


@pytest.mark.parametrize(
    ("given", "values", "error"),
    [
        ({"Telefax": "client.phone"}, {}, ("mapping.Telefax", "import_no_column")),
        ({"Telefon": "client.fax"}, {}, ("mapping.Telefon", "import_no_field")),
        ({}, {"client.fax": "1"}, ("values.client.fax", "import_no_field")),
    ],
)
def test_a_mapping_to_what_is_not_there_is_refused(
    given: dict[str, str | None], values: dict[str, str], error: tuple[str, str]
) -> None:
    with pytest.raises(Problem) as refused:
        check_given(["Telefon"], given, values)
    assert [(each.field, each.code) for each in refused.value.errors] == [error]


def test_the_fingerprint_of_headers_ignores_how_they_are_spelt_but_not_their_order() -> None:
    assert fingerprint(["Imię", "NAZWISKO "]) == fingerprint(["imie", "Nazwisko"])
    assert fingerprint(["Imię", "Nazwisko"]) != fingerprint(["Nazwisko", "Imię"])
