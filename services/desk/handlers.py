"""Events as hints: that something of a path has changed, never what. No ledger: one that is lost is made up for by the
next, by the keeper's new consumer (`services/desk/rebuild.py`) or by the day's rebuild."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import nats.errors
from faststream.nats import NatsBroker
from nats.aio.msg import Msg
from pydantic_core import from_json

from contracts.subjects import DESK, stream_name
from services.desk import marks
from services.desk.marks import Hint
from services.kit.database import Database
from services.kit.loops import end_if_told, for_ever

AT_ONCE = 100
"""As many as the consumer hands out before it wants an answer (`contracts.subjects.ConsumerSpec`)."""

_PULL_SECONDS = 5.0

_PAUSE_SECONDS = 0.1
"""After a batch: writing down one event costs as much as a hundred."""

_SIDES = ("agency", "sender", "receiver")


def hints_of(subject: str, body: bytes, homes: Collection[str]) -> Iterator[Hint]:
    """What an event hints at for the institutions that are at home here; nothing when it cannot be read.

    It is for the services to complain of such a one; here it only costs a question that nobody needed.
    """
    family, name = subject.split(".")[3:5]
    try:
        told: dict[str, Any] = from_json(body)
        path_id, version = UUID(str(told["path_id"])), int(told["version"])
        about = UUID(str(told[_about(family, name)]))
        concerned = [slug for side in _sides(name) if isinstance(slug := told.get(side), str)]
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return
    if name == "referral_requested":
        version += 1  # the receiver's answer to it is a version of its own
    for slug in concerned:
        if slug in homes and 0 < version < 1 << 31:
            yield Hint(slug, path_id, about, version)


def _sides(name: str) -> tuple[str, ...]:
    """Who has an item that the event is about: a notice is the addressee's alone."""
    return ("receiver",) if name == "notice_given" else _SIDES


def _about(family: str, name: str) -> str:
    if family == "path":
        return "path_id"
    return "notice_id" if name == "notice_given" else "referral_id"


async def run(node: str, broker: NatsBroker, database: Database, homes: Collection[str]) -> None:
    """Turn events into marks for ever."""
    await for_ever("desk_hints", partial(_read, node, broker, database, frozenset(homes)))


async def _read(node: str, broker: NatsBroker, database: Database, homes: Collection[str]) -> None:
    """Until the connection to the consumer breaks. What was taken and not acknowledged comes again."""
    consumer = await broker.connection.jetstream().pull_subscribe_bind(durable=DESK, stream=stream_name(node))
    try:
        while True:
            try:
                batch = await consumer.fetch(AT_ONCE, timeout=_PULL_SECONDS)
            except TimeoutError:
                end_if_told()
                continue
            try:
                await _keep(database, batch, homes)
            except Exception:
                await _give_back(batch)
                raise
            await asyncio.gather(*(message.ack() for message in batch))
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        await consumer.unsubscribe()


async def _give_back(batch: Sequence[Msg]) -> None:
    """Have them again soon; where even that fails, they come again when the broker has waited long enough."""
    with suppress(nats.errors.Error, OSError):
        for message in batch:
            await message.nak()


async def _keep(database: Database, batch: Sequence[Msg], homes: Collection[str]) -> None:
    hints = [hint for message in batch for hint in hints_of(message.subject, message.data, homes)]
    if hints:
        async with database.transaction() as session:
            await marks.put(session, hints)
