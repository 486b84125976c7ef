"""The inbox: what arrives has its effect once, or is somebody's work."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from contracts.envelope import FIRST_LINK
from contracts.events import Event, PathAdvanced
from contracts.paths import PathView
from contracts.subjects import stream_name
from services.kit.delivery import Delivery, DifferentBody, Forged, UnknownEvent
from services.kit.inbox import Arrival
from tests.kit.examples import AT, body, envelope, requested, submitted
from tests.kit.road import SOURCE, TARGET, Road
from tests.nodes import eventually


async def test_an_event_sent_by_the_writer_has_its_effect_at_the_reader(road: Road) -> None:
    async with road.relaying(), road.reading():
        identity = await road.publish(submitted())
        await eventually(road.applied)
    assert await road.applied() == [identity]
    (row,) = await road.entered()
    assert (row.id, row.source, row.family, row.state, row.body) == (identity, SOURCE, "intake", "applied", None)


async def test_a_second_copy_under_another_message_id_has_no_second_effect(road: Road) -> None:
    event = requested()
    headers = envelope(event).headers()
    await road.put(headers, body(event))
    await road.put(headers | {"Nats-Msg-Id": f"{headers['ce-id']}.r1"}, body(event))
    assert (await road.stream()).state.messages == 2
    async with road.reading():
        await road.finished()
    assert [str(identity) for identity in await road.applied()] == [headers["ce-id"]]
    assert await road.dead() == []


async def test_two_copies_at_the_same_moment_have_one_effect(road: Road) -> None:
    event = requested()
    stamp = envelope(event)
    await asyncio.gather(*(road.take(event, stamp) for _ in range(3)))
    assert await road.applied() == [stamp.id]


async def test_a_message_whose_acknowledgement_was_lost_comes_again_and_has_one_effect(road: Road) -> None:
    """The first reader commits the effect and is gone before it can acknowledge."""
    await road.shorten_ack_wait()
    event = requested()
    stamp = envelope(event)
    await road.put(stamp.headers(), body(event))
    async with road.client(TARGET) as client:
        consumer = await client.jetstream().pull_subscribe_bind("referral", stream_name(TARGET))
        (message,) = await consumer.fetch(1)
        await road.inbox().take(Arrival(Delivery.of(message.subject, message.headers or {}, message.data), event))
    assert await road.unfinished() == 1
    async with road.reading():
        await road.finished()
    assert await road.applied() == [stamp.id]
    assert await road.dead() == []


async def test_an_effect_that_fails_leaves_no_trace_in_the_inbox(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        raise LookupError

    road.effects.trouble = trouble
    event = submitted()
    with pytest.raises(LookupError):
        await road.take(event, envelope(event, link=(1, FIRST_LINK)))
    assert await road.entered() == []
    assert await road.applied() == []
    assert await road.rows(road.receiver, "select * from known_version") == []
    assert await road.rows(road.receiver, "select * from link_cursor") == []


async def test_the_same_id_with_another_body_is_an_alarm(road: Road) -> None:
    first, other = submitted(), submitted()
    stamp = envelope(first)
    await road.take(first, stamp)
    with pytest.raises(DifferentBody):
        await road.take(other, replace(envelope(other), id=stamp.id))
    assert await road.applied() == [stamp.id]


@pytest.mark.parametrize("source", ["cis-poraj", "pup-myszkow", "nobody-here", "path"])
async def test_an_event_in_the_name_of_an_institution_of_another_node_is_forged(road: Road, source: str) -> None:
    event = submitted()
    with pytest.raises(Forged):
        await road.take(event, envelope(event, source=source))
    assert await road.entered() == []


async def test_the_path_node_writes_in_its_own_name(road: Road) -> None:
    event = submitted()
    stamp = envelope(event, source="path")
    await road.take(event, stamp, source="path")
    assert await road.applied() == [stamp.id]


async def test_an_event_without_an_effect_here_is_unknown(road: Road) -> None:
    view = PathView(path_id=uuid4(), version=1, stage="referred", custodian=None, ball=None, deadlines=(), timeline=())
    event = PathAdvanced(path_id=view.path_id, version=1, at=AT, agency="cis-poraj", view=view)
    with pytest.raises(UnknownEvent):
        await road.take(event, envelope(event))
    assert await road.entered() == []
