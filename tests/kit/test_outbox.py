"""The outbox: an event and the change it tells of are one transaction."""

import json
from uuid import uuid4

import pytest

from contracts.envelope import Envelope
from services.kit.outbox import Letter, Outbox
from tests.kit.examples import SEAL, requested, submitted
from tests.kit.road import PATH, SOURCE, TARGET, Road


class ChangedOfMind(Exception):
    """Why a transaction is rolled back."""


async def test_an_event_of_a_transaction_that_rolls_back_never_leaves(road: Road) -> None:
    async def publish_and_think_again() -> None:
        async with road.sender.transaction() as session:
            await Outbox(SOURCE, "intake").publish(session, submitted(), source="ops-poraj", targets=(TARGET,))
            raise ChangedOfMind

    with pytest.raises(ChangedOfMind):
        await publish_and_think_again()
    assert await road.drain() == 0
    assert await road.outbox() == []
    assert (await road.stream()).state.messages == 0


async def test_an_event_of_a_committed_transaction_leaves(road: Road) -> None:
    identity = await road.publish(submitted())
    assert await road.drain() == 1
    (message,) = await road.messages()
    assert message.headers is not None
    assert message.headers["ce-id"] == str(identity)


async def test_an_event_goes_once_to_each_of_its_targets(road: Road) -> None:
    await road.publish(submitted(), targets=(TARGET, PATH, TARGET))
    assert [row.target for row in await road.outbox()] == [TARGET, PATH]


async def test_the_same_letter_posted_twice_is_one_row(road: Road) -> None:
    letter = Letter(submitted(), source="ops-poraj", target=TARGET, id=uuid4())
    for _ in range(2):
        async with road.sender.transaction() as session:
            await Outbox(SOURCE, "intake").post(session, [letter])
    assert [row.id for row in await road.outbox()] == [letter.id]


async def test_events_published_without_an_id_of_their_own_are_two(road: Road) -> None:
    event = submitted()
    assert await road.publish(event) != await road.publish(event)
    assert len(await road.outbox()) == 2


async def test_the_copy_for_the_path_node_holds_nothing_sealed(road: Road) -> None:
    await road.publish(submitted(), targets=(TARGET, PATH))
    bodies = {row.target: json.loads(row.body) for row in await road.outbox()}
    assert bodies[TARGET]["sealed"] == SEAL
    assert bodies[PATH] == bodies[TARGET] | {"sealed": None}


async def test_an_event_names_the_event_that_caused_it(road: Road) -> None:
    await road.publish(submitted())
    (first,) = await road.outbox()
    cause = Envelope.parse(first.headers)
    async with road.sender.transaction() as session:
        await Outbox(SOURCE, "intake").publish(session, requested(), source="ops-poraj", targets=(TARGET,), cause=cause)
    second = Envelope.parse((await road.outbox())[1].headers)
    assert (second.causation_id, second.correlation_id) == (cause.id, cause.correlation_id)
