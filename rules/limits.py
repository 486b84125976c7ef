"""Dated numbers that services need: leases, rounds, how long something may wait."""

from datetime import date
from functools import cache
from typing import Annotated

from pydantic import Field

from contracts.base import Code
from rules.data import Dated, Raw, read, refuse_overlaps, rows

FILE = "limits.toml"


class Limit(Dated):
    """A number with the time in which it is in force; its unit is part of the name."""

    name: Code
    value: Annotated[int, Field(ge=1)]


def build(raw: Raw) -> tuple[Limit, ...]:
    """Raises RulesError when a row is bad or a name has two numbers on one day."""
    found = rows(FILE, raw, "limits", Limit)
    refuse_overlaps(FILE, "limits", ((row.name, row) for row in found))
    return found


@cache
def limits() -> tuple[Limit, ...]:
    """All limits of all times."""
    return build(read(FILE))


def limit(name: str, on: date) -> int:
    """The number in force on this day. Raises LookupError when there is none."""
    for row in limits():
        if row.name == name and row.in_force(on):
            return row.value
    raise LookupError(f"no limit {name} on {on}")


def highest(name: str) -> int:
    """The largest number of all times: for a place that cannot ask what day it is. Raises LookupError for no limit."""
    values = [row.value for row in limits() if row.name == name]
    if not values:
        raise LookupError(f"no limit {name}")
    return max(values)
