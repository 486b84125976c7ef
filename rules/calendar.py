"""Working days in Poland, and where a local day begins and ends in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
from rules.data import Raw, Wording, read, refuse_doubles, rows, section_of, wrong

FILE = "calendar.toml"

calendar_version: Final[str] = __version__
"""Version of the table of statutory days off."""

ONE_DAY: Final = timedelta(days=1)


class _Settings(Message):
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    zone: Annotated[str, Field(min_length=1)]


class _DayOff(Message):
    weekday: Annotated[int, Field(ge=1, le=7)]
    wording: Wording


class _Names(Message):
    pl: dict[str, str]


class _Digest(Message):
    at: time


class _Months(Message):
    en: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]


class OfficeHours(Message):
    """Local hours in which offices work, on every working day. No change of clocks falls into them."""

    opens: time
    closes: time


Days = Mapping[date, dict[Language, str]]
"""Days with the reason why nobody works on them."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """Days off by day of the week, by statute, declared besides, and of one institution; the local clock; office hours.

    `remind_at`: the local time of day at which what falls on a day is sent. `names`: what a day is called instead of
    what the table of statutory days calls it. `closing`: the closing days by institution, which count only in what `of`
    returns; there they are `closed`.
    """

    zone: ZoneInfo
    weekdays: dict[int, dict[Language, str]]
    statutory: dict[Language, holidays.HolidayBase]
    months: tuple[str, ...]
    hours: OfficeHours
    remind_at: time
    names: dict[str, str] = field(default_factory=dict)
    version: str = calendar_version
    declared: Days = field(default_factory=dict)
    closing: Mapping[str, Days] = field(default_factory=dict)
    closed: Days = field(default_factory=dict)
    _known: dict[date, dict[Language, str] | None] = field(default_factory=dict, repr=False)
    _of: dict[str, "Calendar"] = field(default_factory=dict, repr=False)

    def of(self, institution: str) -> "Calendar":
        """The calendar of this institution, its closing days included."""
        closed = self.closing.get(institution)
        if not closed:
            return self
        return self._of.setdefault(institution, replace(self, closed=closed, _known={}, _of={}))

    def with_days(self, version: str, declared: Days, closing: Mapping[str, Days]) -> "Calendar":
        """This calendar with more days off for all, and closing days of institutions."""
        return replace(
            self, version=version, declared={**self.declared, **declared}, closing=closing, _known={}, _of={}
        )

    def holiday(self, day: date) -> dict[Language, str] | None:
        """The name of the day when it is off for another reason than its place in the week, or None."""
        if day in self.statutory["pl"]:
            return {language: self.names.get(table[day], table[day]) for language, table in self.statutory.items()}
        return self.declared.get(day)

    def day_off(self, day: date) -> dict[Language, str] | None:
        """Why nobody works on this day (name of the holiday, sobota, niedziela), or None on a working day."""
        if day not in self._known:
            self._known[day] = self.holiday(day) or self.weekdays.get(day.isoweekday()) or self.closed.get(day)
        return self._known[day]

    def is_working_day(self, day: date) -> bool:
        return self.day_off(day) is None

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when n is negative; `day` is not counted. 0 is `day`."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after `after`, up to and including `until`."""
        return sum(self.is_working_day(after + timedelta(days=ahead + 1)) for ahead in range((until - after).days))

    def roll_forward(self, day: date) -> date:
        """The first working day that is not before `day` (KPA art. 57 § 4)."""
        later = (day + timedelta(days=ahead) for ahead in count())
        return next(each for each in later if self.is_working_day(each))

    def days_off(self, first: date, last: date) -> tuple[tuple[date, dict[Language, str]], ...]:
        """The days off from `first` to `last`, both included, each with its reason."""
        every = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
        return tuple((day, why) for day in every if (why := self.day_off(day)) is not None)

    def at_local(self, day: date, moment: time) -> datetime:
        """The UTC instant of this local time on this day; of two equal local times in autumn the first."""
        return datetime.combine(day, moment, tzinfo=self.zone).astimezone(UTC)

    def end_of_day(self, day: date) -> datetime:
        """The UTC instant of 23:59:59 local time."""
        return self.at_local(day, time(23, 59, 59))

    def local_time(self, instant: datetime) -> datetime:
        """The same instant on the local clock. Raises ValueError for a time without an offset."""
        if instant.utcoffset() is None:
            raise ValueError("a time without an offset is no instant")
        return instant.astimezone(self.zone)

    def local_day(self, instant: datetime) -> date:
        """The local day on which this instant falls. Raises ValueError for a time without an offset."""
        return self.local_time(instant).date()

    def days_between(self, since: datetime, until: datetime) -> int:
        """How many local days lie after that of `since`, up to and including that of `until`."""
        return (self.local_day(until) - self.local_day(since)).days

    def add_office_time(self, instant: datetime, length: timedelta) -> datetime:
        """The instant at which so much time of office hours has passed. Raises ValueError for one without an offset."""
        day = self.local_day(instant)
        while True:
            opens, closes = self._office(day)
            begins = max(instant.astimezone(UTC), opens)
            if begins < closes or (begins == closes and not length):
                if begins + length <= closes:
                    return begins + length
                length -= closes - begins
            day = self.add_working_days(day, 1)

    def office_time(self, since: datetime, until: datetime) -> timedelta:
        """How much of the time between two instants lies in office hours."""
        spent, day = timedelta(0), self.local_day(since)
        while self.at_local(day, self.hours.opens) < until:
            opens, closes = self._office(day)
            spent += max(min(closes, until.astimezone(UTC)) - max(opens, since.astimezone(UTC)), timedelta(0))
            day += ONE_DAY
        return spent

    def _office(self, day: date) -> tuple[datetime, datetime]:
        """When the office opens and closes on this day; on a day off both at once."""
        opens = self.at_local(day, self.hours.opens)
        return opens, self.at_local(day, self.hours.closes) if self.is_working_day(day) else opens

    def day_text(self, day: date) -> dict[Language, str]:
        """The day as people read it: 3.02.2026, 3 February 2026."""
        return {
            "pl": f"{day.day}.{day.month:02d}.{day.year}",
            "en": f"{day.day} {self.months[day.month - 1]} {day.year}",
        }


def build(raw: Raw) -> Calendar:
    """Raises RulesError when the table is incomplete."""
    settings = section_of(FILE, raw, "calendar", _Settings)
    hours = section_of(FILE, raw, "office_hours", OfficeHours)
    if hours.closes <= hours.opens:
        raise wrong(FILE, "office_hours", None, "closes before it opens")
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
        hours=hours,
        names=section_of(FILE, raw, "names", _Names).pl,
        remind_at=section_of(FILE, raw, "digest", _Digest).at,
    )


@cache
def calendar() -> Calendar:
    """The calendar that ships with this package."""
    return build(read(FILE))


def day_off(day: date) -> dict[Language, str] | None:
    """Why nobody works on this day (name of the holiday, sobota, niedziela), or None on a working day."""
    return calendar().day_off(day)


def is_working_day(day: date) -> bool:
    return calendar().is_working_day(day)


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`, or before it when n is negative; `day` itself is not counted. 0 is `day`."""
    return calendar().add_working_days(day, n)


def roll_forward(day: date) -> date:
    """The first working day that is not before `day` (KPA art. 57 § 4)."""
    return calendar().roll_forward(day)


def days_off(first: date, last: date) -> tuple[tuple[date, dict[Language, str]], ...]:
    """The days off from `first` to `last`, both included, each with its reason."""
    return calendar().days_off(first, last)


def at_local(day: date, moment: time) -> datetime:
    """The UTC instant of this local time on this day; of two equal local times in autumn the first."""
    return calendar().at_local(day, moment)


def end_of_day(day: date) -> datetime:
    """The UTC instant of 23:59:59 local time."""
    return calendar().end_of_day(day)


def not_after(day: date, instant: datetime) -> datetime:
    """The instant, or the end of `day` when that was earlier: to reckon from when a thing happened, not was noted."""
    return min(end_of_day(day), instant)


def local_day(instant: datetime) -> date:
    """The local day on which this instant falls. Raises ValueError for a time without an offset."""
    return calendar().local_day(instant)


def local_time(instant: datetime) -> datetime:
    """The same instant on the local clock. Raises ValueError for a time without an offset."""
    return calendar().local_time(instant)


def day_text(day: date) -> dict[Language, str]:
    """The day as people read it: 3.02.2026, 3 February 2026."""
    return calendar().day_text(day)
