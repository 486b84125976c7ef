"""Dated periods after which copies that nobody needs any more are given up."""

from datetime import date, timedelta
from functools import cache
from typing import Annotated

from pydantic import Field

from contracts.base import Code
from rules.data import Dated, Raw, read, refuse_overlaps, rows

FILE = "retention.toml"


class Period(Dated):
    """How long something stays after it was done with, and when this is in force."""

    name: Code
    days: Annotated[int, Field(ge=1)]


def build(raw: Raw) -> tuple[Period, ...]:
    """Raises RulesError when a row is bad or a name has two periods on one day."""
    found = rows(FILE, raw, "periods", Period)
    refuse_overlaps(FILE, "periods", ((row.name, row) for row in found))
    return found


@cache
def periods() -> tuple[Period, ...]:
    """All periods of all times."""
    return build(read(FILE))


def period(name: str, on: date) -> timedelta:
    """The period in force on this day. Raises LookupError when there is none."""
    for row in periods():
        if row.name == name and row.in_force(on):
            return timedelta(days=row.days)
    raise LookupError(f"no period {name} on {on}")
