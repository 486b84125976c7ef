"""Which change of rules or calendar has moved a deadline, in words."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import get_args

from contracts.base import Message
from contracts.codes import Language
from contracts.paths import Deadline
from rules.book import Book
from rules.calendar import ONE_DAY, Calendar, local_day
from rules.data import Wording, fill, read
from rules.derivation import length_text

FILE = "changes.toml"

Text = dict[Language, str]


class _Words(Message):
    new_day_off: Wording
    working_again: Wording
    length: Wording
    version: Wording
    other: Wording


@cache
def _words() -> _Words:
    return _Words.model_validate(read(FILE))


def why(before: Deadline, after: Deadline, book: Book, former: Book, today: date) -> Text:
    """What its date follows from and `former`, by which it was computed, has otherwise than `book`."""
    parts = [*_of_rule(before, after, book, former, today), *_of_calendar(before, after, book, former, today)]
    return _joined(parts or [fill(_words().other, {"rules": _same(book.version)})])


def _of_rule(before: Deadline, after: Deadline, book: Book, former: Book, today: date) -> Iterator[Text]:
    """Another length, or another version of the rule."""
    now, then = book.length_of(after, today), former.length_of(before, today)
    basis = after.basis_text or _same(after.basis)
    if now and then and now != then:
        yield fill(_words().length, {"was": length_text(then), "becomes": length_text(now), "basis": basis})
    elif before.rule_version != after.rule_version:
        yield fill(_words().version, {"basis": basis})


def _of_calendar(before: Deadline, after: Deadline, book: Book, former: Book, today: date) -> Iterator[Text]:
    """Days that the term counts and that are off by one calendar only: of a term in calendar days the last ones."""
    present, past = _calendar(book, after, today), _calendar(former, after, today)
    earlier, last = local_day(min(before.due_at, after.due_at)), local_day(max(before.due_at, after.due_at))
    length = book.length_of(after, today)
    skips = length is not None and not length.units.isdisjoint({"wd", "oh"})
    day = local_day(after.base_at) if skips else earlier - ONE_DAY
    while day < last:
        day += ONE_DAY
        now, then = present.day_off(day), past.day_off(day)
        if now and not then:
            yield fill(_words().new_day_off, {"day": present.day_text(day), "name": now})
        elif then and not now:
            yield fill(_words().working_again, {"day": present.day_text(day), "name": then})


def _calendar(book: Book, deadline: Deadline, today: date) -> Calendar:
    """The calendar that counts for this deadline: with the closing days of its owner where they count."""
    rule = book.rule(deadline.rule, deadline.governed_on or local_day(deadline.base_at), today)
    return book.calendar.of(deadline.owner) if rule and rule.closing_days_count else book.calendar


def _joined(parts: list[Text]) -> Text:
    return {language: "; ".join(part[language] for part in parts) for language in get_args(Language)}


def _same(text: str) -> Text:
    return dict.fromkeys(get_args(Language), text)
