"""Receipts: the reader signs how far its link has arrived; the writer keeps what fits and raises an alarm otherwise."""

from pathlib import Path

import pytest

from contracts.control import Receipt
from services.kit import receipts
from services.kit.receipts import Receipts
from services.kit.wake import Bell
from tests.kit.ends import connected, end_of, everything_arrived, reader_of, reading, writer_of, writing
from tests.kit.examples import AT, submitted
from tests.kit.road import SOURCE, TARGET, Road
from tests.nodes import eventually


async def kept(road: Road) -> list[tuple[int, str]]:
    return [(row.seq, row.hash) for row in await road.rows(road.sender, "select * from link_receipt")]


async def alarms(road: Road) -> list[tuple[str, int]]:
    return [(row.kind, row.seq) for row in await road.rows(road.sender, "select * from link_alarm")]


async def heads(road: Road) -> list[str]:
    """The head of the link after each of three events that were written and numbered."""
    for _ in range(3):
        await road.publish(submitted())
    await road.drain()
    return [row.linkhash for row in await road.outbox()]


def receipt(seq: int, head: str) -> Receipt:
    return Receipt(writer=SOURCE, reader=TARGET, family="intake", at=AT, seq=seq, hash=head)


async def test_the_writer_comes_to_hold_a_signed_receipt_for_everything_that_arrived(
    road: Road, kit_data: Path
) -> None:
    async with writing(road, kit_data) as writer, reading(road, kit_data):
        await everything_arrived(road, [await road.publish(submitted()) for _ in range(3)])

        async def covered() -> bool:
            return [seq for seq, _ in await kept(road)] == [3]

        await eventually(covered)
        (row,) = await road.rows(road.sender, "select * from link_receipt")
        signed = writer.talk.signer.read(Receipt, row.token)
        assert (signed.seq, signed.hash) == (row.seq, row.hash)
    assert await alarms(road) == []


async def test_a_receipt_that_does_not_fit_what_was_written_is_an_alarm_and_not_kept(road: Road) -> None:
    await heads(road)
    await receipts.keep(writer_of(road), receipt(2, "f" * 64), "token")
    assert (await kept(road), await alarms(road)) == ([], [("chain_differs", 2)])


async def test_a_receipt_for_more_than_was_ever_written_is_an_alarm_and_not_kept(road: Road) -> None:
    await heads(road)
    await receipts.keep(writer_of(road), receipt(4, "f" * 64), "token")
    assert (await kept(road), await alarms(road)) == ([], [("reader_ahead", 4)])


async def test_the_same_alarm_is_raised_once(road: Road) -> None:
    await heads(road)
    for _ in range(2):
        await receipts.keep(writer_of(road), receipt(4, "f" * 64), "token")
    assert await alarms(road) == [("reader_ahead", 4)]


@pytest.mark.parametrize("order", [(1, 3), (3, 1)])
async def test_the_newest_receipt_is_kept_and_every_one_that_moved_the_link_stays(
    road: Road, order: tuple[int, int]
) -> None:
    known = await heads(road)
    for seq in order:
        await receipts.keep(writer_of(road), receipt(seq, known[seq - 1]), f"token {seq}")
    assert await kept(road) == [(3, known[2])]
    past = await road.rows(road.sender, "select seq, token from past_receipt order by seq")
    assert [tuple(row) for row in past] == [(1, "token 1"), (3, "token 3")]


async def test_a_link_that_does_not_move_gets_one_receipt_and_another_after_a_time(road: Road, kit_data: Path) -> None:
    async with writing(road, kit_data), reading(road, kit_data):
        await everything_arrived(road, [await road.publish(submitted())])
    async with connected(end_of(road, reader_of(road), kit_data)) as end:
        seldom = Receipts(end.service, end.talk, Bell(), idle=3600)
        assert [await seldom.give() for _ in range(3)] == [1, 0, 0]
        often = Receipts(end.service, end.talk, Bell(), idle=0)
        assert [await often.give() for _ in range(3)] == [1, 1, 1]


async def test_nothing_is_receipted_that_has_not_arrived(road: Road, kit_data: Path) -> None:
    await heads(road)
    async with connected(end_of(road, reader_of(road), kit_data)) as end:
        assert await Receipts(end.service, end.talk, Bell()).give() == 0
