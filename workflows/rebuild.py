"""Building the workflow of a path anew from the facts in the database, after Temporal lost it or went astray."""

from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlmodel import col
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from contracts.ids import workflow_id
from services.kit.database import notify
from services.kit.service import Service
from workflows.store import WAKE_CHANNEL
from workflows.tables import FactRow, PathRow, WakeRow
from workflows.wake import take_turn


async def rebuild(service: Service, client: Client, path_id: UUID) -> None:
    """End the workflow of this path, if there is one, and have all facts sent again in their order.

    What was emitted before is not emitted again. Raises RPCError when Temporal is away; nothing has changed then.
    """
    async with service.database.transaction() as session:
        # No fact may be under way while the old workflow ends: it would start the new one without those before it.
        await take_turn(session)
        await session.execute(select(col(PathRow.id)).where(col(PathRow.id) == path_id).with_for_update())
        await _end(client, path_id)
        await session.execute(delete(WakeRow).where(col(WakeRow.path_id) == path_id, col(WakeRow.sent_at).is_(None)))
        facts = select(col(FactRow.path_id), col(FactRow.event_id)).where(col(FactRow.path_id) == path_id)
        await session.execute(insert(WakeRow).from_select(["path_id", "event_id"], facts.order_by(col(FactRow.pos))))
        await notify(session, WAKE_CHANNEL)


async def _end(client: Client, path_id: UUID) -> None:
    try:
        await client.get_workflow_handle(workflow_id(path_id)).terminate(reason="rebuilt from its facts")
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
