"""Working days in Poland, and where a local day begins and ends in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import holidays
from holidays.version import __version__
from pydantic import Field

from contracts.base import Message
from contracts.codes import Language
from rules.data import Raw, Wording, read, refuse_doubles, rows, section_of

FILE = "calendar.toml"

calendar_version: Final[str] = __version__
"""Version of the table of statutory days off."""


class _Settings(Message):
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    zone: Annotated[str, Field(min_length=1)]


class _DayOff(Message):
    weekday: Annotated[int, Field(ge=1, le=7)]
    wording: Wording


class _Months(Message):
    en: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]


@dataclass(frozen=True)
class Calendar:
    """Days off by day of the week and by statute, the time zone, and how months are called."""

    zone: ZoneInfo
    weekdays: dict[int, dict[Language, str]]
    statutory: dict[Language, holidays.HolidayBase]
    months: tuple[str, ...]


def build(raw: Raw) -> Calendar:
    """Raises RulesError when the table is incomplete."""
    settings = section_of(FILE, raw, "calendar", _Settings)
    weekly = rows(FILE, raw, "days_off", _DayOff)
    refuse_doubles(FILE, "days_off", (day.weekday for day in weekly))
    return Calendar(
        zone=ZoneInfo(settings.zone),
        weekdays={day.weekday: day.wording for day in weekly},
        statutory={
            "pl": holidays.country_holidays(settings.country, language="pl"),
            "en": holidays.country_holidays(settings.country, language="en_US"),
        },
        months=section_of(FILE, raw, "months", _Months).en,
    )


@cache
def calendar() -> Calendar:
    """The calendar that ships with this package."""
    return build(read(FILE))


def day_off(day: date) -> dict[Language, str] | None:
    """Why nobody works on this day (name of the holiday, sobota, niedziela), or None on a working day."""
    found = calendar()
    if day in found.statutory["pl"]:
        return {language: table[day] for language, table in found.statutory.items()}
    return found.weekdays.get(day.isoweekday())


def is_working_day(day: date) -> bool:
    return day_off(day) is None


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`, or before it when n is negative; `day` itself is not counted. 0 is `day`."""
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def roll_forward(day: date) -> date:
    """The first working day that is not before `day` (KPA art. 57 § 4)."""
    return next(later for later in (day + timedelta(days=ahead) for ahead in count()) if is_working_day(later))


def days_off(first: date, last: date) -> tuple[tuple[date, dict[Language, str]], ...]:
    """The days off from `first` to `last`, both included, each with its reason."""
    every = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple((day, why) for day in every if (why := day_off(day)) is not None)


def at_local(day: date, moment: time) -> datetime:
    """The UTC instant of this local time on this day; of two equal local times in autumn the first."""
    return datetime.combine(day, moment, tzinfo=calendar().zone).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The UTC instant of 23:59:59 local time."""
    return at_local(day, time(23, 59, 59))


def not_after(day: date, instant: datetime) -> datetime:
    """The instant, or the end of `day` when that was earlier: to reckon from when a thing happened, not was noted."""
    return min(end_of_day(day), instant)


def local_day(instant: datetime) -> date:
    """The local day on which this instant falls. Raises ValueError for a time without an offset."""
    return local_time(instant).date()


def local_time(instant: datetime) -> datetime:
    """The same instant on the local clock. Raises ValueError for a time without an offset."""
    if instant.utcoffset() is None:
        raise ValueError("a time without an offset is no instant")
    return instant.astimezone(calendar().zone)


def day_text(day: date) -> dict[Language, str]:
    """The day as people read it: 3.02.2026, 3 February 2026."""
    return {
        "pl": f"{day.day}.{day.month:02d}.{day.year}",
        "en": f"{day.day} {calendar().months[day.month - 1]} {day.year}",
    }
