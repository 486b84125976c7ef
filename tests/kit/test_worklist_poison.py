"""Poison at the head of one client's queue: only this client waits, and the queue follows once somebody decides."""

import json
from uuid import uuid4

from contracts.events import Event
from services.kit.letters import Place, item
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import TARGET, Road
from tests.kit.worklists import Poison, decided, failing, poisoned, the_letter, versions, working
from tests.nodes import eventually


async def test_poison_at_the_head_of_one_clients_queue_blocks_this_client_only_and_the_list_tells_so(
    road: Road,
) -> None:
    async with working(road):
        poison = await poisoned(road)
    assert await versions(road, poison.referral_id) == [1]
    assert len(await road.applied()) == 1 + 5
    told = item(await the_letter(road), Place(TARGET, "referral"), "pl")
    assert (told.referral_id, told.version, told.cause, told.attempts) == (poison.referral_id, 2, "trouble", 8)
    parked = [row for row in await road.entered() if row.state == "parked"]
    assert (told.behind.count, told.behind.since) == (3, min(row.received_at for row in parked))


async def test_others_flow_while_the_poison_is_still_being_tried(road: Road) -> None:
    poison = Poison(uuid4(), 1)
    road.effects.trouble = poison
    bad, good = submitted(1, poison.referral_id), submitted()
    await road.put(envelope(bad).headers(), body(bad))
    async with road.reading((60.0,)):
        await eventually(lambda: failing(road))
        await road.put(envelope(good).headers(), body(good))
        await eventually(road.applied, within=5)
    assert await versions(road, good.aggregate_id) == [1]


async def test_once_the_cause_is_mended_a_retry_lets_the_whole_queue_follow_in_order(road: Road) -> None:
    async with working(road):
        poison = await poisoned(road)
        poison.mended = True
        found = await decided(road, "retry")
    assert (found.letter.state, found.letter.wish, found.letter.decided_by) == ("resolved", None, "cis.kierownik")
    assert found.letter.closed_at is not None
    assert await versions(road, poison.referral_id) == [1, 2, 3, 4, 5]
    assert {row.state for row in await road.entered()} == {"applied"}


async def test_a_retry_that_fails_again_leaves_a_dead_letter_with_its_newest_cause_and_nothing_else(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        if event.aggregate_id == poison.referral_id:
            raise KeyError

    async with working(road):
        poison = await poisoned(road)
        road.effects.trouble = trouble
        found = await decided(road, "retry")
    assert (found.letter.state, found.letter.wish, found.letter.cause) == ("dead", None, "KeyError")
    assert found.letter.attempts == 8 + 1
    assert await versions(road, poison.referral_id) == [1]


async def test_a_dropped_event_is_passed_over_with_reason_and_name_and_the_rest_follows_in_order(road: Road) -> None:
    async with working(road):
        poison = await poisoned(road)
        found = await decided(road, "drop", "Zdarzenie testowe")
    row = found.letter
    assert (row.state, row.reason, row.decided_by) == ("dropped", "Zdarzenie testowe", "cis.kierownik")
    assert (found.count, found.since) == (0, None)
    assert await versions(road, poison.referral_id) == [1, 3, 4, 5]
    (dropped,) = [entry for entry in await road.entered() if entry.state != "applied"]
    assert (dropped.version, dropped.state, dropped.body) == (2, "dropped", None)


async def test_a_body_that_keeps_no_contract_can_be_dropped_and_what_waits_behind_it_follows(road: Road) -> None:
    referral_id = uuid4()
    first, second, third = (submitted(version, referral_id) for version in (1, 2, 3))
    wrong = second.model_dump(mode="json") | {"urgency": "very"}
    async with working(road):
        await road.put(envelope(first).headers(), body(first))
        await road.put(envelope(second).headers(), json.dumps(wrong).encode())
        await road.put(envelope(third).headers(), body(third))
        await road.finished()
        assert (await the_letter(road)).count == 1
        await decided(road, "drop", "Nadawca wysłał poprawne")
    assert await versions(road, referral_id) == [1, 3]
