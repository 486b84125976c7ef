"""Lengths of terms: the small grammar in which tables say how long somebody has."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator

from rules.data import Refusal

Unit = Literal["min", "oh", "d", "wd", "w", "m", "y"]
"""Minutes, hours of office time, days, working days, weeks, months, years."""

Anchor = Literal["due_on", "eom", "day_of_next_month", "day_of_year"]
"""The day that the event names, the end of its month, a day of the month after it, the next such day of a year."""

TO_THE_MINUTE: Final[frozenset[Unit]] = frozenset({"min", "oh"})
"""Units of terms that end at an instant and not with a day."""

LAST_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The last day that each month has in every year."""

_COUNT = re.compile(r"(?P<count>0|[1-9]\d{0,4})(?P<unit>min|oh|wd|d|w|m|y)")
_DAY_OF_YEAR = re.compile(r"(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0[1-9]|1[0-2])")
_DAY_OF_NEXT_MONTH = re.compile(r"(?P<day>[1-9]|1\d|2[0-8])\.next")

_HOW = {
    "pl": "Napisz na przykład 5min, 8oh, 7d, 3wd, 2w, 1m, 1y, eom, eom+3wd, 1m+7d, 31.03, 10.next albo due_on.",
    "en": "Write for example 5min, 8oh, 7d, 3wd, 2w, 1m, 1y, eom, eom+3wd, 1m+7d, 31.03, 10.next or due_on.",
}


@dataclass(frozen=True)
class Part:
    """So many of one unit."""

    count: int
    unit: Unit


@dataclass(frozen=True)
class Length:
    """Where counting begins when that is not the event itself, and what is added, part by part.

    `day` and `month`: of the anchors `day_of_next_month` and `day_of_year`, 0 otherwise. `text`: as it was written.
    """

    text: str
    parts: tuple[Part, ...]
    anchor: Anchor | None = None
    day: int = 0
    month: int = 0

    @property
    def to_the_minute(self) -> bool:
        """Whether the term ends at an instant."""
        return any(part.unit in TO_THE_MINUTE for part in self.parts)

    @property
    def last_unit(self) -> Unit | None:
        return self.parts[-1].unit if self.parts else None

    @property
    def units(self) -> frozenset[Unit]:
        return frozenset(part.unit for part in self.parts)


def parse(text: object) -> Length:
    """The length written like this. Raises Refusal, which says what may be written."""
    if not isinstance(text, str) or not text:
        raise _unreadable("To nie jest długość terminu.", "This is no length of a term.")
    head, *rest = text.split("+")
    anchored = _anchor(text, head)
    counted = rest if anchored else [head, *rest]
    parts = tuple(_part(text, each) for each in counted)
    if len(parts) > 1 or anchored:
        _refuse_mixtures(text, parts)
    if anchored is None:
        return Length(text, parts)
    anchor, day, month = anchored
    return Length(text, parts, anchor, day, month)


def _anchor(text: str, head: str) -> tuple[Anchor, int, int] | None:
    if head in ("due_on", "eom"):
        return ("due_on" if head == "due_on" else "eom"), 0, 0
    if found := _DAY_OF_NEXT_MONTH.fullmatch(head):
        return "day_of_next_month", int(found["day"]), 0
    if found := _DAY_OF_YEAR.fullmatch(head):
        day, month = int(found["day"]), int(found["month"])
        if day > LAST_DAYS[month - 1]:
            raise _unreadable(f"Dnia {head} nie ma w każdym roku ({text}).", f"Not every year has a {head} ({text}).")
        return "day_of_year", day, month
    return None


def _part(text: str, part: str) -> Part:
    found = _COUNT.fullmatch(part)
    if found is None:
        raise _unreadable(f"Nie wiadomo, ile to jest: {text!r}.", f"It cannot be told how long {text!r} is.")
    count = int(found["count"])
    unit = next(unit for unit in get_args(Unit) if unit == found["unit"])
    if count == 0 and text != "0d":
        raise _unreadable(
            f"Zero niczego nie dodaje ({text}); koniec dnia zdarzenia to 0d.",
            f"Nothing is added by zero ({text}); the end of the day of the event is 0d.",
        )
    return Part(count, unit)


def _refuse_mixtures(text: str, parts: tuple[Part, ...]) -> None:
    if any(part.unit in TO_THE_MINUTE for part in parts):
        raise _unreadable(
            f"Minut i godzin nie łączy się z niczym ({text}).", f"Minutes and hours go with nothing else ({text})."
        )


def _unreadable(pl: str, en: str) -> Refusal:
    return Refusal({"pl": pl, "en": en}, {"pl": _HOW["pl"], "en": _HOW["en"]})


def _read(value: Any) -> Any:
    return value if isinstance(value, Length) else parse(value)


LengthField = Annotated[Length, BeforeValidator(_read)]


def shorter_or_equal(length: Length, other: Length) -> bool | None:
    """Whether the first never ends later than the second; None when that cannot be told from how they are written."""
    if length == other:
        return True
    if length.anchor or other.anchor or len(length.parts) != 1 or len(other.parts) != 1:
        return None
    mine, theirs = length.parts[0], other.parts[0]
    return mine.count <= theirs.count if mine.unit == theirs.unit else None
