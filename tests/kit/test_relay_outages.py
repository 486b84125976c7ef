"""The relay when the road is closed: rows wait, nothing is lost, order and numbers hold."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from nats.js.api import StreamConfig
from nats.js.errors import Error as JetStreamError
from structlog.testing import capture_logs

from contracts.subjects import stream_name, stream_spec
from services.kit.broker import stream_config
from services.kit.database import POOL_SIZE, Database
from stack.servers.nats import ADMIN
from tests.kit.endings import ended_while_set_up
from tests.kit.examples import submitted
from tests.kit.road import PATH, TARGET, Road
from tests.nodes import eventually

COUNT = 20
MORE_THAN_A_BATCH = 250


async def _unsent(road: Road) -> int:
    return sum(row.sent_at is None for row in await road.outbox())


async def _set_limit(road: Road, messages: int) -> None:
    """How many messages the reader's stream takes; -1 for any number."""
    config: StreamConfig = stream_config(stream_spec(TARGET))
    async with road.client(ADMIN) as client:
        await client.jetstream().update_stream(config.evolve(max_msgs=messages))


async def test_rows_wait_while_the_broker_is_down_and_then_go_out_in_order(road: Road) -> None:
    async with road.relaying():
        await road.publish(submitted())
        await road.sent(1)
        async with road.nats.absent():
            for _ in range(COUNT):
                await road.publish(submitted())
            assert await _unsent(road) == COUNT
        rows = await road.sent(COUNT + 1)
    assert [row.linkseq for row in rows] == [row.pos for row in rows]
    assert [(message.headers or {})["ce-id"] for message in await road.messages()] == [str(row.id) for row in rows]


async def test_a_relay_comes_back_after_trouble_though_others_use_the_same_pool(road: Road) -> None:
    """Its lock belongs to a connection: one given back to the pool with the lock would shut out the relay itself."""

    async def use(database: Database) -> None:
        async with database.transaction():
            await asyncio.sleep(0.01)

    async with road.relaying():
        await _set_limit(road, 1)
        for _ in range(2):
            await road.publish(submitted())
        await road.sent(1)
        for _ in range(20):
            await asyncio.gather(use(road.sender), use(road.sender))
        await _set_limit(road, -1)
        await road.sent(2)


async def test_a_relay_waits_for_a_connection_as_long_as_others_hold_them_all(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(road.sender.engine.pool, "_timeout", 0.01)
    await road.publish(submitted())
    async with AsyncExitStack() as held:
        for _ in range(POOL_SIZE):
            await held.enter_async_context(road.sender.engine.connect())
        with capture_logs() as logs:
            relaying = await held.enter_async_context(road.relaying())

            async def paused() -> bool:
                return relaying.done() or any(line["cause"] == "TimeoutError" for line in logs)

            await eventually(paused)
        assert not relaying.done()


async def test_a_relay_goes_on_when_its_connection_ended_while_it_was_set_up(road: Road) -> None:
    await road.publish(submitted())
    async with AsyncExitStack() as held:
        with capture_logs() as logs:
            async with ended_while_set_up(road.sender):
                relaying = await held.enter_async_context(road.relaying())

                async def paused() -> bool:
                    return relaying.done() or any(line["event"] == "relay_paused" for line in logs)

                await eventually(paused)
        assert not relaying.done()
        await road.sent(1)


async def test_a_full_stream_refuses_and_the_row_stays_unsent_until_there_is_room(road: Road) -> None:
    await _set_limit(road, 1)
    await road.publish(submitted())
    await road.publish(submitted())
    with pytest.raises(JetStreamError):
        await road.drain()
    assert await _unsent(road) == 1
    assert (await road.stream()).state.messages == 1
    await _set_limit(road, -1)
    assert await road.drain() == 1
    assert await _unsent(road) == 0


async def test_a_target_that_refuses_does_not_hold_up_the_others(road: Road) -> None:
    async with road.client(ADMIN) as client:
        await client.jetstream().delete_stream(stream_name(TARGET))
    await road.publish(*(submitted() for _ in range(MORE_THAN_A_BATCH)))
    await road.publish(submitted(), targets=(PATH,))
    with pytest.raises(JetStreamError):
        await road.drain()
    assert {row.target for row in await road.outbox() if row.sent_at is not None} == {PATH}
