"""Replays: the writer sends exactly the numbers asked for again, under new message ids, while it has their bodies."""

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from contracts.control import MOST_AT_ONCE, Replay
from services.kit import replays
from services.kit.gaps import runs
from tests.kit.ends import writer_of
from tests.kit.examples import AT, submitted
from tests.kit.road import SOURCE, TARGET, Road


def replay(first: int, last: int) -> Replay:
    return Replay(writer=SOURCE, reader=TARGET, family="intake", at=AT, first=first, last=last)


async def sent(road: Road, count: int) -> None:
    for _ in range(count):
        await road.publish(submitted())
    await road.drain()


async def test_exactly_the_numbers_asked_for_are_sent_again_under_message_ids_of_their_own(road: Road) -> None:
    await sent(road, 4)
    assert await replays.again(writer_of(road), replay(2, 3)) == 2
    assert await road.drain() == 2
    rows, messages = await road.outbox(), await road.messages()
    assert [row.replays for row in rows] == [0, 1, 1, 0]
    assert [(message.headers or {})["Nats-Msg-Id"] for message in messages[4:]] == [f"{row.id}.r1" for row in rows[1:3]]
    for again, first in zip(messages[4:], messages[1:3], strict=True):
        assert again.data == first.data
        assert {**(again.headers or {}), "Nats-Msg-Id": ""} == {**(first.headers or {}), "Nats-Msg-Id": ""}


async def test_what_waits_to_be_sent_anyway_is_not_counted_twice(road: Road) -> None:
    await sent(road, 1)
    assert [await replays.again(writer_of(road), replay(1, 1)) for _ in range(2)] == [1, 0]
    assert [row.replays for row in await road.outbox()] == [1]


async def test_a_body_that_is_gone_is_an_alarm_and_the_others_go(road: Road) -> None:
    await sent(road, 3)
    async with road.sender.transaction() as session:
        await session.execute(text("update outbox set body = null where linkseq = 2"))
    assert await replays.again(writer_of(road), replay(1, 3)) == 2
    alarms = await road.rows(road.sender, "select * from link_alarm")
    assert [(alarm.kind, alarm.seq) for alarm in alarms] == [("cannot_replay", 2)]


async def test_numbers_that_were_never_given_are_no_alarm(road: Road) -> None:
    await sent(road, 1)
    assert await replays.again(writer_of(road), replay(1, 9)) == 1
    assert await road.rows(road.sender, "select * from link_alarm") == []


@pytest.mark.parametrize(("first", "last"), [(2, 1), (1, MOST_AT_ONCE + 1), (0, 1)])
def test_a_request_for_nothing_or_for_too_much_is_refused(first: int, last: int) -> None:
    with pytest.raises(ValidationError):
        replay(first, last)


@pytest.mark.parametrize(
    ("numbers", "stretches"),
    [([], []), ([4], [(4, 4)]), ([1, 2, 3], [(1, 3)]), ([1, 3, 4, 9], [(1, 1), (3, 4), (9, 9)])],
)
def test_missing_numbers_are_asked_for_in_stretches(numbers: list[int], stretches: list[tuple[int, int]]) -> None:
    assert runs(numbers) == stretches
