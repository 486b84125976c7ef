"""Counters: how many absences, sick days and days off there may be, and when somebody is told. Thresholds, no dates."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from contracts.base import Code
from rules.data import Dated, Raw, Wording, read, refuse_overlaps, rows, wrong
from rules.events import events

FILE = "counters.toml"

LONGEST_EXTENSION = 12
"""Months of an extension that bring all of `more`."""


class Counter(Dated):
    """One version of one counter. `more`: at most so many above `limit`, in proportion to an extension."""

    id: Code
    described: tuple[str, ...] = ()
    wording: Wording
    consequence: Wording
    basis: Wording
    applies: Literal["new_cases", "running_cases"] = "new_cases"
    counts: Code
    per: Literal["month", "participation"]
    limit: Annotated[int, Field(ge=1)]
    more: Annotated[int, Field(ge=0)] = 0
    warn_at: Annotated[tuple[int, ...], Field(min_length=1)]
    warn_before: Annotated[int, Field(ge=1)] | None = None


@dataclass(frozen=True)
class Standing:
    """How a count stands. warned: at a number at which somebody is told; over: beyond the limit."""

    level: Literal["below", "warned", "over"]
    left: int


def build(raw: Raw) -> tuple[Counter, ...]:
    """Raises RulesError when a counter counts an unknown event, warns beyond its limit, or has two versions at once."""
    found = rows(FILE, raw, "counters", Counter)
    refuse_overlaps(FILE, "counters", ((counter.id, counter) for counter in found))
    for number, counter in enumerate(found, start=1):
        if counter.counts not in events():
            raise wrong(FILE, "counters", number, f"unknown event {counter.counts}")
        if not all(1 <= n <= counter.limit for n in counter.warn_at):
            raise wrong(FILE, "counters", number, "a warning lies beyond the limit")
    return found


@cache
def counters() -> tuple[Counter, ...]:
    """All versions of all counters, in the order of the table."""
    return build(read(FILE))


def counter(counter_id: str, governed_on: date, day: date) -> Counter | None:
    """The version that governs, on `day`, a case that began on `governed_on`; None when there is none."""
    chosen = None
    for version in sorted(counters(), key=lambda version: version.valid_from):
        runs_on = governed_on < version.valid_from <= day and version.applies == "running_cases"
        if version.id == counter_id and (version.in_force(governed_on) or runs_on):
            chosen = version
    return chosen


def allowance(of: Counter, extension_months: int = 0) -> int:
    """The limit, with what an extension of so many months brings; parts of a day are not given."""
    return of.limit + of.more * min(extension_months, LONGEST_EXTENSION) // LONGEST_EXTENSION


def standing(of: Counter, n: int, extension_months: int = 0) -> Standing:
    """What `n` counted events mean. With an extension the warnings move by what it brings."""
    allowed = allowance(of, extension_months)
    if n > allowed:
        return Standing("over", 0)
    warned = n in {at + allowed - of.limit for at in of.warn_at}
    return Standing("warned" if warned else "below", allowed - n)
