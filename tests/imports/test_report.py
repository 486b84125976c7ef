"""The file of bad rows."""

from uuid import UUID

import pytest

from contracts.imports import ImportColumn
from services.intake.importing.columns import Head
from services.intake.importing.models import OutcomeRow
from services.intake.importing.report import harmless, written
from services.intake.importing.table import Line

HEAD = Head(
    name="",
    columns=(
        ImportColumn(header="Nr", field="client.pesel"),
        ImportColumn(header="=Uwagi"),
        ImportColumn(header="Row"),
    ),
    values={},
)


def outcome(*fields: str) -> OutcomeRow:
    told = [{"field": field, "code": "x", "pl": f"zdanie {field}", "en": f"sentence {field}"} for field in fields]
    return OutcomeRow(import_id=UUID(int=1), agency="ops-poraj", row=7, outcome="bad", errors=told)


@pytest.mark.parametrize("cell", ["=1+1", "+48 600", "-2", "@cmd", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_marked_as_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Kowalski", "'x", "", "1=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_headers_and_cells_are_harmless_and_own_columns_of_an_earlier_file_are_not_repeated() -> None:
    text = written(HEAD, [(Line(7, ["1", "@x", "3"], []), outcome("client.pesel"))], "en").decode("utf-8-sig")
    assert text.split("\r\n")[:2] == [
        "Nr;'=Uwagi;Row;Column;What to correct",
        "1;'@x;7;Nr;Nr: sentence client.pesel",
    ]


def test_several_errors_stand_in_one_row_and_a_missing_column_is_called_by_its_usual_name() -> None:
    text = written(HEAD, [(Line(7, ["1"], []), outcome("client.pesel", "opinion", ""))], "pl").decode("utf-8-sig")
    assert "Nr, Wynik opinii, cały wiersz" in text
    assert "Nr: zdanie client.pesel\nWynik opinii: zdanie opinion\ncały wiersz: zdanie " in text
