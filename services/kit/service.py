"""A service at a node: what its commands, handlers and queries stand on, put together once."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import Event
from services.kit.clock import Clock
from services.kit.database import Database
from services.kit.outbox import Outbox


@dataclass(frozen=True)
class Service:
    """One service of one node."""

    name: str
    node: str
    directory: Directory
    database: Database
    clock: Clock

    async def publish(
        self,
        session: AsyncSession,
        event: Event,
        *,
        source: str,
        targets: Iterable[str],
        cause: Envelope | None = None,
        event_id: UUID | None = None,
    ) -> UUID:
        """See `Outbox.publish`."""
        outbox = Outbox(self.node, self.name)
        return await outbox.publish(session, event, source=source, targets=targets, cause=cause, event_id=event_id)
