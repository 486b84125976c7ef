"""What the path node tells the nodes of institutions: many events in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import Event, PathAdvanced
from contracts.subjects import PATH_NODE, subject
from services.kit.database import notify
from services.kit.outbox import outbox_channel
from services.kit.plumbing import OutboxRow
from services.kit.service import Service
from workflows.agenda import Agenda
from workflows.picture import pictures


@dataclass(frozen=True)
class Announcement:
    """An event, the node it goes to, and its id when that follows from what it tells."""

    event: Event
    target: str
    id: UUID | None = None


async def announce(
    service: Service, session: AsyncSession, announcements: Sequence[Announcement], cause: Envelope | None = None
) -> None:
    """Write these events to the outbox; they leave once the transaction commits."""
    rows = [_row(service, announcement, cause) for announcement in announcements]
    if rows:
        await session.execute(insert(OutboxRow).on_conflict_do_nothing(), rows)
        await notify(session, outbox_channel(service.name))


def _row(service: Service, announcement: Announcement, cause: Envelope | None) -> dict[str, object]:
    event, identity = announcement.event, announcement.id or UUID(int=uuid7().int)
    envelope = Envelope(
        id=identity,
        type=event.type(),
        source=PATH_NODE,
        subject=event.path_id,
        time=event.at,
        version=event.version,
        correlation_id=cause.correlation_id if cause else identity,
        causation_id=cause.id if cause else None,
    )
    return {
        "id": identity,
        "target": announcement.target,
        "subject": subject(event, source=service.node, target=announcement.target),
        "headers": envelope.headers(),
        "body": event.model_dump_json().encode(),
    }


def advances(directory: Directory, state: Agenda, at: datetime) -> list[Announcement]:
    """The new picture of a path, for every institution concerned."""
    return [
        Announcement(
            PathAdvanced(path_id=state.path_id, version=state.version, at=at, agency=agency.slug, view=picture),
            agency.node,
        )
        for agency, picture in pictures(state, directory)
    ]
