"""Serving together: who comes while others are served forms the next party."""

import asyncio
from collections.abc import Sequence

import pytest

from services.kit.together import Together


class Counter:
    """Serves numbers, not before it is let; odd ones meet an error."""

    def __init__(self) -> None:
        self.parties: list[list[int]] = []
        self.open = asyncio.Event()

    async def serve(self, party: Sequence[int]) -> Sequence[Exception | None]:
        self.parties.append(list(party))
        await self.open.wait()
        return [ValueError(number) if number % 2 else None for number in party]


async def all_waiting() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_who_comes_while_one_is_served_is_served_together_afterwards() -> None:
    counter = Counter()
    together = Together(counter.serve, most=10)
    callers = [asyncio.create_task(together(number)) for number in (0, 2, 4, 6)]
    await all_waiting()
    counter.open.set()
    await asyncio.gather(*callers)
    assert counter.parties == [[0], [2, 4, 6]]


async def test_no_party_is_larger_than_allowed() -> None:
    counter = Counter()
    together = Together(counter.serve, most=2)
    callers = [asyncio.create_task(together(number)) for number in range(0, 10, 2)]
    await all_waiting()
    counter.open.set()
    await asyncio.gather(*callers)
    assert counter.parties == [[0], [2, 4], [6, 8]]


async def test_each_caller_meets_its_own_error() -> None:
    counter = Counter()
    counter.open.set()
    together = Together(counter.serve, most=10)
    outcomes = await asyncio.gather(*(together(number) for number in range(4)), return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["None", "1", "None", "3"]


async def test_one_who_gives_up_waiting_is_not_served() -> None:
    counter = Counter()
    together = Together(counter.serve, most=1)
    first, second, third = (asyncio.create_task(together(number)) for number in (0, 2, 4))
    await all_waiting()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    counter.open.set()
    await asyncio.gather(first, third)
    assert counter.parties == [[0], [4]]


async def test_one_who_gives_up_while_serving_leaves_the_others_to_be_served() -> None:
    counter = Counter()
    together = Together(counter.serve, most=10)
    first = asyncio.create_task(together(0))
    await all_waiting()
    second = asyncio.create_task(together(2))
    await all_waiting()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    counter.open.set()
    await second
    assert counter.parties[-1] == [2]
