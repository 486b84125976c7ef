"""Heartbeats: how far the writer is, signed; and as of when that is everything, never later than is true."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.control import Heartbeat
from contracts.envelope import FIRST_LINK
from contracts.subjects import control_subject
from services.kit.heartbeats import Untold, beat, heartbeats, nothing
from services.kit.relay import Relay
from tests.kit.ends import connected, end_of, writer_of
from tests.kit.examples import AT, submitted
from tests.kit.road import PATH, SOURCE, TARGET, Road, ended
from tests.nodes import eventually


async def beats(road: Road, untold: Untold = nothing) -> dict[str, Heartbeat]:
    async with road.sender.transaction() as session:
        return {beat.reader: beat for beat in await heartbeats(session, writer_of(road), untold)}


async def now(road: Road) -> datetime:
    (row,) = await road.rows(road.sender, "select now() as now")
    instant: datetime = row.now
    return instant


async def test_every_node_that_reads_the_family_is_told_the_last_number_and_the_head(road: Road) -> None:
    for _ in range(2):
        await road.publish(submitted())
    await road.drain()
    (head,) = await road.rows(road.sender, "select * from link_head")
    told = await beats(road)
    assert {node: (beat.seq, beat.hash) for node, beat in told.items()} == {
        SOURCE: (0, FIRST_LINK),
        TARGET: (2, head.hash),
        "pup": (0, FIRST_LINK),
        PATH: (0, FIRST_LINK),
    }


async def test_what_waits_for_a_number_holds_back_the_moment_for_its_own_reader_only(road: Road) -> None:
    await road.publish(submitted())
    before = await now(road)
    told = await beats(road)
    assert (told[TARGET].seq, told[TARGET].as_of) == (0, AT)  # when the event says that it happened
    assert told[PATH].as_of >= before
    await road.drain()
    assert (await beats(road))[TARGET].as_of >= before


async def test_what_has_a_number_but_was_not_sent_holds_back_nothing(road: Road) -> None:
    """The reader knows by the number that it is not there yet."""
    await road.publish(submitted())
    await road.drain()
    async with road.sender.transaction() as session:
        await session.execute(text("update outbox set sent_at = null"))
    before = await now(road)
    told = await beats(road)
    assert told[TARGET].seq == 1
    assert told[TARGET].as_of >= before


async def test_a_transaction_that_is_still_open_holds_back_the_moment(road: Road) -> None:
    """Its event will bear the time at which it began, and nobody can see it yet."""
    async with road.sender.transaction() as session:
        began: datetime = (await session.execute(text("select now()"))).scalar_one()
        await asyncio.sleep(0.01)
        assert {beat.as_of for beat in (await beats(road)).values()} == {began}


async def test_what_a_service_has_yet_to_tell_holds_back_the_moment(road: Road) -> None:
    since = await now(road) - timedelta(minutes=1)

    async def untold(session: AsyncSession) -> datetime | None:
        return since

    assert {beat.as_of for beat in (await beats(road, untold)).values()} == {since}


async def test_a_second_relay_that_waits_for_its_turn_holds_back_nothing(road: Road) -> None:
    async with road.relaying(), road.relay() as second:
        waiting = asyncio.create_task(Relay.run(second))
        query = "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'"

        async def waits() -> bool:
            return len(await road.rows(road.sender, query)) == 1

        await eventually(waits)
        before = await now(road)
        assert all(beat.as_of >= before for beat in (await beats(road)).values())
        await ended(waiting)


async def test_a_heartbeat_goes_out_signed_by_its_node(road: Road, kit_data: Path) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def hear(message: object) -> None:
        await heard.put(message.data)  # type: ignore[attr-defined]

    async with road.client(TARGET) as client, connected(end_of(road, writer_of(road), kit_data)) as end:
        await client.subscribe(control_subject(SOURCE, TARGET, "intake", "heartbeat"), cb=hear)
        await client.flush()
        await beat(end.service, end.talk)
        async with asyncio.timeout(10):
            assert end.talk.signer.read(Heartbeat, await heard.get()).reader == TARGET
