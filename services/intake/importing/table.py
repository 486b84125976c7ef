"""A file as rows of text, within limits: what the reading process makes and sends to the service.

Imports nothing but the standard library: the reading process starts for every file.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """The file cannot be imported. `code` is one of `services/kit/wording.toml`; `params` are numbers only."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Bounds:
    """What a file may hold and what its reading may cost; numbers of `rules/limits.toml`."""

    bytes: int
    rows: int
    columns: int
    cell_characters: int
    row_characters: int
    unpacked_bytes: int
    seconds: int
    memory_bytes: int


@dataclass(frozen=True)
class Line:
    """A row that is not empty. `number` counts from 1 at the top of the file; `formulas` are places in `cells`."""

    number: int
    cells: list[str]
    formulas: list[int]


@dataclass
class Collected:
    """The rows of a file, refused as soon as they are too many or too long."""

    bounds: Bounds
    lines: list[Line] = field(default_factory=list)
    _characters: int = 0

    def add(self, number: int, cells: Iterable[str], formulas: Iterable[int] = ()) -> None:
        """Take a row. Raises Refused."""
        kept = _without_empty_end([tidy(cell) for cell in cells])
        if not kept:
            return
        if len(kept) > self.bounds.columns:
            raise Refused("import_columns", most=self.bounds.columns)
        if max(map(len, kept)) > self.bounds.cell_characters:
            raise Refused("import_cell", row=number, most=self.bounds.cell_characters)
        characters = sum(map(len, kept))
        if characters > self.bounds.row_characters:
            raise Refused("import_row", row=number, most=self.bounds.row_characters)
        if len(self.lines) > self.bounds.rows:  # one more than rows: the header
            raise Refused("import_rows", most=self.bounds.rows)
        self._characters += characters
        if self._characters > self.bounds.bytes:
            raise Refused("import_unpacked", most=self.bounds.bytes)
        self.lines.append(Line(number, kept, [place for place in formulas if place < len(kept)]))

    def document(self) -> list[list[Any]]:
        """The rows as JSON can hold them."""
        return [[line.number, line.cells, line.formulas] for line in self.lines]


def tidy(cell: str) -> str:
    """Without the spaces around it, hard spaces and the byte order mark; line breaks stay as they are."""
    return cell.replace("\u00a0", " ").replace("\u202f", " ").replace("\ufeff", "").strip()


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
