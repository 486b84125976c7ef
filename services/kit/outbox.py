"""The sending half of an event: a row in the same transaction as the change it tells of."""

from collections.abc import Iterable, Sequence
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

_INSERT = insert(OutboxRow).on_conflict_do_nothing()


def outbox_channel(service: str) -> str:
    """The NOTIFY channel on which a service wakes its relay."""
    return f"{service}_outbox"


@dataclass(frozen=True)
class Letter:
    """One event for one node. With an `id` of the writer's own, derived from what the event tells, a second writing of
    the same letter is silently the first."""

    event: Event
    source: str
    target: str
    id: UUID


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
    ) -> UUID:
        """Write `event` of institution `source` for each node in `targets`; returns its id. See `post`."""
        identity = new_id()
        await self.post(session, [Letter(event, source, target, identity) for target in dict.fromkeys(targets)], cause)
        return identity

    async def post(self, session: AsyncSession, letters: Sequence[Letter], cause: Envelope | None = None) -> None:
        """Write these letters in one statement; they leave once the transaction commits."""
        if letters:
            rows = [self._row(letter, cause) for letter in letters]
            await session.execute(_INSERT, rows)
            await notify(session, outbox_channel(self.service))

    def _row(self, letter: Letter, cause: Envelope | None) -> dict[str, object]:
        """The row of a letter. The copy for the path node holds nothing sealed."""
        event = letter.event.without_seal() if letter.target == PATH_NODE else letter.event
        envelope = Envelope(
            id=letter.id,
            type=event.type(),
            source=letter.source,
            subject=event.path_id,
            time=event.at,
            version=event.version,
            correlation_id=cause.correlation_id if cause else letter.id,
            causation_id=cause.id if cause else None,
        )
        return {
            "id": letter.id,
            "target": letter.target,
            "subject": subject(event, source=self.node, target=letter.target),
            "headers": envelope.headers(),
            "body": event.model_dump_json().encode(),
        }


def new_id() -> UUID:
    """The id of an event that happens once: time-ordered."""
    return UUID(int=uuid7().int)
