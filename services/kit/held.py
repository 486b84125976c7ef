"""Events that stand in the ledger without having had their effect, and have it after all: what a newer program
understands at last, and what a person has sent in once more."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.dead_letters import kept_message, record_failure
from services.kit.inbox import Arrival, Handlers, Inbox, delivery_of
from services.kit.outages import is_down
from services.kit.plumbing import InboxRow
from services.kit.service import Service

log = structlog.get_logger()

_AT_ONCE = 100

# While nothing could read the event, its row counted for the path; a row that is claimed is locked.
_CLAIM = text("""
    update inbox set aggregate_id = :aggregate_id, version = :version
    where id = :id and state = :state and body_hash = :digest returning id
""")
_APPLIED = text("update inbox set state = 'applied', headers = null, body = null where id = :id and state = :state")
_BURY = text("update inbox set state = 'dead' where id = :id and state = 'unknown' returning id")
_UNDERSTOOD = text("""
    select id from inbox where state = 'unknown' and headers ->> 'ce-type' = any (:types) and id > :after
    order by id limit :most
""").bindparams(bindparam("types", type_=ARRAY(Text)))


async def apply_kept(session: AsyncSession, inbox: Inbox, arrival: Arrival, state: str) -> bool:
    """Apply an event that stands in the ledger in this state, through the gate; False when it does not stand so.

    Raises what its effect raises.
    """
    place = {"id": arrival.id, "state": state}
    event = arrival.event
    mine = {"aggregate_id": event.aggregate_id, "version": event.version, "digest": arrival.delivery.digest}
    if (await session.execute(_CLAIM, place | mine)).first() is None:
        return False
    await inbox.apply_again(session, arrival)
    await session.execute(_APPLIED, place)  # unless the gate has parked or ignored it
    return True


async def take_understood(service: Service, handlers: Handlers, inbox: Inbox) -> int:
    """Take in the events that were kept as unknown and whose type this program knows; returns how many."""
    types = [model.type() for model in handlers.effects]
    count, after = 0, UUID(int=0)
    while found := await _understood(service, types, after):
        for row in found:
            await _take(service, handlers, inbox, row)
        count, after = count + len(found), found[-1].id
    return count


async def _understood(service: Service, types: Sequence[str], after: UUID) -> Sequence[InboxRow]:
    async with service.database.transaction() as session:
        ids = await session.execute(_UNDERSTOOD, {"types": types, "after": after, "most": _AT_ONCE})
        query = select(InboxRow).where(col(InboxRow.id).in_(ids.scalars().all())).order_by(col(InboxRow.id))
        return (await session.exec(query)).all()


async def _take(service: Service, handlers: Handlers, inbox: Inbox, row: InboxRow) -> None:
    """One that fails becomes a dead letter at once: it has waited long enough, and a person can send it in again."""
    try:
        arrival = inbox.arrival(delivery_of(row))
        async with service.database.transaction(handlers.tenant(arrival.event)) as session:
            if await apply_kept(session, inbox, arrival, "unknown"):
                log.info("unknown_event_taken", service=service.name, type=arrival.event.type(), id=str(row.id))
    except Exception as error:
        if is_down(error):
            raise
        await _bury(service, row, error)


async def _bury(service: Service, row: InboxRow, error: Exception) -> None:
    async with service.database.transaction() as session:
        if (await session.execute(_BURY, {"id": row.id})).first() is not None:
            message = kept_message(delivery_of(row), service.node)
            await record_failure(session, message, cause=type(error).__name__, final=1)
