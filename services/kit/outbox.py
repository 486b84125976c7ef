"""The sending half of an event: a row in the same transaction as the change it tells of."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.envelope import Envelope
from contracts.events import Event
from contracts.subjects import PATH_NODE, subject
from services.kit.database import notify
from services.kit.plumbing import OutboxRow


def outbox_channel(service: str) -> str:
    """The NOTIFY channel on which a service wakes its relay."""
    return f"{service}_outbox"


@dataclass(frozen=True)
class Outbox:
    """Writes events of one service of one node."""

    node: str
    service: str

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
        """Write `event` of institution `source` for each node in `targets`; it leaves once the transaction commits.

        The copy for the path node holds nothing sealed. With an `event_id` of the caller's own, derived from what the
        event tells, a second publication of the same is silently the first. Returns the event's id.
        """
        identity = event_id or UUID(int=uuid7().int)
        envelope = Envelope(
            id=identity,
            type=event.type(),
            source=source,
            subject=event.path_id,
            time=event.at,
            version=event.version,
            correlation_id=cause.correlation_id if cause else identity,
            causation_id=cause.id if cause else None,
        )
        rows = [
            {
                "id": identity,
                "target": target,
                "subject": subject(event, source=self.node, target=target),
                "headers": envelope.headers(),
                "body": (event.without_seal() if target == PATH_NODE else event).model_dump_json().encode(),
            }
            for target in dict.fromkeys(targets)
        ]
        await session.execute(insert(OutboxRow).values(rows).on_conflict_do_nothing())
        await notify(session, outbox_channel(self.service))
        return identity
