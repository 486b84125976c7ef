"""Terms in office hours: every quarter of an hour in which an office is open, in one long list."""

from bisect import bisect_left
from collections.abc import Collection
from functools import cache

from oracle.clock import at
from oracle.days import table
from oracle.terms import is_off

QUARTER = 15 * 60
_TO_AN_HOUR = 4
_MINUTES = 60


@cache
def quarters(opens: int, closes: int, closed: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """When each begins, in seconds since 1970. The office is open between these minutes after midnight, on workdays."""
    return tuple(
        at(place, minute // _MINUTES, minute % _MINUTES)
        for place in range(len(table()) - 1)
        if not is_off(place, closed)
        for minute in range(opens, closes, 15)
    )


def end(hours: int, event: int, opens: int, closes: int, closed: Collection[int] = ()) -> int:
    """The second at which so many office hours have passed since the event, which stands on a quarter of an hour."""
    opened = quarters(opens, closes, frozenset(closed))
    return opened[bisect_left(opened, event) + hours * _TO_AN_HOUR - 1] + QUARTER
