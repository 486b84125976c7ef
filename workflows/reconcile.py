"""Comparing paths in the database with their workflows, and repairing the workflow where they differ.

A loop and not a Temporal Schedule: it needs nothing set up beforehand, also after Temporal lost everything, which is
just when it is needed; and it spreads the day's work over the day.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import exists, or_, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.common import QueryRejectCondition
from temporalio.service import RPCError, RPCStatusCode

from contracts.ids import workflow_id
from contracts.paths import PathView
from services.kit.loops import for_ever
from services.kit.service import Service
from workflows.path import ClientPath
from workflows.queries import path_view
from workflows.rebuild import rebuild
from workflows.tables import DeadlineRow, PathRow, WakeRow
from workflows.watch import LIVE

log = structlog.get_logger()

EACH = timedelta(days=1)
"""How often a path is compared."""

QUIET = timedelta(minutes=10)
"""How long nothing may have happened on a path before it is compared: the workflow follows the database."""

EVERY_SECONDS = 60.0
BATCH = 100

_OPEN = or_(
    col(PathRow.stage).not_in(("closed", "completed")),
    exists().where(col(DeadlineRow.path_id) == col(PathRow.id), col(DeadlineRow.status).in_(LIVE)),
)
"""Somebody is still to do something; what has ended may be opened again."""

_QUERY_TIMEOUT = timedelta(seconds=10)
_NO_PICTURE = (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION)
"""No such workflow; or one whose steps fail again and again, of which Temporal asks nothing any more."""


class Restored(NamedTuple):
    """How many open paths were compared, and how many of them had to be built anew."""

    compared: int
    rebuilt: int


async def reconcile(service: Service, client: Client) -> int:
    """Compare the paths whose turn it is; returns how many had to be repaired."""
    async with service.database.transaction() as session:
        paths = await _to_check(session, await service.clock.now(session))
    repaired = 0
    for path_id in paths:
        repaired += not await agrees(service, client, path_id)
        async with service.database.transaction() as session:
            checked = {"checked_at": await service.clock.now(session)}
            await session.execute(update(PathRow).where(col(PathRow.id) == path_id).values(checked))
    return repaired


async def restore(service: Service, client: Client, told: Callable[[Restored], None]) -> Restored:
    """Compare every open path with its workflow now, as after Temporal lost its data; `told` of the progress.

    A path with a fact under way may be built anew without need, which changes nothing that anybody sees. Raises
    RPCError when Temporal is away; what was done until then stays.
    """
    done, last = Restored(0, 0), UUID(int=0)
    while paths := await _open_after(service, last):
        for path_id in paths:
            same = await agrees(service, client, path_id)
            done = Restored(done.compared + 1, done.rebuilt + (not same))
        told(done)
        last = paths[-1]
    return done


async def agrees(service: Service, client: Client, path_id: UUID) -> bool:
    """Whether database and workflow show the same picture of this path; if not, the workflow is rebuilt."""
    recorded, watched = await path_view(service, path_id), await _ask(client, path_id)
    if recorded == watched or recorded != await path_view(service, path_id):
        return True
    log.warning("path_rebuilt", path=str(path_id))
    await rebuild(service, client, path_id)
    return False


async def run(service: Service, client: Client) -> None:
    """Reconcile for ever."""
    await for_ever("reconcile", partial(reconcile, service, client), EVERY_SECONDS, outages=(RPCError,))


async def _to_check(session: AsyncSession, now: datetime) -> list[UUID]:
    under_way = exists().where(col(WakeRow.path_id) == col(PathRow.id), col(WakeRow.sent_at).is_(None))
    query = (
        select(col(PathRow.id))
        .where(_OPEN, col(PathRow.checked_at) <= now - EACH, col(PathRow.changed_at) <= now - QUIET, ~under_way)
        .order_by(col(PathRow.checked_at))
        .limit(BATCH)
    )
    return list((await session.execute(query)).scalars())


async def _open_after(service: Service, path_id: UUID) -> list[UUID]:
    query = select(col(PathRow.id)).where(_OPEN, col(PathRow.id) > path_id).order_by(col(PathRow.id)).limit(BATCH)
    async with service.database.transaction() as session:
        return list((await session.execute(query)).scalars())


async def _ask(client: Client, path_id: UUID) -> PathView | None:
    """The workflow's picture, None when there is none or it cannot show one. Raises RPCError when Temporal is away."""
    handle = client.get_workflow_handle(workflow_id(path_id))
    try:
        return await handle.query(
            ClientPath.view, reject_condition=QueryRejectCondition.NOT_OPEN, rpc_timeout=_QUERY_TIMEOUT
        )
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError):
        return None
    except RPCError as error:
        if error.status not in _NO_PICTURE:
            raise
        return None
