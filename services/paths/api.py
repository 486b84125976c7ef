"""Paths and notices at the public interface."""

from datetime import date, datetime
from uuid import UUID

from contracts.api import DuePage, NotificationPage, Path
from contracts.rulebook import Rulebook
from rules.calendar import local_day
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.database import Database
from services.paths import queries
from services.paths.rulebook import rulebook


class PathsDesk:
    """What the edge offers about paths."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def path(self, caller: Caller, path_id: UUID) -> Path | None:
        async with self._database.transaction(caller.agency, snapshot=True) as session:
            return await queries.path(session, path_id, caller.language)

    async def deadlines(
        self, caller: Caller, *, due_before: datetime | None, moved: bool, cursor: str | None
    ) -> DuePage:
        async with self._database.transaction(caller.agency) as session:
            return await queries.deadlines(session, caller.language, due_before=due_before, moved=moved, cursor=cursor)

    async def rules(self, caller: Caller, day: date | None) -> Rulebook:
        """As of today, or of another day."""
        async with self._database.transaction(caller.agency) as session:
            wanted = day or local_day(await self._clock.now(session))
            return await rulebook(session, caller.agency, wanted)

    async def notifications(self, caller: Caller, cursor: str | None) -> NotificationPage:
        async with self._database.transaction(caller.agency) as session:
            return await queries.notifications(session, cursor, caller.language)
