"""Telling the institution concerned that one of its messages waits for a person, and that it does no more."""

from datetime import datetime

import structlog
from sqlmodel import col, select

from contracts.events import DeadLetterClosed, DeadLetterEvent, DeadLetterOpened
from contracts.ids import derived
from contracts.subjects import PATH_NODE
from services.kit.causes import code_of
from services.kit.inbox import Handlers
from services.kit.legible import Legible
from services.kit.outbox import Letter
from services.kit.plumbing import DeadLetter
from services.kit.service import Service

log = structlog.get_logger()

_AT_ONCE = 100


async def tell(service: Service, handlers: Handlers) -> None:
    """Tell of every dead letter that was opened or closed since; each is told once."""
    while await _tell_some(service, handlers) == _AT_ONCE:
        pass


async def _tell_some(service: Service, handlers: Handlers) -> int:
    query = (
        select(DeadLetter)
        .where(DeadLetter.state != "failing", col(DeadLetter.told).is_distinct_from(col(DeadLetter.state)))
        .order_by(col(DeadLetter.first_at))
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    async with service.database.transaction() as session:
        rows = (await session.exec(query)).all()
        at = await service.clock.now(session)
        for row in rows:
            legible = Legible(row.subject, row.headers, row.body)
            row.agency = row.agency or _concerned(service, handlers, legible)
            if letter := _letter(service, row, legible, at):
                await service.outbox.post(session, [letter], legible.envelope)
            if row.state == "dead":
                log.error("dead_letter", service=service.name, id=str(row.id), cause=row.cause)
            row.told = row.state
            session.add(row)
    return len(rows)


def _concerned(service: Service, handlers: Handlers, legible: Legible) -> str | None:
    """The institution whose data the message is about; at the path node, which has none, the one that wrote it.

    None when nobody can tell: then the letter is the operator's alone.
    """
    if service.node == PATH_NODE:
        writer = service.directory.find(legible.envelope.source) if legible.envelope else None
        return writer.slug if writer and writer.node == legible.address[0] else None
    ours = [agency.slug for agency in service.directory.agencies if agency.node == service.node]
    return legible.concerns(handlers.tenant, service.directory) or (ours[0] if len(ours) == 1 else None)


def _letter(service: Service, row: DeadLetter, legible: Legible, at: datetime) -> Letter | None:
    """What to tell and whom. Nothing of a letter that tells of letters, or it would go on for ever."""
    agency = service.directory.find(row.agency) if row.agency else None
    family = legible.address[2]
    if agency is None or legible.path_id is None or family == DeadLetterEvent.family or _is_over_unseen(row):
        return None
    told = {
        "path_id": legible.path_id,
        "at": at,
        "letter_id": row.id,
        "agency": agency.slug,
        "node": service.node,
        "service": service.name,
        "cause": code_of(row.cause),
        "referral_id": legible.referral_id,
    }
    event: DeadLetterEvent = (
        DeadLetterOpened(**told, version=1)
        if row.state == "dead"
        else DeadLetterClosed(**told, version=2, outcome=row.state)
    )
    source = PATH_NODE if service.node == PATH_NODE else agency.slug
    return Letter(event, source, agency.node, derived("dead letter told", row.id, row.state))


def _is_over_unseen(row: DeadLetter) -> bool:
    """It closed before anybody was told that it had been opened."""
    return row.state != "dead" and row.told is None
