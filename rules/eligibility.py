"""Who may be referred, and on what papers: the conditions of the law as dated rows of `eligibility.toml`."""

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from typing import Annotated, get_args

from pydantic import Field

from contracts.base import Code, Message
from contracts.codes import ReferralKind
from contracts.form import Benefit
from rules.data import Dated, Raw, Wording, read, refuse_overlaps, rows, wrong

FILE = "eligibility.toml"


class Condition(Dated):
    """A condition of the law and its wording, which names the article. `value`: the number in it, 0 without one."""

    code: Code
    kinds: Annotated[tuple[ReferralKind, ...], Field(min_length=1)]
    value: Annotated[int, Field(ge=0)] = 0
    wording: Wording


class Exclusion(Dated):
    """A benefit of art. 1 ust. 3 and the kinds of referral that a right to it rules out."""

    code: Benefit
    excludes: tuple[ReferralKind, ...]
    wording: Wording


class Eligibility(Message):
    """The whole table."""

    conditions: tuple[Condition, ...]
    benefits: tuple[Exclusion, ...]


def build(raw: Raw) -> Eligibility:
    """Raises RulesError when a row is bad, a benefit has none, or two are in force at once for one kind of referral."""
    conditions = rows(FILE, raw, "conditions", Condition)
    benefits = rows(FILE, raw, "benefits", Exclusion)
    for kind in get_args(ReferralKind):
        refuse_overlaps(FILE, "conditions", _named(conditions, kind))
    refuse_overlaps(FILE, "benefits", ((row.code, row) for row in benefits))
    missing = set(get_args(Benefit)) - {row.code for row in benefits}
    if missing:
        raise wrong(FILE, "benefits", None, f"no row for {', '.join(sorted(missing))}")
    return Eligibility(conditions=conditions, benefits=benefits)


def _named(conditions: tuple[Condition, ...], kind: ReferralKind) -> Iterator[tuple[str, Condition]]:
    """Every row, so that they are counted; those that do not speak of this kind under names that cannot clash."""
    for number, row in enumerate(conditions):
        yield (row.code if kind in row.kinds else f"{number}"), row


@cache
def eligibility() -> Eligibility:
    """The table that ships with this package."""
    return build(read(FILE))


def condition(code: str, kind: ReferralKind, on: date) -> Condition | None:
    """The condition as it applies to this kind of referral on this day, if it does. Raises KeyError for no such one."""
    of_code = [row for row in eligibility().conditions if row.code == code]
    if not of_code:
        raise KeyError(code)
    return next((row for row in of_code if kind in row.kinds and row.in_force(on)), None)


def excluding(benefits: Collection[Benefit], kind: ReferralKind, on: date) -> tuple[Exclusion, ...]:
    """Those of these benefits that rule this kind of referral out on this day."""
    return tuple(
        row for row in eligibility().benefits if row.code in benefits and kind in row.excludes and row.in_force(on)
    )
