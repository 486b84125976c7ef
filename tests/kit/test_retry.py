"""What becomes of a message whose handler fails: again, for ever, or a dead letter a person sees."""

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Row
from sqlalchemy.exc import OperationalError

from contracts.events import Event
from contracts.subjects import stream_name
from services.kit.dead_letters import DeadLetters, Message
from services.kit.retry import ATTEMPTS
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import TARGET, Road
from tests.nodes import eventually

MANY = 30
GOOD = submitted()
HEADERS = envelope(GOOD).headers()


async def letter(road: Road) -> Row[Any]:
    """The one dead letter, once the reader has dealt with everything."""
    async with road.reading():
        await road.finished()
    (found,) = await road.dead()
    return found


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in HEADERS.items() if name not in names}


@pytest.mark.parametrize(
    ("headers", "content", "cause"),
    [
        pytest.param(HEADERS, b"{", "ValidationError", id="malformed JSON"),
        pytest.param(HEADERS, b"", "ValidationError", id="nothing"),
        pytest.param(HEADERS, b"\xff\xfe\x00", "ValidationError", id="no UTF-8"),
        pytest.param(HEADERS, b"[]", "ValidationError", id="a list"),
        pytest.param(HEADERS, b"{}", "ValidationError", id="no field"),
        pytest.param(
            HEADERS,
            json.dumps(GOOD.model_dump(mode="json") | {"at": "soon"}).encode(),
            "ValidationError",
            id="no instant",
        ),
        pytest.param(None, body(GOOD), "MalformedEnvelope", id="no header"),
        *(
            pytest.param(without(name), body(GOOD), "MalformedEnvelope", id=f"no {name}")
            for name in ("ce-id", "ce-type", "ce-source", "ce-subject", "ce-time", "ce-version", "ce-correlationid")
        ),
        pytest.param(HEADERS | {"ce-id": "7"}, body(GOOD), "MalformedEnvelope", id="an id that is none"),
        pytest.param(HEADERS | {"ce-version": str(2**31)}, body(GOOD), "MalformedEnvelope", id="no database's version"),
        pytest.param(HEADERS | {"ce-source": "pup-myszkow"}, body(GOOD), "Forged", id="forged source"),
    ],
)
async def test_a_message_that_no_repetition_would_mend_is_a_dead_letter_at_once(
    road: Road, headers: dict[str, str] | None, content: bytes, cause: str
) -> None:
    await road.put(headers, content)
    found = await letter(road)
    assert (found.cause, found.attempts, found.body) == (cause, 1, content)
    assert (headers or {}).items() <= found.headers.items()
    assert await road.applied() == []


async def test_a_header_that_the_database_cannot_hold_does_not_keep_a_message_from_the_worklist(road: Road) -> None:
    await road.put(HEADERS | {"odd": "a\0b"}, b"{")
    found = await letter(road)
    assert (found.attempts, found.headers["odd"]) == (1, "a\ufffdb")


async def test_the_same_id_with_another_body_is_a_dead_letter_at_once(road: Road) -> None:
    other = submitted()
    await road.put(HEADERS, body(GOOD))
    await road.put(HEADERS | {"Nats-Msg-Id": str(uuid4())}, body(other))
    found = await letter(road)
    assert (found.cause, found.attempts, found.body) == ("DifferentBody", 1, body(other))
    assert [str(identity) for identity in await road.applied()] == [HEADERS["ce-id"]]


async def test_a_dead_letter_does_not_hold_up_the_messages_after_it(road: Road) -> None:
    await road.put(HEADERS, b"{")
    event = submitted()
    stamp = envelope(event)
    await road.put(stamp.headers(), body(event))
    await letter(road)
    assert await road.applied() == [stamp.id]


async def test_an_ordinary_error_is_tried_eight_times_and_then_a_dead_letter_that_is_not_delivered_again(
    road: Road,
) -> None:
    async def trouble(event: Event, runs: int) -> None:
        raise LookupError

    road.effects.trouble = trouble
    await road.put(HEADERS, body(GOOD))
    found = await letter(road)
    assert (found.cause, found.attempts, found.body) == ("LookupError", ATTEMPTS, body(GOOD))
    assert road.effects.runs == ATTEMPTS == 8
    assert await road.applied() == []
    assert [(row.state, row.body) for row in await road.entered()] == [("dead", body(GOOD))]
    assert await road.unfinished() == 0


async def test_each_repetition_waits_as_long_as_the_table_says_and_the_last_delay_repeats(road: Road) -> None:
    times: list[float] = []

    async def trouble(event: Event, runs: int) -> None:
        times.append(asyncio.get_running_loop().time())
        if runs < 4:
            raise OSError

    road.effects.trouble = trouble
    await road.put(HEADERS, body(GOOD))
    async with road.reading((0.1, 0.3)):
        await road.finished()
    waited = [after - before for before, after in pairwise(times)]
    assert [pause >= least for pause, least in zip(waited, (0.1, 0.3, 0.3), strict=True)] == [True] * 3


async def test_an_event_of_an_unknown_type_is_kept_for_a_newer_program_and_is_no_dead_letter(road: Road) -> None:
    await road.put(HEADERS | {"ce-type": "pl.sciezka.intake.new.v9"}, body(GOOD))
    async with road.reading():
        await road.finished()
    assert [(row.state, row.body) for row in await road.entered()] == [("unknown", body(GOOD))]
    assert await road.rows(road.receiver, "select * from dead_letter") == []


async def test_an_error_that_passes_leaves_a_resolved_letter_and_one_effect(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        if runs < ATTEMPTS:
            raise LookupError

    road.effects.trouble = trouble
    await road.put(HEADERS, body(GOOD))
    async with road.reading():
        await road.finished()
    (found,) = await road.rows(road.receiver, "select * from dead_letter")
    assert (found.state, found.attempts) == ("resolved", ATTEMPTS - 1)
    assert len(await road.applied()) == 1


async def dead_but_not_ended(road: Road, cause: str) -> None:
    """The first reader counts the message as dead and is gone before it can tell the broker."""
    await road.shorten_ack_wait()
    async with road.client(TARGET) as client:
        consumer = await client.jetstream().pull_subscribe_bind("referral", stream_name(TARGET))
        (raw,) = await consumer.fetch(1)
        message = Message(raw.metadata.sequence.stream, raw.subject, raw.headers or {}, raw.data)
        assert await DeadLetters(road.receiver).count_failure(message, cause=cause, final=1)


async def test_a_dead_letter_that_the_broker_delivers_once_more_stays_one_and_has_no_effect(road: Road) -> None:
    await road.put(HEADERS, body(GOOD))
    await dead_but_not_ended(road, "LookupError")
    found = await letter(road)
    assert (found.state, found.cause) == ("dead", "LookupError")
    assert await road.applied() == []


async def test_a_dropped_letter_that_the_broker_delivers_once_more_stays_dropped(road: Road) -> None:
    await road.put(HEADERS, b"{")
    await dead_but_not_ended(road, "ValidationError")
    await road.execute(road.receiver, "update dead_letter set state = 'dropped'")
    async with road.reading():
        await road.finished()
    (found,) = await road.rows(road.receiver, "select * from dead_letter")
    assert (found.state, found.attempts) == ("dropped", 2)


@pytest.mark.parametrize(
    "down",
    [
        pytest.param(lambda: ConnectionRefusedError(), id="network"),
        pytest.param(lambda: OperationalError("select 1", {}, Exception()), id="database"),
    ],
)
async def test_a_dependency_that_is_down_never_makes_a_dead_letter(road: Road, down: Callable[[], Exception]) -> None:
    async def trouble(event: Event, runs: int) -> None:
        if runs <= MANY:
            raise down()

    road.effects.trouble = trouble
    await road.put(HEADERS, body(GOOD))
    async with road.reading():
        await eventually(road.applied)
        await road.finished()
    assert road.effects.runs == MANY + 1
    assert [str(identity) for identity in await road.applied()] == [HEADERS["ce-id"]]
    assert await road.rows(road.receiver, "select * from dead_letter") == []


async def test_a_dead_letter_of_a_stream_made_anew_does_not_hide_an_older_one(road: Road) -> None:
    """Places in a stream start again at 1 when it was lost and laid again."""
    await road.put(HEADERS, b"{")
    await letter(road)
    await road.lay()
    await road.put(HEADERS, b"[")
    async with road.reading():
        await road.finished()
    assert {row.body for row in await road.dead()} == {b"{", b"["}
