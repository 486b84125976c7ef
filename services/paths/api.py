"""Paths and notices at the public interface."""

from uuid import UUID

from contracts.api import NotificationPage, Path
from services.kit.caller import Caller
from services.kit.database import Database
from services.paths import queries


class PathsDesk:
    """What the edge offers about paths."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def path(self, caller: Caller, path_id: UUID) -> Path | None:
        async with self._database.transaction(caller.agency, snapshot=True) as session:
            return await queries.path(session, path_id, caller.language)

    async def knows(self, agency: str, path_id: UUID) -> bool:
        """Whether this institution takes part in the path."""
        async with self._database.transaction(agency) as session:
            return await queries.path(session, path_id, "pl") is not None

    async def notifications(self, caller: Caller, cursor: str | None) -> NotificationPage:
        async with self._database.transaction(caller.agency) as session:
            return await queries.notifications(session, cursor, caller.language)
