"""The relay: numbers what was committed, sends it, keeps it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Row, text

from contracts.envelope import FIRST_LINK, Envelope, link_hash
from contracts.events import ReferralSubmitted
from services.kit.outbox import Outbox
from tests.kit.examples import submitted
from tests.kit.road import PATH, SOURCE, TARGET, Road, ended, finish
from tests.nodes import eventually, quickest

WRITERS, EACH = 8, 25


def chain(rows: Sequence[Row[Any]]) -> list[tuple[int, str]]:
    """The number and the head of the link after each row, computed here from nothing but ids and bodies."""
    heads, head = [], FIRST_LINK
    for number, row in enumerate(rows, start=1):
        head = link_hash(head, number, row.id, row.body)
        heads.append((number, head))
    return heads


async def test_concurrent_writers_leave_no_gap_in_the_numbers_and_one_whole_chain(road: Road) -> None:
    async def write() -> None:
        for _ in range(EACH):
            await road.publish(submitted())

    async with road.relaying():
        await asyncio.gather(*(write() for _ in range(WRITERS)))
        rows = await road.sent(WRITERS * EACH)
    assert [row.linkseq for row in rows] == list(range(1, WRITERS * EACH + 1))
    heads = chain(rows)
    previous = [FIRST_LINK, *(head for _, head in heads)]
    stamps = [Envelope.parse(row.headers) for row in rows]
    assert [(stamp.linkseq, stamp.linkprev) for stamp in stamps] == list(
        zip(range(1, len(rows) + 1), previous[:-1], strict=True)
    )
    (head,) = await road.rows(road.sender, "select * from link_head")
    assert (head.target, head.seq, head.hash) == (TARGET, *heads[-1])


async def test_what_is_sent_is_what_was_stored(road: Road) -> None:
    await road.publish(submitted())
    await road.drain()
    (row,), (message,) = await road.outbox(), await road.messages()
    assert (message.subject, message.data) == (row.subject, row.body)
    assert row.headers.items() <= (message.headers or {}).items()


async def test_a_writer_that_commits_late_is_numbered_late_and_not_forgotten(road: Road) -> None:
    async with road.sender.transaction() as session:
        late = await Outbox(SOURCE, "intake").publish(session, submitted(), source="ops-poraj", targets=(TARGET,))
        await finish(session)
        early = await road.publish(submitted())
        assert await road.drain() == 1
    assert await road.drain() == 1
    rows = await road.outbox()
    assert {row.id: (row.pos, row.linkseq) for row in rows} == {late: (1, 2), early: (2, 1)}


async def test_events_that_go_in_one_batch_are_numbered_in_the_order_in_which_they_were_written(road: Road) -> None:
    for _ in range(3):
        await road.publish(submitted(), submitted())
    assert await road.drain() == 6
    assert [row.linkseq for row in await road.outbox()] == [1, 2, 3, 4, 5, 6]


async def test_each_target_has_numbers_of_its_own(road: Road) -> None:
    for targets in ((TARGET, PATH), (PATH,), (TARGET,)):
        await road.publish(submitted(), targets=targets)
    await road.drain()
    numbers = [(row.target, row.linkseq) for row in await road.outbox()]
    assert sorted(numbers) == [(TARGET, 1), (TARGET, 2), (PATH, 1), (PATH, 2)]


async def test_the_link_of_a_node_to_itself_is_numbered_like_any_other(road: Road) -> None:
    await road.publish(submitted(), targets=(SOURCE,))
    assert await road.drain() == 1
    (message,) = await road.messages(SOURCE)
    assert (message.headers or {})["ce-linkseq"] == "1"
    (head,) = await road.rows(road.sender, "select target, seq from link_head")
    assert tuple(head) == (SOURCE, 1)


async def test_what_takes_no_number_leaves_its_link_as_it_is(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReferralSubmitted, "numbered", False)
    await road.publish(submitted())
    assert await road.drain() == 1
    (message,) = await road.messages()
    assert not {"ce-linkseq", "ce-linkprev"} & set(message.headers or {})
    assert await road.rows(road.sender, "select * from link_head") == []


async def test_a_row_to_be_sent_again_goes_out_with_its_number_and_a_message_id_of_its_own(road: Road) -> None:
    await road.publish(submitted())
    await road.drain()
    await road.execute(road.sender, "update outbox set sent_at = null, replays = 1")
    assert await road.drain() == 1
    first, again = await road.messages()
    ids = [(message.headers or {}).pop("Nats-Msg-Id") for message in (first, again)]
    assert ids[1] == f"{ids[0]}.r1"
    assert (first.headers, first.data) == (again.headers, again.data)


async def test_rows_stay_after_sending_with_the_bytes_as_sent(road: Road) -> None:
    await road.publish(submitted())
    (before,) = await road.outbox()
    await road.drain()
    (after,) = await road.outbox()
    assert before.sent_at is None
    assert after.sent_at is not None
    assert (after.id, after.body) == (before.id, before.body)


async def test_nothing_is_sent_twice_by_a_relay_that_looks_again(road: Road) -> None:
    await road.publish(submitted())
    assert [await road.drain() for _ in range(2)] == [1, 0]


async def test_a_row_whose_receipt_was_lost_is_sent_again_and_the_stream_keeps_one(road: Road) -> None:
    await road.publish(submitted())
    await road.drain()
    async with road.sender.transaction() as session:
        await session.execute(text("update outbox set sent_at = null"))
    assert await road.drain() == 1
    assert len(await road.messages()) == 1
    (row,) = await road.outbox()
    assert (row.sent_at is not None, row.linkseq) == (True, 1)


async def test_notify_wakes_the_relay_long_before_it_would_look_by_itself(road: Road) -> None:
    async with road.relaying():
        await road.publish(submitted())
        await road.sent(1)  # the relay is awake and has emptied the outbox
        counts = iter((2, 3, 4))

        async def sent() -> None:
            await road.publish(submitted())
            await road.sent(next(counts))

        assert await quickest(sent, within=1.5) < 1.5


async def test_a_second_relay_waits_behind_the_lock_and_takes_over_when_the_first_ends(road: Road) -> None:
    async def locks(granted: bool) -> bool:
        rows = await road.rows(road.sender, "select granted from pg_locks where locktype = 'advisory'")
        return sorted(row.granted for row in rows) == ([False, True] if not granted else [True])

    async with road.relaying() as first:
        await eventually(lambda: locks(granted=True))
        async with road.relaying():
            await eventually(lambda: locks(granted=False))
            await ended(first)
            await eventually(lambda: locks(granted=True))
            await road.publish(submitted())
            await road.sent(1)
