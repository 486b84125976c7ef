"""Servers that end and come back under a running writer and reader."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contracts.events import Event
from services.kit.database import Database
from services.kit.outages import DATABASE_ERRORS, is_down
from services.kit.retry import DELAYS
from tests.kit.endings import ended_while_set_up
from tests.kit.examples import body, envelope, submitted
from tests.kit.restartable import Server
from tests.kit.road import Road
from tests.nodes import eventually

SOON_SECONDS = 8.0
"""How long a reader may take to notice that the broker is back."""


async def test_messages_wait_while_the_reader_has_no_database_and_then_have_one_effect_each(
    road: Road, kit_postgres: Server
) -> None:
    events = [submitted() for _ in range(3)]
    stamps = [envelope(event) for event in events]
    async with road.reading(DELAYS):
        async with kit_postgres.absent():
            for event, stamp in zip(events, stamps, strict=True):
                await road.put(stamp.headers(), body(event))
            await eventually(road.redelivered)
        await road.finished()
    assert sorted(await road.applied()) == sorted(stamp.id for stamp in stamps)
    assert await road.rows(road.receiver, "select * from dead_letter") == []


async def test_a_database_that_ends_in_the_middle_of_an_effect_is_asked_again(road: Road, kit_postgres: Server) -> None:
    async def trouble(event: Event, runs: int) -> None:
        if runs == 1:
            await kit_postgres.crash()

    road.effects.trouble = trouble
    event = submitted()
    stamp = envelope(event)
    async with road.reading(DELAYS):
        await road.put(stamp.headers(), body(event))
        await kit_postgres.process.wait()
        await kit_postgres.up()
        await eventually(road.applied)
        await road.finished()
    assert await road.applied() == [stamp.id]
    assert await road.rows(road.receiver, "select * from dead_letter") == []


async def test_a_database_without_a_free_connection_is_down_and_not_at_fault(road: Road) -> None:
    """PostgreSQL says so in an error of its own, as it does while it starts up."""
    full = Database(road.receiver.url.set(username="nobody", password="x"))
    async with road.receiver.transaction() as session:
        await session.execute(text("create role nobody login password 'x' connection limit 0"))
    with pytest.raises(DBAPIError) as caught:
        await full.ping()
    async with road.receiver.transaction() as session:
        await session.execute(text("drop role nobody"))
    assert is_down(caught.value)


async def test_a_connection_that_the_administrator_ended_is_down_and_not_at_fault(road: Road) -> None:
    async def work_and_be_ended() -> None:
        async with road.sender.transaction() as other, road.receiver.transaction() as session:
            backend = (await session.execute(text("select pg_backend_pid()"))).scalar_one()
            await other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": backend})
            await session.execute(text("select 1"))

    with pytest.raises(DBAPIError) as caught:
        await work_and_be_ended()
    assert is_down(caught.value)


async def test_a_connection_that_ends_while_it_is_set_up_is_down_and_not_at_fault(road: Road) -> None:
    async with ended_while_set_up(road.receiver):
        with pytest.raises(DATABASE_ERRORS) as caught:
            await road.receiver.ping()
    assert is_down(caught.value)


async def test_the_relay_goes_on_when_its_database_is_back(road: Road, kit_postgres: Server) -> None:
    async with road.relaying():
        await road.publish(submitted())
        await road.sent(1)
        async with kit_postgres.absent():
            await asyncio.sleep(0.2)
        await road.publish(submitted())
        await road.sent(2)
    assert [row.linkseq for row in await road.outbox()] == [1, 2]


@pytest.mark.parametrize("end", [Server.down, Server.crash])
async def test_an_idle_reader_goes_on_soon_after_the_broker_is_back(
    road: Road, end: Callable[[Server], Awaitable[None]]
) -> None:
    async with road.reading():
        await end(road.nats)
        await road.nats.up()
        event = submitted()
        await road.put(envelope(event).headers(), body(event))
        await eventually(road.applied, within=SOON_SECONDS)


async def test_messages_that_the_broker_confirmed_are_there_after_it_was_killed(road: Road) -> None:
    await road.publish(*(submitted() for _ in range(10)))
    assert await road.drain() == 10
    await road.nats.crash()
    await road.nats.up()
    async with road.reading():
        await road.finished()
    assert await road.applied() == [row.id for row in await road.outbox()]
