"""Notices: how each kind is called, on which basis it is given, and the words of the letter it becomes on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Annotated, get_args

from pydantic import Field

from contracts.base import Message
from contracts.notices import NoticeKind
from rules.data import Raw, Wording, read, refuse_doubles, rows, section_of, wrong

FILE = "notices.toml"

PARTS = frozenset({"person", "birth", "pesel", "home", "centre", "day", "outcome", "reason"})
"""What a letter may speak of."""


class Kind(Message):
    """One kind of notice. `letter`: its paragraphs, in Polish as all letters of offices are."""

    code: NoticeKind
    wording: Wording
    basis: Wording
    letter: Annotated[tuple[str, ...], Field(min_length=1)]


class Words(Message):
    """What is put around the paragraphs."""

    addressee: Wording
    addressee_mark: Wording


@dataclass(frozen=True)
class Table:
    kinds: Mapping[NoticeKind, Kind]
    words: Words


def build(raw: Raw) -> Table:
    """Raises RulesError when a kind is doubled or missing, or a letter speaks of a part that there is not."""
    found = rows(FILE, raw, "kinds", Kind)
    refuse_doubles(FILE, "kinds", (kind.code for kind in found))
    missing = set(get_args(NoticeKind)) - {kind.code for kind in found}
    if missing:
        raise wrong(FILE, "kinds", None, f"no row for {', '.join(sorted(missing))}")
    for number, kind in enumerate(found, start=1):
        unknown = {part for text in kind.letter for part in _parts(text)} - PARTS
        if unknown:
            raise wrong(FILE, "kinds", number, f"a letter knows no {', '.join(sorted(unknown))}")
    return Table(kinds={kind.code: kind for kind in found}, words=section_of(FILE, raw, "words", Words))


@cache
def table() -> Table:
    """The table that ships with this package."""
    return build(read(FILE))


def notice_kind(code: NoticeKind) -> Kind:
    """How this kind is called, and its letter."""
    return table().kinds[code]


def paragraphs(code: NoticeKind, known: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs of the letter, filled in; one that speaks of something not known is left out."""
    return tuple(text.format_map(known) for text in notice_kind(code).letter if _parts(text) <= known.keys())


def _parts(text: str) -> set[str]:
    return {part for _, part, _, _ in Formatter().parse(text) if part is not None}
