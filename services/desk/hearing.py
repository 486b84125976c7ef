"""What the node's own services have just changed, as they say while they commit: their events go to other nodes only,
and come back as the path's when the road is open. What is said while nobody hears it is made up for by those."""

import asyncio
from collections.abc import Collection
from uuid import UUID

from services.desk import marks
from services.desk.marks import Hint, anything
from services.kit.database import Database
from services.kit.loops import for_ever

_GATHER_SECONDS = 0.2
"""What is said close together is written down together, and often with the path's own event about the same."""


class Hearing:
    """Of all institutions that are at home on a node."""

    def __init__(self, database: Database, homes: Collection[str]) -> None:
        self._database = database
        self._homes = frozenset(homes)
        self._said: set[Hint] = set()
        self._something = asyncio.Event()

    def heard(self, said: str) -> None:
        """An institution and a path of which something has changed."""
        agency, _, path_id = said.partition(" ")
        if agency in self._homes:
            self._said.add(anything(agency, UUID(path_id)))
            self._something.set()

    async def run(self) -> None:
        """Turn what was heard into marks for ever."""
        await for_ever("desk_hearing", self._keep)

    async def _keep(self) -> None:
        await self._something.wait()
        await asyncio.sleep(_GATHER_SECONDS)
        said, self._said = self._said, set()
        self._something.clear()
        try:
            async with self._database.transaction() as session:
                await marks.put(session, list(said))
        except Exception:
            self._said |= said
            self._something.set()
            raise
