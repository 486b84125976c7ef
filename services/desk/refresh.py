"""The refresher asks for what is marked as changed and keeps the answers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlmodel import select

from contracts.work import AT_ONCE, WorkPage
from services.desk import marks, store
from services.desk.api import Refused, Unreachable
from services.desk.context import Desk
from services.desk.marks import anything
from services.desk.models import Work
from services.desk.reading import PART, Reading
from services.desk.visitors import Visitor
from services.kit.clock import Clock
from services.kit.loops import for_ever
from services.kit.outages import is_down
from services.kit.wake import Bell

log = structlog.get_logger()

GATHER_SECONDS = 0.1
"""After a first sign of change: what comes with it is asked for with it."""

PAUSE_SECONDS = 0.4
"""Between two rounds. A question costs as much for one path as for twenty, so on a busy node it waits for more."""

POLL_SECONDS = 5.0
"""How long a lost notification may go unnoticed."""

OWN_SECONDS = 1.0
"""How long the person who has just done something waits for the list to know it."""


@dataclass(frozen=True)
class Refresher:
    """Of all institutions of a node."""

    reading: Reading
    clock: Clock
    bell: Bell

    async def run(self) -> None:
        """Refresh for ever."""
        await for_ever("desk_refresh", self._round, PAUSE_SECONDS)

    async def _round(self) -> None:
        async with self.reading.database.transaction() as session:
            wait = await marks.next_due(session)
        if wait is None or wait > 0:
            await self.bell.wait(POLL_SECONDS if wait is None else min(wait, POLL_SECONDS))
            await asyncio.sleep(GATHER_SECONDS)
        async with self.reading.database.transaction() as session:
            agencies = await marks.agencies(session)
        for agency in agencies:
            await self._refresh(agency)

    async def _refresh(self, agency: str) -> None:
        """One institution that cannot be asked must not keep the others waiting."""
        async with self.reading.database.transaction() as session:
            paths, now = await marks.due(session, agency, AT_ONCE), await self.clock.now(session)
        if not paths:  # settled meanwhile, by whoever has just done something
            return
        try:
            await refresh(self.reading, self.clock, agency, paths)
        except (Refused, Unreachable) as error:
            log.warning("desk_refresh_failed", cause=type(error).__name__, agency=agency)
            async with self.reading.database.transaction() as session:
                await marks.later(session, agency, paths, now)


async def refresh(reading: Reading, clock: Clock, agency: str, paths: Sequence[UUID]) -> None:
    """Ask for these paths, keep the answer, and settle the marks it satisfies. Raises Refused, Unreachable."""
    async with reading.database.transaction() as session:
        asked_at = await clock.now(session)
    answer = await reading.calls(agency).raw("GET", "/work-items", params={"path": [str(path) for path in paths]})
    page = WorkPage.model_validate_json(answer.content)
    async with reading.database.transaction(agency) as session:
        changed = await store.store(session, agency, page.items)
        gone = await store.drop_gone(session, agency, paths, [item.id for item in page.items], asked_at)
        late = await marks.settle(session, agency, paths, asked_at)
        if changed or gone or late:
            await store.tell(session, agency)


async def catch_up(reading: Reading, clock: Clock, agency: str, path_id: UUID | None) -> bool:
    """After a command of our own: know its outcome before the next page, if that is possible within a second.

    Whether it was; otherwise the path is marked, and lists say that they are behind until it is asked for.
    """
    if path_id is None:
        return True
    try:
        async with asyncio.timeout(OWN_SECONDS):
            await refresh(reading, clock, agency, [path_id])
    except (Refused, Unreachable, TimeoutError) as error:
        log.warning("desk_behind", cause=type(error).__name__)
    except Exception as error:
        if not is_down(error):
            raise
        log.warning("desk_behind", cause=type(error).__name__)
        return False
    else:
        return True
    async with reading.database.transaction() as session:
        await marks.put(session, [anything(agency, path_id)])
    return False


async def learn(desk: Desk, who: Visitor, path_id: UUID | None) -> bool:
    """After a command of this person: have the lists of their institution know what came of it. Raises nothing that a
    person who has done their part should see; whether the lists know."""
    reading: Reading = desk.parts[PART]
    return await catch_up(reading, desk.clock, who.agency.slug, path_id)


async def learn_of(desk: Desk, who: Visitor, item_id: UUID) -> bool:
    """The same for an item whose path only the lists know. One without a path cannot be asked for: after a command of
    this kind nothing waits in it any more, so it leaves the lists."""
    async with desk.database.transaction(who.agency.slug) as session:
        query = select(Work.path_id).where(Work.agency == who.agency.slug, Work.id == item_id)
        found = (await session.exec(query)).all()
        if found == [None]:
            await store.drop(session, who.agency.slug, item_id)
            return True
    return await learn(desk, who, found[0] if found else None)
