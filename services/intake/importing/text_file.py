"""CSV as Polish offices have it: UTF-8 or CP-1250, semicolon, comma or tab, quotes, line breaks in cells."""

import csv
import io
import re

from services.intake.importing.table import Collected, Refused

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_SEPARATORS = ";\t,"
_SEPARATOR_LINE = re.compile(r"sep=(?P<separator>[;,\t])\r?\n", re.IGNORECASE)
"""The first line that Excel writes, and only Excel understands."""
_SAMPLE = 20_000  # characters in which a separator shows itself
_AS_TEXT = re.compile(r'="(?P<text>[^"]*)"')
"""A formula that keeps leading zeros in Excel: ="01234"."""
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")
"""The mark with which our own files of bad rows keep a spreadsheet from running a cell."""


def read(content: bytes, collected: Collected) -> None:
    """Raises Refused."""
    text = _decoded(content)
    marked = _SEPARATOR_LINE.match(text)
    separator = marked["separator"] if marked else _separator(text)
    begun = marked.end() if marked else 0
    csv.field_size_limit(collected.bounds.cell_characters * 2)
    reader = csv.reader(io.StringIO(text[begun:], newline=""), delimiter=separator)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            plain = [_plain(cell) for cell in cells]
            collected.add(number, plain, [place for place, cell in enumerate(plain) if cell.startswith("=")])
    except csv.Error:  # all it refuses here: a cell longer than the limit, often for want of a closing quote
        raise Refused("import_cell", row=number + 1, most=collected.bounds.cell_characters) from None


def _plain(cell: str) -> str:
    kept = _AS_TEXT.fullmatch(cell.strip())
    return kept["text"] if kept else _GUARDED.sub("", cell, count=1) if cell.startswith("'") else cell


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _as(content, encoding)
    if b"\0" in content:
        raise Refused("import_type")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _as(content, "cp1250")


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("import_encoding") from None


def _separator(text: str) -> str:
    """The one that makes the most cells of the first rows."""

    def cells(separator: str) -> int:
        try:
            sample = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=separator)
            return max((len(row) for _, row in zip(range(10), sample, strict=False)), default=0)
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=cells)
