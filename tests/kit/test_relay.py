"""The relay: numbers what was committed, sends it, keeps it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import FIRST_LINK, Envelope, link_hash
from services.kit.outbox import Outbox
from services.kit.relay import Relay
from services.kit.wake import Bell
from tests.kit.examples import submitted
from tests.kit.road import PATH, SOURCE, TARGET, Road, ended
from tests.nodes import eventually

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
        early = await road.publish(submitted())
        assert await road.drain() == 1
    assert await road.drain() == 1
    rows = await road.outbox()
    assert {row.id: (row.pos, row.linkseq) for row in rows} == {late: (1, 2), early: (2, 1)}


async def test_an_event_committed_while_the_relay_numbers_waits_for_a_number(road: Road) -> None:
    class Overtaken(Relay):
        """Another writer commits right after this relay has numbered."""

        async def _number(self, connection: AsyncConnection) -> Any:
            numbered = await super()._number(connection)
            if not await road.outbox():
                await road.publish(submitted())
            return numbered

    async with road.relay() as plain, road.sender.engine.connect() as connection:
        relay = Overtaken(node=SOURCE, service="intake", database=road.sender, broker=plain._broker, bell=Bell())
        assert [await relay.drain(connection) for _ in range(2)] == [0, 1]
    assert [row.linkseq for row in await road.outbox()] == [1]


async def test_each_target_has_numbers_of_its_own(road: Road) -> None:
    for targets in ((TARGET, PATH), (PATH,), (TARGET,)):
        await road.publish(submitted(), targets=targets)
    await road.drain()
    numbers = [(row.target, row.linkseq) for row in await road.outbox()]
    assert sorted(numbers) == [(TARGET, 1), (TARGET, 2), (PATH, 1), (PATH, 2)]


async def test_a_self_link_keeps_no_ledger(road: Road) -> None:
    await road.publish(submitted(), targets=(SOURCE,))
    assert await road.drain() == 1
    (row,) = await road.outbox()
    assert row.linkseq is None
    (message,) = await road.messages(SOURCE)
    assert not {"ce-linkseq", "ce-linkprev"} & set(message.headers or {})
    assert await road.rows(road.sender, "select * from link_head") == []


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
        started = asyncio.get_running_loop().time()
        await road.publish(submitted())
        await road.sent(2)
        assert asyncio.get_running_loop().time() - started < 1.5


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
