"""How many files of one institution arrive, wait and are worked on at once: they take memory, then a turn."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import func
from sqlmodel import col, select

from rules.calendar import local_day
from rules.limits import limit
from services.intake.context import Intake
from services.intake.importing.models import ImportRow
from services.kit.caller import Caller
from services.kit.problems import Problem


class Room:
    """The places for files of each institution of a node."""

    def __init__(self, intake: Intake) -> None:
        self._service = intake.service
        self._arriving: Counter[str] = Counter()

    @asynccontextmanager
    async def for_one(self, caller: Caller) -> AsyncIterator[None]:
        """A place for one more file of the institution, while it arrives. Raises Problem 429 when there is none."""
        self._arriving[caller.agency] += 1
        try:
            arriving = self._arriving[caller.agency]  # counted before those that wait: none is missed in between
            async with self._service.database.transaction(caller.agency) as session:
                most = limit("imports_at_once", local_day(await self._service.clock.now(session)))
                waiting = select(func.count()).select_from(ImportRow).where(col(ImportRow.finished_at).is_(None))
                if arriving + (await session.exec(waiting)).one() > most:
                    raise Problem("too_many_imports", most=most)
            yield
        finally:
            self._arriving[caller.agency] -= 1
