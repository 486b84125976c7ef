"""How the node stands to the others: read from the tables of its services, and asked of the broker."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlalchemy import text

from contracts.connections import Connections, Unanswered
from contracts.subjects import PATH_NODE
from services.kit.clock import Clock
from services.kit.database import Database

# An event that is sent again has been at its reader's node once, or been lost; the link tells of it, not this.
_UNSENT = text("select min(created_at) from outbox where sent_at is null and replays = 0")
_UNANSWERED = text("""
    select link_head.target as node, first.sent_at as since
    from link_head left join link_receipt on link_receipt.target = link_head.target
    join outbox as first on first.target = link_head.target and first.linkseq = coalesce(link_receipt.seq, 0) + 1
    where link_head.target <> :path and first.sent_at is not null
""")
_PATHS = text("select as_of from freshness")


class ConnectionsDesk:
    """What the edge offers about connections. `answers`: whether the broker does."""

    def __init__(self, databases: Mapping[str, Database], clock: Clock, answers: Callable[[], Awaitable[bool]]) -> None:
        self._databases = databases
        self._clock = clock
        self._answers = answers

    async def show(self) -> Connections:
        """The facts of now."""
        unsent: list[datetime] = []
        unanswered: dict[str, datetime] = {}
        paths: datetime | None = None
        for service, database in self._databases.items():
            async with database.transaction() as session:
                now = await self._clock.now(session)
                oldest = (await session.execute(_UNSENT)).scalar_one()
                unsent += [] if oldest is None else [oldest]
                for row in (await session.execute(_UNANSWERED, {"path": PATH_NODE})).all():
                    unanswered[row.node] = min(row.since, unanswered.get(row.node, row.since))
                if service == "paths":
                    paths = (await session.execute(_PATHS)).scalar_one_or_none()
        return Connections(
            as_of=now,
            road=await self._answers(),
            unsent_since=min(unsent, default=None),
            unanswered=tuple(Unanswered(node=node, since=since) for node, since in sorted(unanswered.items())),
            paths_as_of=paths,
        )
