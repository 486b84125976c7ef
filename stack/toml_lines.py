"""Where in a TOML file a value stands: tomllib does not tell, and whoever corrects the file wants the line. Pure."""

import re
from collections.abc import Iterator

Place = tuple[str | int, ...]
"""The way to a value, as pydantic writes it: `("agencies", 3, "units", 0, "code")`."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([\w\-\"'.]+)\s*=\s*(.*)$")


def line_of(text: str, place: Place) -> int:
    """The line, from 1, on which the value begins, or else the innermost thing around it that has a line of its own."""
    best, line = 0, 1
    for number, found in _places(text):
        common = _common(found, place)
        if common == len(found) > best:
            best, line = common, number
    return line


def _places(text: str) -> Iterator[tuple[int, Place]]:
    """What each line begins: a table, the value of a key, or an inline table in an array over several lines."""
    table: Place = ()
    key: Place = ()
    items = 0
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = key = _table(_names(header[2]), header[1] == "[[", counts)
            yield number, table
        elif line.lstrip().startswith("{"):
            yield number, (*key, items)
            items += 1
        elif assigned := _KEY.match(line):
            key, items = (*table, *_names(assigned[1])), 0
            yield number, key


def _table(names: Place, one_of_many: bool, counts: dict[Place, int]) -> Place:
    """The table that a header opens; each step into an array of tables means its last element so far."""
    place: Place = ()
    for depth, name in enumerate(names, start=1):
        place = (*place, name)
        if one_of_many and depth == len(names):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _names(dotted: str) -> Place:
    return tuple(name.strip().strip("\"'") for name in dotted.split("."))


def _common(found: Place, place: Place) -> int:
    """How many steps both ways share from the start."""
    return next((step for step, pair in enumerate(zip(found, place, strict=False)) if pair[0] != pair[1]), len(found))
