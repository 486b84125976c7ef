"""Everything of an institution asked for anew: when its consumer is not the one that was followed, and once a day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from faststream.nats import NatsBroker
from nats.js.errors import NotFoundError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select

from contracts.subjects import DESK, stream_name
from contracts.work import WorkPage
from services.desk import store
from services.desk.api import Refused, Unreachable
from services.desk.models import Rebuilt
from services.desk.reading import Reading
from services.kit.clock import Clock
from services.kit.loops import for_ever

log = structlog.get_logger()

LOOK_SECONDS = 15.0

AGAIN = timedelta(days=1)
"""What no event tells, and what an event that was lost told, is in the list after this at the latest."""

Progress = Callable[[int], None]
"""Told how many items were read so far."""


async def rebuild(reading: Reading, clock: Clock, agency: str, told: Progress = lambda _: None) -> int:
    """Ask for all items of an institution; how many there are. Raises Refused, Unreachable."""
    async with reading.database.transaction() as session:
        asked_at = await clock.now(session)
    present: set[UUID] = set()
    cursor: str | None = None
    while True:
        page = await reading.calls(agency).get("/work-items", WorkPage, cursor=cursor)
        async with reading.database.transaction(agency) as session:
            if await store.store(session, agency, page.items):
                await store.tell(session, agency)
        present |= {item.id for item in page.items}
        told(len(present))
        cursor = page.next
        if cursor is None:
            break
    async with reading.database.transaction(agency) as session:
        if await store.drop_all_but(session, agency, present, asked_at):
            await store.tell(session, agency)
    return len(present)


async def run(reading: Reading, clock: Clock, broker: NatsBroker) -> None:
    """Rebuild whatever needs it, for ever."""
    step = partial(look, reading, clock, broker)
    await for_ever("desk_rebuild", step, LOOK_SECONDS, outages=(Refused, Unreachable))


async def look(reading: Reading, clock: Clock, broker: NatsBroker) -> None:
    """Rebuild what was never read, what an earlier consumer followed, and what was read a day ago.

    One institution that cannot be asked does not keep the others waiting. Raises its Refused or Unreachable at the end.
    """
    try:
        made = await consumer_made(reading.node, broker)
    except NotFoundError:
        return  # the keeper makes it again
    async with reading.database.transaction() as session:
        known = {row.agency: row for row in (await session.exec(select(Rebuilt))).all()}
        now = await clock.now(session)
    failed: Refused | Unreachable | None = None
    for agency in reading.agencies:
        row = known.get(agency)
        if row is None or row.consumer_made != made or row.at < now - AGAIN:
            try:
                items = await rebuild(reading, clock, agency)
            except (Refused, Unreachable) as error:
                log.warning("desk_rebuild_failed", cause=type(error).__name__, agency=agency)
                failed = error
                continue
            await _note(reading, agency, made, now)
            log.info("desk_rebuilt", agency=agency, items=items)
    if failed is not None:
        raise failed


async def _note(reading: Reading, agency: str, made: datetime, at: datetime) -> None:
    done = insert(Rebuilt).values(agency=agency, consumer_made=made, at=at)
    kept = {"consumer_made": done.excluded.consumer_made, "at": done.excluded.at}
    async with reading.database.transaction() as session:
        await session.execute(done.on_conflict_do_update(index_elements=["agency"], set_=kept))


async def consumer_made(node: str, broker: NatsBroker) -> datetime:
    """When the consumer was made that the desk follows. Raises NotFoundError, and what nats-py raises."""
    info = await broker.connection.jetstream().consumer_info(stream_name(node), DESK)
    made: datetime = info.created
    return made
