"""Months: the day that corresponds to another so many months later."""

from calendar import monthrange
from datetime import date


def last_of_month(day: date) -> date:
    """The last day of this day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def has_corresponding(day: date, months: int) -> bool:
    """Whether the month so many months later has a day of this number."""
    return add_months(day, months).day == day.day


def add_months(day: date, months: int) -> date:
    """The day of this number so many months later, or that month's last day when there is none (KPA art. 57 § 3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
