"""The institution concerned is told of its letters."""

import json
from typing import Any
from uuid import UUID

from services.kit.dead_letters import DeadLetters, Message
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import Road
from tests.kit.worklists import (
    noted,
    poisoned,
    the_letter,
    worklist,
)


async def told(road: Road) -> list[dict[str, Any]]:
    """The letters that the reader has written of its own."""
    rows = await road.rows(road.receiver, "select subject, headers, body from outbox order by pos")
    return [{"subject": row.subject, "source": row.headers["ce-source"], **json.loads(row.body)} for row in rows]


async def test_the_institution_concerned_is_told_once_that_a_letter_was_opened_and_once_that_it_was_closed(
    road: Road,
) -> None:
    async with road.reading():
        poison = await poisoned(road)
    work = worklist(road)
    await work.work()
    await work.work()
    (opened,) = await told(road)
    expected = {"agency": "cis-poraj", "source": "cis-poraj", "cause": "trouble", "service": "referral", "version": 1}
    assert expected.items() <= opened.items()
    assert (opened["subject"], opened["referral_id"]) == ("ev.cis.cis.road.dead_letter_opened", str(poison.referral_id))
    await noted(road, UUID(opened["letter_id"]), "drop")
    await work.work()
    await work.work()
    _, ended_ = await told(road)
    assert {"outcome": "dropped", "letter_id": opened["letter_id"], "version": 2}.items() <= ended_.items()
    assert "zbyt stare" not in json.dumps(ended_)


async def test_of_a_letter_about_a_letter_nobody_is_told(road: Road) -> None:
    event = submitted()
    message = Message(1, "ev.cis.cis.road.dead_letter_opened", envelope(event).headers(), body(event))
    await DeadLetters(road.receiver).count_failure(message, cause="LookupError", final=1)
    await worklist(road).work()
    assert await told(road) == []
    assert (await the_letter(road)).letter.agency == "cis-poraj"
