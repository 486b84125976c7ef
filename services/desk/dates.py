"""Days and moments as people read them, in Polish time; numbers and lists as they write them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal

from contracts.codes import Language
from rules.calendar import calendar, local_day
from services.desk.language import texts

_NEAR: dict[Language, str] = {"pl": "d.MM", "en": "d MMM"}
"""A day whose year is plain."""

_ALWAYS_DAYS = 100_000
"""A number of days is not to become weeks or months, which nobody can count."""


def day(value: date, language: Language) -> str:
    """`3 grudnia 2026`."""
    return format_date(value, "d MMMM y", locale=language)


def moment(value: datetime, language: Language) -> str:
    """`3 grudnia 2026, 14:05`."""
    return _moment(value, "d MMMM y, HH:mm", language)


def short_day(value: date, language: Language) -> str:
    """`03.12.2026`, for columns; in English the month in letters, which no country reads the other way round."""
    return format_date(value, "dd.MM.y" if language == "pl" else "d MMM y", locale=language)


def weekday(value: date, language: Language) -> str:
    """`czw. 3.12.2026`: what a day of the week it is helps to choose it."""
    return format_date(value, "EEE d.MM.y" if language == "pl" else "EEE d MMM y", locale=language)


def few_days(values: Sequence[date], language: Language) -> str:
    """`25.12, 1.01 i 6.01`: days that are near, so without a year."""
    return listing([format_date(each, _NEAR[language], locale=language) for each in values], language)


def short_moment(value: datetime, language: Language) -> str:
    """`03.12.2026, 14:05`."""
    return _moment(value, "dd.MM.y, HH:mm" if language == "pl" else "d MMM y, HH:mm", language)


def clock(value: datetime, language: Language) -> str:
    """`14:05`."""
    return _moment(value, "HH:mm", language)


def away(value: datetime, now: datetime, language: Language) -> str:
    """How far a moment is: `za 3 godziny`, `jutro`, `za 2 dni`; days are counted from midnight to midnight."""
    _ = texts(language).gettext
    distance = local_day(value) - local_day(now)
    if distance == timedelta(0):
        return format_timedelta(value - now, granularity="minute", threshold=1, add_direction=True, locale=language)
    if distance == timedelta(1):
        return _("jutro")
    if distance == timedelta(-1):
        return _("wczoraj")
    return format_timedelta(distance, granularity="day", threshold=_ALWAYS_DAYS, add_direction=True, locale=language)


def from_to(was: datetime, becomes: datetime, language: Language) -> tuple[str, str]:
    """Two moments as days, without a year that both share; with the time of day when it is one day."""
    first, last = local_day(was), local_day(becomes)
    if first == last:
        return clock(was, language), short_moment(becomes, language)
    if first.year != last.year:
        return short_day(first, language), short_day(last, language)
    return format_date(first, _NEAR[language], locale=language), short_day(last, language)


def number(value: int | float, language: Language) -> str:
    """`12 345,5`."""
    return format_decimal(value, locale=language)


def listing(values: Sequence[str], language: Language) -> str:
    """`OPS, PUP i CIS`."""
    return format_list(values, locale=language)


def _moment(value: datetime, pattern: str, language: Language) -> str:
    return format_datetime(value, pattern, tzinfo=calendar().zone, locale=language)
