"""Events as the broker delivers them to the path node, and what the path node has written since."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from contracts.envelope import Envelope
from contracts.events import Event, PathAdvanced, ReferralSubmitted
from contracts.subjects import subject
from services.kit.delivery import Delivery
from services.kit.inbox import Arrival, Inbox
from services.kit.plumbing import OutboxRow
from services.kit.service import Service
from tests.workflows.examples import Referral, Story, event_id
from workflows.agenda import Agenda
from workflows.bridge import handlers
from workflows.facts import parties
from workflows.tables import PathRow
from workflows.telling import tell

RowT = TypeVar("RowT", bound=SQLModel)
EventT = TypeVar("EventT", bound=Event)


def delivery_of(event: Story, service: Service) -> Delivery:
    """This event, from the node of the institution that writes it."""
    about = parties(event)
    writer = about.sender if isinstance(event, ReferralSubmitted) else about.receiver
    envelope = Envelope(
        id=event_id(event),
        type=event.type(),
        source=writer,
        subject=event.path_id,
        time=event.at,
        version=event.version,
        correlation_id=event_id(event),
    )
    road = subject(event, source=service.directory[writer].node, target="path")
    return Delivery.of(road, envelope.headers(), event.model_dump_json().encode())


def inbox_of(service: Service) -> Inbox:
    return Inbox(node="path", database=service.database, directory=service.directory, handlers=handlers(service))


async def deliver(service: Service, events: Iterable[Story]) -> None:
    """Take these events in through the path node's inbox."""
    inbox = inbox_of(service)
    for event in events:
        await inbox.take(Arrival(delivery_of(event, service), event))


async def rows(service: Service, table: type[RowT]) -> list[RowT]:
    async with service.database.transaction() as session:
        return list((await session.exec(select(table))).all())


async def published(service: Service, model: type[EventT]) -> list[tuple[str, UUID, EventT]]:
    """Target, id and event of what was written to the outbox, oldest first."""
    async with service.database.transaction() as session:
        found = (await session.exec(select(OutboxRow).order_by(col(OutboxRow.pos)))).all()
    return [
        (row.target, row.id, model.model_validate_json(row.body))
        for row in found
        if row.headers["ce-type"] == model.type()
    ]


async def pictures_for(service: Service, agency: str) -> list[PathAdvanced]:
    """The pictures sent to one institution, oldest first, once all changes have been told."""
    await tell(service)
    return [event for _, _, event in await published(service, PathAdvanced) if event.agency == agency]


async def state_of(service: Service, path_id: UUID) -> Agenda:
    async with service.database.transaction() as session:
        row = (await session.exec(select(PathRow).where(PathRow.id == path_id))).one()
    return Agenda.model_validate(row.state)


async def database_now(service: Service) -> datetime:
    async with service.database.transaction() as session:
        return await service.clock.now(session)


async def overdue(service: Service, name: str = "overdue", **kind: object) -> Referral:
    """A referral delivered so long ago that everything on it is due."""
    now = await database_now(service)
    told = Referral(name, at=now - timedelta(days=60)).submitted()
    return told.delivered(at=told.now + timedelta(minutes=1))


async def execute(service: Service, statement: str) -> None:
    async with service.database.transaction() as session:
        await session.execute(text(statement))
