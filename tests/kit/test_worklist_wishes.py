"""What somebody wished is carried out once, in its turn, whatever goes down meanwhile."""

import asyncio
import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from contracts.events import Event
from services.kit.decisions import NotWaiting, decide
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import Road
from tests.kit.worklists import (
    all_letters,
    closed,
    decided,
    noted,
    poisoned,
    the_letter,
    versions,
    working,
    worklist,
)
from tests.nodes import eventually


async def test_a_drop_waits_for_the_turn_of_its_version_and_what_comes_before_does_not_wait_behind_it(
    road: Road,
) -> None:
    referral_id = uuid4()
    first, second, third, fourth = (submitted(version, referral_id) for version in (1, 2, 3, 4))
    await road.put(envelope(second).headers(), body(second))
    await road.put(envelope(third).headers(), json.dumps(third.model_dump(mode="json") | {"kind": "?"}).encode())
    await road.put(envelope(fourth).headers(), body(fourth))
    work = worklist(road)
    async with road.reading():
        await road.finished()
        found = await the_letter(road)
        assert found.count == 1
        await noted(road, found.letter.id, "drop")
        await work.work()
        assert (await the_letter(road)).letter.wish == "drop"
        await road.put(envelope(first).headers(), body(first))
        await road.finished()
        await work.work()
    assert await versions(road, referral_id) == [1, 2, 4]
    assert [found.letter.state for found in await all_letters(road)] == ["dropped"]


async def test_a_wish_made_while_the_service_is_down_is_carried_out_when_it_is_up_again(road: Road) -> None:
    async with road.reading():
        poison = await poisoned(road)
    poison.mended = True
    await noted(road, (await the_letter(road)).letter.id, "retry")
    async with working(road):
        await eventually(lambda: closed(road))
    assert await versions(road, poison.referral_id) == [1, 2, 3, 4, 5]


async def test_a_database_that_is_down_makes_neither_a_failure_nor_an_end_of_a_wish(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        raise ConnectionRefusedError

    async with road.reading():
        await poisoned(road)
    road.effects.trouble = trouble
    await noted(road, (await the_letter(road)).letter.id, "retry")
    with pytest.raises(ConnectionRefusedError):
        await worklist(road).work()
    row = (await the_letter(road)).letter
    assert (row.state, row.wish, row.attempts) == ("dead", "retry", 8)


async def test_a_wish_that_another_process_has_carried_out_meanwhile_changes_nothing(road: Road) -> None:
    async with road.reading():
        await poisoned(road)
    row = (await the_letter(road)).letter
    await noted(road, row.id, "drop")
    work = worklist(road)
    async with road.receiver.transaction() as other:
        await other.execute(text("update dead_letter set wish = null"))
        waiting = asyncio.create_task(work.work())
        await eventually(road.blocked)
    await waiting
    assert (await the_letter(road)).letter.wish is None
    assert (await states_of(road, row.aggregate_id))[2] == "dead"


async def states_of(road: Road, aggregate_id: UUID | None) -> dict[int, str]:
    return {row.version: row.state for row in await road.entered() if row.aggregate_id == aggregate_id}


async def test_who_decides_about_a_letter_that_was_dealt_with_is_told_so(road: Road) -> None:
    async with working(road):
        await poisoned(road)
        found = await decided(road, "drop", "Zdarzenie testowe")
        with pytest.raises(NotWaiting):
            await decide(road.receiver, found.letter.id, "retry", by="cis.kierownik")
        assert await decide(road.receiver, uuid4(), "retry", by="cis.kierownik") is None
        assert await decide(road.receiver, found.letter.id, "retry", by="cis.kierownik", agency="cis-inny") is None
