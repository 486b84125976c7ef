"""What is wrong in a directory file is told by line, in Polish, with a remedy."""

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.directory import Directory
from stack.cli import app
from stack.directory_check import examine
from stack.errors import StackError
from stack.institutions import directory_path, directory_text, read_directory
from stack.toml_lines import line_of

DEMO = files("stack.demo").joinpath("directory.toml").read_text(encoding="utf-8")

GOOD = """\
[[agencies]]
slug = "ops-poraj"
kind = "ops"
node = "ops"
name = "OPS"
town = "Poraj"
county = "myszkowski"
gminas = [{ teryt = "2409042", name = "Poraj" }]
advisers = [
    { login = "a@ops-poraj", unit = "praca", role = "OPS_DEPUTY" },
]
units = [
    { code = "praca", name = "Praca socjalna" },
    { code = "teren", name = "Teren", gminas = ["2409042"] },
]

[[agencies]]
slug = "cis-poraj"
kind = "cis"
node = "cis"
name = "CIS"
town = "Poraj"
county = "myszkowski"
status = { decision = "przykład", valid_from = 2025-07-01, valid_to = 2030-06-30 }

[[agencies.agreements]]
valid_from = 2026-01-01
valid_to = 2026-12-31

[agencies.agreements.gmina]
teryt = "2409011"
name = "Myszków"

[[agencies.workshops]]
code = "krawiecki"
name = "Krawiecki"
places = 5

[[agencies.workshops.editions]]
code = "jesien"
starts_on = 2026-09-01
ends_on = 2027-06-30
places = 5

[[parties]]
slug = "gops-niegowa"
kind = "ops"
name = "GOPS"
town = "Niegowa"
gminas = [{ teryt = "2409032", name = "Niegowa" }]
"""

WRONG = [
    # what stands in the good file, what instead, code, the line, words
    ('slug = "cis-poraj"', 'slug = "ops-poraj"', "slug_doubled", 18, "Skrót ops-poraj ma już inna instytucja"),
    ('slug = "gops-niegowa"', 'slug = "cis-poraj"', "slug_doubled", 46, "Skrót cis-poraj"),
    ('code = "teren"', 'code = "praca"', "unit_doubled", 14, "dwie jednostki o kodzie praca"),
    ('gminas = ["2409042"]', 'gminas = ["2409011"]', "unit_gmina_unknown", 14, "gminę 2409011"),
    ('unit = "praca"', 'unit = "brak"', "adviser_unit_unknown", 10, "jednostki brak"),
    ('role = "OPS_DEPUTY"', 'role = "CIS_HEAD"', "role_unknown", 10, "nie ma roli CIS_HEAD"),
    ("valid_to = 2030-06-30", "valid_to = 2025-06-30", "ends_before_it_begins", 24, "instytucji cis-poraj kończy"),
    ("valid_to = 2026-12-31", "valid_to = 2025-12-31", "ends_before_it_begins", 28, "kończy się, zanim"),
    ("ends_on = 2027-06-30", "ends_on = 2025-06-30", "ends_before_it_begins", 42, "kończy się, zanim"),
    ('teryt = "2409032"', 'teryt = "2409042"', "gmina_of_two", 50, "mają dwa OPS: ops-poraj i gops-niegowa"),
    ('town = "Niegowa"\n', "", "missing", 45, "Brakuje pola town"),
    ('kind = "cis"', 'kind = "centrum"', "literal_error", 19, "Niedozwolona wartość pola kind"),
    ('node = "cis"', 'node = "cis"\ncolour = "red"', "extra_forbidden", 21, "Nieznane pole colour"),
    ('teryt = "2409011"', 'teryt = "24090"', "string_pattern_mismatch.teryt", 31, "kod TERYT"),
    ("places = 5\n\n[[agencies.w", "places = 0\n\n[[agencies.w", "greater_than_equal", 37, "Pole places jest za małe"),
    (
        "starts_on = 2026-09-01",
        'starts_on = "kiedyś"',
        "date_from_datetime_parsing",
        41,
        "Pole starts_on nie jest datą",
    ),
    ('name = "CIS"', 'name = "CIS', "syntax", 21, "nie jest poprawnym TOML-em"),
]


@pytest.mark.parametrize(("good", "bad", "code", "line", "words"), WRONG, ids=[row[2] for row in WRONG])
def test_a_fault_is_told_with_its_line_and_a_remedy(good: str, bad: str, code: str, line: int, words: str) -> None:
    assert GOOD.count(good) == 1
    directory, findings = examine(GOOD.replace(good, bad))
    assert directory is None
    assert [(finding.code, finding.line) for finding in findings] == [(code, line)]
    assert words in findings[0].sentence
    assert findings[0].remedy


def test_two_workshops_or_editions_of_one_code_are_told_too() -> None:
    again = GOOD[GOOD.index("[[agencies.workshops]]") : GOOD.index("[[parties]]")]
    edition = again[again.index("[[agencies.workshops.editions]]") :]
    doubled = GOOD.replace(again, again + edition + again)
    assert [(finding.code, finding.line) for finding in examine(doubled)[1]] == [
        ("edition_doubled", 46),
        ("workshop_doubled", 52),
        ("edition_doubled", 57),
    ]


def test_every_fault_of_the_file_is_told_in_the_order_of_the_lines() -> None:
    text = GOOD.replace('unit = "praca"', 'unit = "brak"').replace("valid_to = 2026-12-31", "valid_to = 2025-12-31")
    text = text.replace('role = "OPS_DEPUTY"', 'role = "NOBODY"').replace(
        "ends_on = 2027-06-30", "ends_on = 2025-06-30"
    )
    assert [finding.line for finding in examine(text)[1]] == [10, 10, 28, 42]


def test_a_good_file_and_the_demo_counties_pass() -> None:
    assert examine(GOOD)[1] == ()
    assert examine(DEMO)[1] == ()


def test_a_file_from_before_units_and_gminas_is_still_read(tmp_path: Path) -> None:
    known = ("slug", "kind", "node", "name", "town", "county")
    rows = ["\n".join(f'{key} = "{agency[key]}"' for key in known) for agency in tomllib.loads(DEMO)["agencies"]]
    directory_path(tmp_path).write_text("".join(f"[[agencies]]\n{row}\n" for row in rows), encoding="utf-8")
    assert len(read_directory(tmp_path).agencies) == 16


def test_a_node_that_starts_names_the_first_fault(tmp_path: Path) -> None:
    directory_path(tmp_path).write_text(GOOD.replace('unit = "praca"', 'unit = "brak"'), encoding="utf-8")
    with pytest.raises(StackError) as caught:
        read_directory(tmp_path)
    assert "directory.toml, wiersz 10: Osoba jest przypisana do jednostki brak" in caught.value.sentence
    assert "sciezka directory check" in caught.value.remedy


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"Nie ma spisu instytucji .*directory\.toml"):
        read_directory(tmp_path)
    directory_path(tmp_path).write_bytes(b"\xff\xfe")
    with pytest.raises(StackError, match=r"directory\.toml nie jest w UTF-8"):
        read_directory(tmp_path)
    with pytest.raises(StackError, match="Nie można odczytać"):
        directory_text(tmp_path)


def _checked(file: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["directory", "check", str(file), *more])
    return result.exit_code, result.stdout


def test_the_command_ends_with_one_and_tells_each_fault(tmp_path: Path) -> None:
    file = tmp_path / "spis.toml"
    file.write_text(GOOD.replace('unit = "praca"', 'unit = "brak"'), encoding="utf-8")
    assert _checked(file) == (
        1,
        "spis.toml, wiersz 10: Osoba jest przypisana do jednostki brak, której instytucja ops-poraj nie ma. "
        "Popraw kod jednostki albo dodaj taką jednostkę.\n",
    )
    assert json.loads(_checked(file, "--json")[1])[0]["line"] == 10


def test_the_command_counts_what_is_in_a_good_file(tmp_path: Path) -> None:
    file = tmp_path / "spis.toml"
    file.write_text(GOOD, encoding="utf-8")
    code, said = _checked(file)
    assert code == 0
    assert said == (
        "Spis jest poprawny: instytucji 2, węzłów 2, instytucji bez konta 1, jednostek 2, warsztatów 1, porozumień 1.\n"
    )
    assert json.loads(_checked(file, "--json")[1]) == []


def _leaves(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(item, (*place, key))
    else:
        yield place, value


@pytest.mark.parametrize("text", [GOOD, DEMO], ids=["good", "demo"])
def test_the_line_of_every_value_holds_it(text: str) -> None:
    lines = text.splitlines()
    for place, value in _leaves(tomllib.loads(text)):
        assert str(value) in lines[line_of(text, place) - 1], place


def test_a_place_that_is_not_there_is_the_nearest_around_it() -> None:
    assert line_of(GOOD, ("agencies", 1, "nothing")) == 17
    assert line_of(GOOD, ("nothing",)) == 1


def test_the_directory_refuses_what_does_not_fit_also_without_a_file() -> None:
    agency = {"slug": "ops-poraj", "kind": "ops", "node": "ops", "name": "OPS", "town": "Poraj", "county": "m"}
    with pytest.raises(ValueError, match="contradicts itself"):
        Directory.model_validate({"agencies": [agency, agency]})
