"""What lies between the event and the end of a term: as many Saturdays, Sundays, holidays as a person would count."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from oracle.days import SATURDAY, SUNDAY, table

_FORMS = {
    "saturday": (("sobotę", "soboty", "sobót"), ("Saturday", "Saturdays")),
    "sunday": (("niedzielę", "niedziele", "niedziel"), ("Sunday", "Sundays")),
    "day": (("dzień", "dni", "dni"), ("day", "days")),
    "working day": (("dzień roboczy", "dni robocze", "dni roboczych"), ("working day", "working days")),
    "week": (("tydzień", "tygodnie", "tygodni"), ("week", "weeks")),
    "month": (("miesiąc", "miesiące", "miesięcy"), ("month", "months")),
    "year": (("rok", "lata", "lat"), ("year", "years")),
}


class Skipped(NamedTuple):
    """Days that nobody works on. A holiday is one whatever day of the week it is; closing days are an institution's."""

    saturdays: int
    sundays: int
    holidays: tuple[int, ...]
    closings: tuple[int, ...]


def skipped(days: Iterable[int], closed: Collection[int] = frozenset()) -> Skipped:
    saturdays = sundays = 0
    holidays, closings = [], []
    for place in days:
        day = table()[place]
        if day.holiday is not None:
            holidays.append(place)
        elif day.weekday == SATURDAY:
            saturdays += 1
        elif day.weekday == SUNDAY:
            sundays += 1
        elif place in closed:
            closings.append(place)
    return Skipped(saturdays, sundays, tuple(holidays), tuple(closings))


def counted(n: int, noun: str) -> tuple[str, str]:
    """So many of them, in Polish (accusative, where that differs) and in English."""
    (one, few, many), (single, plural) = _FORMS[noun]
    last_two = n % 100
    if n == 1:
        polish = one
    elif n % 10 in (2, 3, 4) and last_two not in (12, 13, 14):
        polish = few
    else:
        polish = many
    return f"{n} {polish}", f"{n} {single if n == 1 else plural}"
