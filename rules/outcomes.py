"""With what a service or a programme ended, how well that is proven, and on what ways people are reached."""

from dataclasses import dataclass
from functools import cache
from typing import get_args

from contracts.base import Code, Message
from contracts.codes import Channel
from rules.data import Raw, Wording, read, refuse_doubles, rows, wrong

FILE = "outcomes.toml"


class Outcome(Message):
    """One outcome. `work`: the person works."""

    code: Code
    work: bool
    wording: Wording


class _Channel(Message):
    code: Channel
    wording: Wording


class Evidence(Message):
    """One way to know it."""

    code: Code
    wording: Wording


@dataclass(frozen=True)
class Outcomes:
    """All of both, by code, in the order in which to offer them."""

    outcomes: dict[str, Outcome]
    evidence: dict[str, Evidence]
    channels: dict[Channel, Wording]


def build(raw: Raw) -> Outcomes:
    """Raises RulesError when a row is bad or a code is doubled."""
    outcomes = rows(FILE, raw, "outcomes", Outcome)
    evidence = rows(FILE, raw, "evidence", Evidence)
    refuse_doubles(FILE, "outcomes", (row.code for row in outcomes))
    refuse_doubles(FILE, "evidence", (row.code for row in evidence))
    channels = rows(FILE, raw, "channels", _Channel)
    refuse_doubles(FILE, "channels", (row.code for row in channels))
    missing = set(get_args(Channel)) - {row.code for row in channels}
    if missing:
        raise wrong(FILE, "channels", None, f"no row for {', '.join(sorted(missing))}")
    return Outcomes(
        {row.code: row for row in outcomes},
        {row.code: row for row in evidence},
        {row.code: row.wording for row in channels},
    )


def channels() -> dict[Channel, Wording]:
    """The ways to reach a person, and what people read for them."""
    return table().channels


@cache
def table() -> Outcomes:
    """The table that ships with this package."""
    return build(read(FILE))
