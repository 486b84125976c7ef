"""What a letter holds, part by part, before it becomes a page. Plain text everywhere: nothing in it is markup."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from babel.dates import format_date

from rules.calendar import local_time


@dataclass(frozen=True)
class Text:
    """Paragraphs; an end of line in one begins another."""

    paragraphs: tuple[str, ...]
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Rows:
    """Facts, each with its name; several values of one stand below one another."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    kind: Literal["rows"] = "rows"


@dataclass(frozen=True)
class Passage:
    """A fact that takes paragraphs to tell: over the whole width, under its name."""

    name: str
    paragraphs: tuple[str, ...]
    kind: Literal["passage"] = "passage"


@dataclass(frozen=True)
class Table:
    """A table with a head. `shares`: how wide its columns are, to one another."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    kind: Literal["table"] = "table"


Part = Text | Rows | Passage | Table


@dataclass(frozen=True)
class Section:
    """Parts under a heading; without one they belong to the letter as a whole."""

    heading: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Sheet:
    """A letter. `name` and `number` stand in the properties of the file and on every page: they tell of no person.

    `day`: when it was given, for the line with the place. `marks`: named references of the two offices.
    `closing`: a short section that is not parted from the signatures, so that nobody signs an empty page.
    `signatures`: as what people sign; their names are not known here.
    """

    name: str
    number: str
    place: str
    day: date
    sender: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    addressee: tuple[str, ...]
    title: str
    sections: tuple[Section, ...]
    closing: Section | None
    notes: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...] = ()


def day_in_words(day: date) -> str:
    """`3 grudnia 2026 r.`"""
    return format_date(day, "d MMMM y 'r.'", locale="pl")


def moment_in_words(instant: datetime) -> str:
    """`3 grudnia 2026 r., godz. 14:05`, in Polish time."""
    local = local_time(instant)
    return f"{day_in_words(local.date())}, godz. {local:%H:%M}"
