"""Links: what was lost on the road shows as a gap, what was changed as a broken chain."""

import asyncio
import random
from dataclasses import replace

import pytest

from contracts.envelope import FIRST_LINK, Envelope, link_hash
from contracts.events import ReferralRequested
from services.kit.links import ChainBroken
from tests.kit.examples import body, envelope, requested, submitted
from tests.kit.overlap import overlap
from tests.kit.road import PATH, SOURCE, TARGET, Road

LENGTH = 8

Sent = tuple[ReferralRequested, Envelope]


def chained(length: int = LENGTH) -> tuple[list[Sent], list[str]]:
    """Events of one link, and the head of the link after each."""
    events: list[Sent] = []
    heads: list[str] = []
    for number in range(1, length + 1):
        event, previous = requested(), heads[-1] if heads else FIRST_LINK
        stamp = envelope(event, link=(number, previous))
        events.append((event, stamp))
        heads.append(link_hash(previous, number, stamp.id, body(event)))
    return events, heads


async def cursors(road: Road) -> dict[tuple[str, str], tuple[int, str]]:
    rows = await road.rows(road.receiver, "select * from link_cursor")
    return {(row.source, row.family): (row.seq, row.hash) for row in rows}


async def test_the_reader_ends_with_the_number_and_the_head_of_the_writer(road: Road) -> None:
    for _ in range(3):
        await road.publish(submitted(), targets=(TARGET, PATH))
    await road.drain()
    async with road.reading():
        await road.finished()
    (head,) = await road.rows(road.sender, f"select seq, hash from link_head where target = '{TARGET}'")
    assert await cursors(road) == {(SOURCE, "intake"): (head.seq, head.hash)}
    assert head.seq == 3


@pytest.mark.parametrize("seed", range(3))
async def test_the_cursor_advances_over_events_that_arrive_out_of_order(road: Road, seed: int) -> None:
    events, heads = chained()
    for event, stamp in random.Random(seed).sample(events, LENGTH):
        await road.take(event, stamp)
    assert await cursors(road) == {(SOURCE, "intake"): (LENGTH, heads[-1])}


async def test_the_cursor_stays_before_a_gap_and_jumps_when_it_closes(road: Road) -> None:
    events, heads = chained(4)
    for event, stamp in (events[0], events[2], events[3]):
        await road.take(event, stamp)
    assert await cursors(road) == {(SOURCE, "intake"): (1, heads[0])}
    await road.take(*events[1])
    assert await cursors(road) == {(SOURCE, "intake"): (4, heads[3])}


async def test_events_that_arrive_at_the_same_moment_move_the_cursor_over_all_of_them(road: Road) -> None:
    events, heads = chained()
    await asyncio.gather(*(road.take(event, stamp) for event, stamp in events))
    assert await cursors(road) == {(SOURCE, "intake"): (LENGTH, heads[-1])}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["the next one", "the one before"])
async def test_an_event_that_arrives_while_another_of_its_link_is_taken_in_waits_for_it(
    road: Road, order: tuple[int, int]
) -> None:
    events, heads = chained(3)
    await road.take(*events[0])
    await overlap(road, *(events[place] for place in order))
    assert await cursors(road) == {(SOURCE, "intake"): (3, heads[2])}


async def test_each_source_has_a_cursor_of_its_own(road: Road) -> None:
    (first, stamp), (second, other) = chained(1)[0][0], chained(1)[0][0]
    await road.take(first, stamp)
    await road.take(second, replace(other, source="pup-myszkow"), source="pup")
    assert {key: seq for key, (seq, _) in (await cursors(road)).items()} == {
        (SOURCE, "intake"): 1,
        ("pup", "intake"): 1,
    }


async def test_an_unnumbered_event_moves_no_cursor(road: Road) -> None:
    event = submitted()
    await road.take(event, envelope(event))
    assert await cursors(road) == {}


async def test_an_event_that_does_not_follow_from_the_one_before_breaks_the_chain(road: Road) -> None:
    events, heads = chained(2)
    await road.take(*events[0])
    event, stamp = events[1]
    with pytest.raises(ChainBroken):
        await road.take(event, replace(stamp, linkprev=FIRST_LINK))
    assert await cursors(road) == {(SOURCE, "intake"): (1, heads[0])}
    assert await road.applied() == [events[0][1].id]


async def test_a_body_changed_after_it_was_written_shows_at_the_next_event(road: Road) -> None:
    events, _ = chained(2)
    (event, stamp), following = events
    await road.take(event.model_copy(update={"reason": "other"}), stamp)
    with pytest.raises(ChainBroken):
        await road.take(*following)


async def test_a_broken_chain_is_a_dead_letter_at_once(road: Road) -> None:
    event = requested()
    stamp = envelope(event, link=(1, "f" * 64))
    await road.put(stamp.headers(), body(event), name=event.name)
    async with road.reading():
        await road.finished()
    (letter,) = await road.dead()
    assert (letter.cause, letter.attempts, letter.body) == ("ChainBroken", 1, body(event))
    assert await road.applied() == []
