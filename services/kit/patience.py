"""How long a reader waits before it asks for what it misses. Pure: the time is given, in seconds of any clock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Waits:
    """Seconds: when it is plain that nothing more is on the way, when it is not, and between two askings that changed
    nothing (doubling from `first` to `longest`)."""

    plain: float = 3.0
    unclear: float = 60.0
    first: float = 5.0
    longest: float = 300.0


class Patience:
    """The patience with one link that stands still behind what is known to be written."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits
        self._cursor: int | None = None
        self._since = 0.0
        self._asked_up_to = 0
        self._delay = 0.0

    def is_over(self, now: float, cursor: int, *, plain: bool) -> bool:
        """Whether to ask now. A cursor that moves shows that things arrive; one that has moved over all that was asked
        for shows that asking helps, and then there is nothing to wait for."""
        if cursor != self._cursor:
            helped = 0 < self._asked_up_to <= cursor
            self._cursor, self._since, self._asked_up_to, self._delay = cursor, now, 0, 0.0
            return helped and plain
        return now - self._since >= (self._delay or (self._waits.plain if plain else self._waits.unclear))

    def asked(self, now: float, up_to: int) -> None:
        """These were just asked for, the last being `up_to`."""
        self._since, self._asked_up_to = now, up_to
        self._delay = min(self._delay * 2, self._waits.longest) if self._delay else self._waits.first
