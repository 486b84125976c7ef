"""Days as the oracle and as the rules have them, one beside the other."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from functools import cache

from oracle.days import places, table
from oracle.terms import Stop, end

FIRST, LAST = date(2015, 1, 1), date(2050, 12, 31)


def place(day: date) -> int:
    return places()[day.year, day.month, day.day]


@cache
def dates() -> tuple[date, ...]:
    """Each day of the oracle's table as a date."""
    return tuple(date(*day[:3]) for day in table())


def compared() -> range:
    """The places of all days from 2015 to 2050."""
    return range(place(FIRST), place(LAST) + 1)


def every_fifth() -> range:
    """A fifth of these days, all days of the week among them: for what takes longer to compare."""
    return compared()[::5]


def moment(second: int) -> datetime:
    """The instant so many seconds after the beginning of 1970."""
    return datetime.fromtimestamp(second, UTC)


def ends(
    expression: str, event: date, *, roll: bool = False, closed: Collection[date] = (), stops: Collection[Stop] = ()
) -> date:
    """The oracle, asked with dates."""
    return dates()[end(expression, place(event), roll=roll, closed=frozenset(map(place, closed)), stops=stops)]
