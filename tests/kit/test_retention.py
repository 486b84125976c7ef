"""Retention: what nobody needs any more goes when its time is over; what proves something stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from rules.retention import period
from services.kit import receipts, replays
from services.kit.retention import OF_EVERY_SERVICE, prune
from tests.kit.ends import writer_of
from tests.kit.examples import submitted
from tests.kit.road import Road
from tests.kit.test_receipts import receipt
from tests.kit.test_replays import replay

DAY = date(2026, 6, 1)


async def sent_long_ago(road: Road, count: int) -> list[str]:
    """Heads of so many events that were sent when what is sent stays no longer."""
    for _ in range(count):
        await road.publish(submitted())
    await road.drain()
    await age(road, count)
    return [row.linkhash for row in await road.outbox()]


async def age(road: Road, up_to: int) -> None:
    async with road.sender.transaction() as session:
        values = {"long": period("sent_bodies", DAY) + timedelta(minutes=1), "upto": up_to}
        await session.execute(
            text("update outbox set sent_at = now() - cast(:long as interval) where linkseq <= :upto"), values
        )


async def bodies(road: Road) -> list[bool]:
    return [row.body is not None for row in await road.outbox()]


@pytest.mark.parametrize("most", [1, 2, 500])
async def test_a_sent_body_goes_when_its_time_is_over_and_a_receipt_covers_it(road: Road, most: int) -> None:
    heads = await sent_long_ago(road, 4)
    await receipts.keep(writer_of(road), receipt(3, heads[2]), "token")
    assert await prune(writer_of(road), OF_EVERY_SERVICE, most=most) == 3
    assert await bodies(road) == [False, False, False, True]
    assert [row.linkhash for row in await road.outbox()] == heads
    assert await prune(writer_of(road), OF_EVERY_SERVICE) == 0


async def test_nothing_goes_without_a_receipt(road: Road) -> None:
    await sent_long_ago(road, 2)
    assert await prune(writer_of(road), OF_EVERY_SERVICE) == 0
    assert await bodies(road) == [True, True]


async def test_nothing_goes_before_its_time_nor_what_is_sent_again(road: Road) -> None:
    heads = await sent_long_ago(road, 3)
    await receipts.keep(writer_of(road), receipt(3, heads[2]), "token")
    await replays.again(writer_of(road), replay(2, 2))
    assert await prune(writer_of(road), OF_EVERY_SERVICE) == 1
    await road.drain()
    assert await prune(writer_of(road), OF_EVERY_SERVICE) == 0
    assert await bodies(road) == [False, True, True]
    await age(road, 2)
    assert await prune(writer_of(road), OF_EVERY_SERVICE) == 2
    assert await bodies(road) == [False, False, False]


@pytest.mark.parametrize(("state", "kept"), [("resolved", b""), ("dropped", b""), ("dead", b"x"), ("failing", b"x")])
async def test_the_body_of_a_dead_letter_goes_when_a_person_has_dealt_with_it(
    road: Road, state: str, kept: bytes
) -> None:
    async with road.sender.transaction() as session:
        values = {"state": state, "long": period("closed_letters", DAY) + timedelta(minutes=1)}
        await session.execute(
            text("""
                insert into dead_letter (id, stream_seq, subject, headers, body, cause, attempts, state, last_at)
                values (gen_random_uuid(), 1, 'ev', '{}', 'x', 'ValueError', 1, :state, now() - cast(:long as interval))
            """),
            values,
        )
    await prune(writer_of(road), OF_EVERY_SERVICE)
    (row,) = await road.rows(road.sender, "select body from dead_letter")
    assert row.body == kept


def test_a_period_is_that_of_the_day() -> None:
    assert period("sent_bodies", DAY) == timedelta(days=30)
    with pytest.raises(LookupError):
        period("sent_bodies", date(2020, 1, 1))
