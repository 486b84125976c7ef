"""The version gate: versions of an aggregate are applied in their order, each once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.envelope import Envelope
from contracts.events import Event, ReferralSubmitted
from services.kit.gate import known_version, set_known_version
from tests.kit.examples import body, envelope, requested, submitted
from tests.kit.overlap import overlap
from tests.kit.road import Road
from tests.nodes import eventually

VERSIONS = range(1, 7)

Sent = tuple[ReferralSubmitted, Envelope]


def story(referral_id: UUID, versions: Sequence[int] = VERSIONS) -> list[Sent]:
    """One event per version of a referral."""
    events = [submitted(version, referral_id) for version in versions]
    return [(event, envelope(event)) for event in events]


async def applied_versions(road: Road, referral_id: UUID) -> list[int]:
    rows = await road.rows(
        road.receiver, f"select version from effect where aggregate_id = '{referral_id}' order by pos"
    )
    return [row.version for row in rows]


async def states(road: Road, referral_id: UUID) -> dict[int, str]:
    rows = await road.rows(road.receiver, f"select version, state from inbox where aggregate_id = '{referral_id}'")
    return {row.version: row.state for row in rows}


async def test_an_event_ahead_of_its_turn_is_parked_with_its_body_and_has_no_effect_yet(road: Road) -> None:
    referral_id = uuid4()
    (event, stamp) = story(referral_id)[2]
    await road.take(event, stamp)
    (row,) = await road.entered()
    assert (row.state, row.body, Envelope.parse(row.headers)) == ("parked", body(event), stamp)
    assert await road.applied() == []


async def test_parked_events_follow_in_order_when_the_gap_closes(road: Road) -> None:
    referral_id = uuid4()
    events = story(referral_id)
    for event, stamp in (events[5], events[3], events[2], events[0]):
        await road.take(event, stamp)
    assert await applied_versions(road, referral_id) == [1]
    await road.take(*events[1])
    assert await applied_versions(road, referral_id) == [1, 2, 3, 4]
    await road.take(*events[4])
    assert await applied_versions(road, referral_id) == list(VERSIONS)
    assert {(row.state, row.body, row.headers) for row in await road.entered()} == {("applied", None, None)}


async def test_a_parked_event_is_acknowledged_and_followed_up_by_the_event_that_closes_the_gap(road: Road) -> None:
    referral_id = uuid4()
    first, second = story(referral_id, (1, 2))
    await road.put(second[1].headers(), body(second[0]))
    async with road.reading():
        await road.finished()
        assert await states(road, referral_id) == {2: "parked"}
        await road.put(first[1].headers(), body(first[0]))
        await road.finished()
    assert await applied_versions(road, referral_id) == [1, 2]


async def test_an_event_behind_what_is_known_is_ignored(road: Road) -> None:
    referral_id = uuid4()
    async with road.receiver.transaction() as session:
        await set_known_version(session, referral_id, 3)
    for event, stamp in story(referral_id, (2, 3, 4)):
        await road.take(event, stamp)
    assert await states(road, referral_id) == {2: "ignored", 3: "ignored", 4: "applied"}
    assert await applied_versions(road, referral_id) == [4]


async def test_another_event_of_a_version_already_applied_is_ignored(road: Road) -> None:
    event, stamp = story(uuid4())[0]
    await road.take(event, stamp)
    await road.take(event, replace(stamp, id=uuid4()))
    assert await road.applied() == [stamp.id]


@pytest.mark.parametrize("version", [1, 5])
async def test_a_request_bypasses_the_gate_whatever_version_it_saw(road: Road, version: int) -> None:
    referral_id = uuid4()
    async with road.receiver.transaction() as session:
        await set_known_version(session, referral_id, 2)
    event = requested(version, referral_id)
    await road.take(event, envelope(event))
    assert await applied_versions(road, referral_id) == [version]
    (row,) = await road.rows(road.receiver, "select version from known_version")
    assert row.version == 2


async def test_a_gap_in_one_aggregate_does_not_hold_up_another(road: Road) -> None:
    held, free = uuid4(), uuid4()
    await road.take(*story(held)[1])
    await road.take(*story(free)[0])
    assert (await applied_versions(road, held), await applied_versions(road, free)) == ([], [1])


async def test_a_parked_event_that_fails_becomes_a_dead_letter_and_the_ones_before_it_stay_applied(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        if event.version == 3:
            raise LookupError

    referral_id = uuid4()
    events = story(referral_id, (1, 2, 3))
    for event, stamp in reversed(events[1:]):
        await road.take(event, stamp)
    road.effects.trouble = trouble
    await road.take(*events[0])
    assert await applied_versions(road, referral_id) == [1, 2]
    assert await states(road, referral_id) == {1: "applied", 2: "applied", 3: "dead"}
    (letter,) = await road.dead()
    assert (letter.cause, letter.headers["ce-id"]) == ("LookupError", str(events[2][1].id))


async def test_a_parked_event_that_fails_does_not_keep_back_another_of_its_version(road: Road) -> None:
    """Any node may send an event ahead of its time, and only its effect finds out that it may not."""
    referral_id = uuid4()
    first, second = story(referral_id, (1, 2))
    wrong = second[0].model_copy(update={"urgency": "urgent"})

    async def trouble(event: Event, runs: int) -> None:
        if event == wrong:
            raise LookupError

    road.effects.trouble = trouble
    await road.take(wrong, replace(second[1], id=uuid4()))
    await road.take(*second)
    await road.take(*first)
    assert await applied_versions(road, referral_id) == [1, 2]
    assert [letter.cause for letter in await road.dead()] == ["LookupError"]


async def test_a_dependency_that_is_down_while_a_parked_event_is_applied_takes_back_the_whole_step(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        if event.version == 2:
            raise ConnectionError

    referral_id = uuid4()
    first, second = story(referral_id, (1, 2))
    await road.take(*second)
    road.effects.trouble = trouble
    with pytest.raises(ConnectionError):
        await road.take(*first)
    assert await applied_versions(road, referral_id) == []
    assert await states(road, referral_id) == {2: "parked"}


async def test_versions_that_arrive_at_the_same_moment_are_applied_in_order(road: Road) -> None:
    referral_id = uuid4()
    await asyncio.gather(*(road.take(event, stamp) for event, stamp in reversed(story(referral_id))))
    assert await applied_versions(road, referral_id) == list(VERSIONS)


async def test_who_asks_for_the_known_version_holds_up_the_next_one(road: Road) -> None:
    """An event that is being parked must not be overtaken by the one that would have released it."""
    referral_id = uuid4()
    first, second = story(referral_id, (1, 2))
    await road.take(*first)
    async with road.receiver.transaction() as session:
        assert await known_version(session, referral_id) == 1
        next_one = asyncio.create_task(road.take(*second))
        await eventually(road.blocked)
        assert not next_one.done()
    await next_one
    assert await applied_versions(road, referral_id) == [1, 2]


async def test_a_version_that_arrives_while_the_one_before_is_being_applied_waits_for_it(road: Road) -> None:
    referral_id = uuid4()
    first, second, third = story(referral_id, (1, 2, 3))
    await road.take(*first)
    await overlap(road, second, third)
    assert await applied_versions(road, referral_id) == [1, 2, 3]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(VERSIONS),
    again=st.lists(st.tuples(st.sampled_from(VERSIONS), st.integers(0, 11)), max_size=6),
)
async def test_whatever_the_order_and_the_duplicates_each_version_is_applied_once_in_order(
    road: Road, order: list[int], again: list[tuple[int, int]]
) -> None:
    arrivals = list(order)
    for version, place in again:
        arrivals.insert(place, version)
    referral_id = uuid4()
    events = dict(zip(VERSIONS, story(referral_id), strict=True))
    for version in arrivals:
        await road.take(*events[version])
    assert await applied_versions(road, referral_id) == list(VERSIONS)
    assert set((await states(road, referral_id)).values()) == {"applied"}
