"""Whether two records are one person: by which keys they find each other, and how much they are alike. Pure.

A PESEL decides. Without one on either side a person is told by names and birth date, which people mistype, change by
marriage, and write in another order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from contracts.clients import Why
from contracts.form import Person
from services.intake.names import folded, parts, sound

_SIMILAR = 0.9
"""Jaro-Winkler of two names of one person with a typing error; of two people's names it is seldom as high."""

_SHORT = 4
"""Letters; names shorter than this are alike by one typing error only."""


@dataclass(frozen=True)
class Resemblance:
    """How much alike two records are, from 0 to 100, and in what."""

    score: int
    why: tuple[Why, ...]


def keys(person: Person) -> set[str]:
    """What this record can be found by, each key robust against another kind of error.

    The birth date whichever of day and month comes first; and the names as they sound, in any order, with the year or
    with the day and month.
    """
    if person.birth_date is None:
        return set()
    year, day = person.birth_date.year, _day(person.birth_date)
    families = {part for name in _families(person) for part in parts(name)}
    names = {
        " ".join(sorted((sound(given), sound(family))))
        for given, family in product(parts(person.given_name)[:1], families)
    }
    return {
        f"born {year} {day}",
        *(f"year {name} {year}" for name in names),
        *(f"day {name} {day}" for name in names),
    }


def resemblance(one: Person, other: Person) -> Resemblance | None:
    """How much these records are alike; None for two people. Two PESELs that differ are two people, always."""
    if one.pesel is not None and other.pesel is not None:
        return Resemblance(100, ("same_pesel",)) if one.pesel == other.pesel else None
    born = _born(one.birth_date, other.birth_date)
    if born is None:
        return None
    given, family = _given(one.given_name, other.given_name), _family(one, other)
    if born == "same":
        return _of_one_day(one, other, given, family)
    if min(given, family) < (_SIMILAR if born == "swapped_birth_date" else 1.0):
        return None
    return Resemblance(75 if born == "swapped_birth_date" else 70, (*_names(given, family), born))


def _of_one_day(one: Person, other: Person, given: float, family: float) -> Resemblance | None:
    if min(given, family) == 1.0:
        same = folded(one.given_name) == folded(other.given_name) and folded(one.family_name) == folded(
            other.family_name
        )
        return Resemblance(95, ("same_name_and_birth_date",)) if same else Resemblance(90, ("similar_name",))
    if min(given, family) >= _SIMILAR:
        return Resemblance(85, ("similar_name",))
    if min(_alike(one.given_name, other.family_name), _alike(one.family_name, other.given_name)) >= _SIMILAR:
        return Resemblance(85, ("swapped_names",))
    if given == 1.0:
        return Resemblance(60, ("changed_surname",))
    return None


def _names(given: float, family: float) -> Iterator[Why]:
    if min(given, family) < 1.0:
        yield "similar_name"


def _born(one: date | None, other: date | None) -> Literal["same", "swapped_birth_date", "similar_birth_date"] | None:
    if one is None or other is None:
        return None
    if one == other:
        return "same"
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return "swapped_birth_date"
    near = DamerauLevenshtein.distance(f"{one:%Y%m%d}", f"{other:%Y%m%d}") == 1
    return "similar_birth_date" if near else None


def _day(born: date) -> str:
    first, second = sorted((born.month, born.day))
    return f"{first:02d}-{second:02d}"


def _given(one: str, other: str) -> float:
    """First names only: a second one is written on one form and left out on the next."""
    return _alike(*(parts(name)[0] if parts(name) else "" for name in (one, other)))


def _family(one: Person, other: Person) -> float:
    """The most alike of all surnames and their parts, former ones too."""
    return max(_alike(mine, theirs) for mine, theirs in product(_surnames(one), _surnames(other)))


def _families(person: Person) -> tuple[str, ...]:
    return (person.family_name, *((person.previous_family_name,) if person.previous_family_name else ()))


def _surnames(person: Person) -> set[str]:
    return {each for name in _families(person) for each in (folded(name), *parts(name))}


def _alike(one: str, other: str) -> float:
    """1 for names that sound the same, at least `_SIMILAR` for those with one typing error, else Jaro-Winkler."""
    one, other = folded(one), folded(other)
    if one == other or [sound(part) for part in parts(one)] == [sound(part) for part in parts(other)]:
        return 1.0
    shorter = min(len(one), len(other))
    mistyped = _SIMILAR if shorter >= _SHORT - 1 and DamerauLevenshtein.distance(one, other) == 1 else 0.0
    return mistyped if shorter < _SHORT else max(mistyped, JaroWinkler.similarity(one, other))
