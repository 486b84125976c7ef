"""What the statement on accessibility says of the desk: dates, status, what is not accessible and why."""

from datetime import date
from functools import cache
from typing import Literal

from contracts.base import Message
from rules.data import Raw, Wording, read, rows, section_of

FILE = "accessibility.toml"


class Barrier(Message):
    """Something that is not accessible, and what helps instead."""

    wording: Wording


class Dates(Message):
    """Of the pages: first there, last changed in an important way. Of the statement: written, last looked over.

    `status`: how far the pages conform to the act.
    """

    published_on: date
    updated_on: date
    prepared_on: date
    reviewed_on: date
    status: Literal["full", "partial", "none"]


class Statement(Message):
    """What the desk's part of the statement says."""

    dates: Dates
    barriers: tuple[Barrier, ...]


def build(raw: Raw) -> Statement:
    """Raises RulesError when a row is bad."""
    return Statement(dates=section_of(FILE, raw, "statement", Dates), barriers=rows(FILE, raw, "barriers", Barrier))


@cache
def statement() -> Statement:
    """The statement of this release."""
    return build(read(FILE))
