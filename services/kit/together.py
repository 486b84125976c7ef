"""Serving many at once: whoever comes while others are served forms the next party, as in a database's group commit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

Serve = Callable[[Sequence[T]], Awaitable[Sequence[Exception | None]]]
"""Serves a party and returns for each of it the error it met, or None."""


class Together(Generic[T]):
    """Callers wait for their turn together; the first of a party serves it whole."""

    def __init__(self, serve: Serve[T], *, most: int) -> None:
        self._serve = serve
        self._most = most
        self._turn = asyncio.Lock()
        self._waiting: list[_Place[T]] = []

    async def __call__(self, item: T) -> None:
        """Have the item served. Raises the error that it met."""
        place = _Place(item)
        self._waiting.append(place)
        try:
            async with self._turn:
                if not place.served:
                    await self._serve_party()
        finally:
            if not place.served:  # cancelled: nobody is to do it any more
                self._waiting.remove(place)
        if place.error is not None:
            raise place.error

    async def _serve_party(self) -> None:
        party = self._waiting[: self._most]
        errors = await self._serve([place.item for place in party])
        del self._waiting[: len(party)]
        for place, error in zip(party, errors, strict=True):
            place.served, place.error = True, error


class _Place(Generic[T]):
    def __init__(self, item: T) -> None:
        self.item = item
        self.served = False
        self.error: Exception | None = None
