"""Gaps: a reader asks for what is missing and for nothing else, and tells when the chains differ."""

from pathlib import Path

import pytest
from sqlalchemy.event import listen

from contracts.control import Heartbeat
from contracts.envelope import FIRST_LINK
from contracts.subjects import stream_name
from services.kit.gaps import Gaps
from services.kit.patience import Waits
from stack.servers.nats import ADMIN
from tests.kit.ends import End, connected, end_of, reader_of, reading
from tests.kit.examples import AT, body
from tests.kit.road import SOURCE, TARGET, Road
from tests.kit.test_links import chained
from tests.nodes import eventually

AT_ONCE = Waits(plain=0, unclear=3600, first=3600, longest=3600)


def heartbeat(seq: int, head: str) -> Heartbeat:
    return Heartbeat(writer=SOURCE, reader=TARGET, family="intake", seq=seq, hash=head, at=AT, as_of=AT)


@pytest.fixture
async def end(road: Road, kit_data: Path):  # type: ignore[no-untyped-def]
    async with connected(end_of(road, reader_of(road), kit_data)) as made:
        yield made


async def looked(gaps: Gaps) -> int:
    """How many numbers are asked for once patience is over: the first look starts it."""
    await gaps.look()
    return await gaps.look()


async def test_a_hole_is_asked_for_and_nothing_around_it(road: Road, end: End) -> None:
    events, _ = chained(6)
    for place in (0, 2, 5):
        await road.take(*events[place])
    assert await looked(Gaps(end.service, end.talk, waits=AT_ONCE)) == 3


async def test_what_the_writer_tells_of_and_the_broker_has_not_is_asked_for(road: Road, end: End) -> None:
    events, heads = chained(3)
    await road.take(*events[0])
    gaps = Gaps(end.service, end.talk, waits=AT_ONCE)
    assert await looked(gaps) == 0
    await gaps.hear(heartbeat(3, heads[2]))
    assert await looked(gaps) == 2


async def test_a_link_of_which_nothing_ever_arrived_is_asked_for_from_its_beginning(road: Road, end: End) -> None:
    gaps = Gaps(end.service, end.talk, waits=AT_ONCE)
    await gaps.hear(heartbeat(4, "f" * 64))
    assert await looked(gaps) == 4


async def test_what_the_broker_still_has_is_not_asked_for(road: Road, end: End) -> None:
    events, heads = chained(2)
    for event, stamp in events:
        await road.put(stamp.headers(), body(event), name=event.name)
    gaps = Gaps(end.service, end.talk, waits=AT_ONCE)
    await gaps.hear(heartbeat(2, heads[1]))
    assert await looked(gaps) == 0


async def test_nothing_is_asked_for_while_there_is_no_stream_to_send_it_on(road: Road, end: End) -> None:
    gaps = Gaps(end.service, end.talk, waits=AT_ONCE)
    await gaps.hear(heartbeat(4, "f" * 64))
    async with road.client(ADMIN) as client:
        await client.jetstream().delete_stream(stream_name(TARGET))
    assert await looked(gaps) == 0
    await road.provision()
    assert await looked(gaps) == 4


async def test_a_message_that_arrived_and_fails_is_not_missing(road: Road, kit_data: Path) -> None:
    """Its place on the link is empty until it is handled, or dead."""
    events, _ = chained(3)

    async def trouble(event: object, runs: int) -> None:
        if event == events[1][0]:
            raise ValueError

    road.effects.trouble = trouble
    async with reading(road, kit_data) as end:
        for event, stamp in events:
            await road.put(stamp.headers(), body(event), name=event.name)

        async def failing() -> bool:
            return len(await road.rows(road.receiver, "select * from dead_letter")) == 1

        await eventually(failing)
        assert await looked(Gaps(end.service, end.talk, waits=AT_ONCE)) == 0


async def test_chains_that_differ_at_the_same_number_are_an_alarm(road: Road, end: End) -> None:
    events, heads = chained(3)
    for event, stamp in events:
        await road.take(event, stamp)
    whole: list[Heartbeat] = []

    async def told(heartbeat: Heartbeat) -> None:
        whole.append(heartbeat)

    gaps = Gaps(end.service, end.talk, whole=told, waits=AT_ONCE)
    for seq in (2, 3):
        await gaps.hear(heartbeat(seq, heads[seq - 1]))
    assert [heartbeat.seq for heartbeat in whole] == [2, 3]
    assert await road.rows(road.receiver, "select * from link_alarm") == []
    await gaps.hear(heartbeat(2, "f" * 64))
    (alarm,) = await road.rows(road.receiver, "select * from link_alarm")
    assert (alarm.kind, alarm.source, alarm.target, alarm.seq) == ("chain_differs", SOURCE, TARGET, 2)
    assert len(whole) == 2


async def test_a_copy_is_whole_only_when_everything_up_to_the_heartbeat_is_here(road: Road, end: End) -> None:
    events, heads = chained(2)
    whole: list[int] = []

    async def told(heartbeat: Heartbeat) -> None:
        whole.append(heartbeat.seq)

    gaps = Gaps(end.service, end.talk, whole=told)
    await gaps.hear(heartbeat(0, FIRST_LINK))
    await road.take(*events[0])
    await gaps.hear(heartbeat(2, heads[1]))
    await road.take(*events[1])
    await gaps.hear(heartbeat(2, heads[1]))
    assert whole == [0, 2]


async def test_a_link_on_which_nothing_happens_costs_no_transaction(road: Road, end: End) -> None:
    events, heads = chained(2)
    await road.take(*events[0])
    gaps = Gaps(end.service, end.talk, waits=AT_ONCE)
    begun: list[object] = []
    listen(end.service.database.engine.sync_engine, "begin", begun.append)

    async def once(head: Heartbeat) -> int:
        begun.clear()
        await gaps.hear(head)
        await gaps.look()
        return len(begun)

    assert [await once(heartbeat(1, heads[0])) for _ in range(3)] == [2, 0, 0]
    assert [await once(heartbeat(2, heads[1])) for _ in range(2)] == [2, 3]  # behind: patience begins, then it asks
    await road.take(*events[1])
    assert [await once(heartbeat(2, heads[1])) for _ in range(2)] == [2, 0]
