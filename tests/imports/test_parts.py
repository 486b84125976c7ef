"""The rows of a file in pieces."""

from pathlib import Path

from services.intake.importing.parts import PART_CHARACTERS, PART_ROWS, Part, pieces
from services.intake.importing.table import Line
from services.kit.keyring import ensure_keys, load_keyring
from services.kit.sealing import seal
from tests.imports.sheets import BOUNDS


def lines(*lengths: int) -> list[Line]:
    return [Line(number, ["\x01" * length], []) for number, length in enumerate(lengths)]


def parts(*lengths: int) -> list[tuple[int, int]]:
    """The number of each part and how many rows it has."""
    return [(number, len(part.lines)) for number, part in pieces(lines(*lengths))]


def test_short_rows_are_cut_by_their_count() -> None:
    assert parts(*[1] * (2 * PART_ROWS + 1)) == [(1, PART_ROWS), (1 + PART_ROWS, PART_ROWS), (1 + 2 * PART_ROWS, 1)]


def test_long_rows_are_cut_by_what_they_hold() -> None:
    half = PART_CHARACTERS // 2
    assert parts(1, half, half, half, 1) == [(1, 2), (3, 2), (5, 1)]


def test_no_part_is_larger_than_what_can_be_opened(tmp_path: Path) -> None:
    ensure_keys(tmp_path, ["ops"])
    keyring = load_keyring(tmp_path, "ops")
    longest = PART_CHARACTERS // 2
    assert longest >= BOUNDS.row_characters
    for _, part in pieces(lines(*[longest] * 4)):
        content = keyring.open(seal(keyring, part, to="ops", context="x"), context="x")
        assert Part.model_validate_json(content) == part
