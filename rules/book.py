"""The book of this package, and local files laid over it: everything that dates follow from."""

from functools import cache
from hashlib import sha256
from typing import Final

from rules.calendar import calendar, calendar_version
from rules.engine import Book
from rules.reading import SECTIONS, days_of, laid_over, lengths_of, rules_of
from rules.source import Source, shipped_source

__all__ = ["Book", "read_book", "shipped"]

FILES: Final = (
    "deadlines/referral.toml",
    "deadlines/application.toml",
    "deadlines/programme.toml",
    "deadlines/labour_office.toml",
    "deadlines/employment.toml",
    "deadlines/project.toml",
    "deadlines/office.toml",
    "deadlines/kpa.toml",
)
"""The tables of rules, by subject."""

LOCAL: Final = "plik reguł"
"""How a local file is called in what is said about it; whoever has a name for it puts that before."""

RELEASE: Final = "1"
"""Raised when the meaning of the tables changes; what stands in them is told by a hash."""


@cache
def shipped() -> Book:
    """The tables of this package. Raises RulesError."""
    sources = [shipped_source(file) for file in FILES]
    digest = _hash(calendar_version, *(source.text for source in sources))
    return Book(version=f"{RELEASE}-{digest}", rules=rules_of(sources), calendar=calendar())


def read_book(text: str, base: Book | None = None, name: str = LOCAL) -> Book:
    """A local rule file laid over `base` (the tables of this package). Raises RulesError naming line and remedy."""
    under = base or shipped()
    source = Source(name, text)
    source.refuse_others(SECTIONS)
    if not source.raw:
        return under
    digest = _hash(text)
    rules = laid_over(under.rules, rules_of([source]), source)
    declared, closing = days_of(source)
    days = under.calendar
    if declared or closing:
        days = days.with_days(f"{days.version}+{digest}", declared, {**days.closing, **closing})
    return Book(
        version=f"{under.version}+{digest}",
        rules=rules,
        calendar=days,
        lengths=(*under.lengths, *lengths_of(source, rules, under.lengths)),
    )


def _hash(*texts: str) -> str:
    return sha256("\x00".join(texts).encode()).hexdigest()[:8]
