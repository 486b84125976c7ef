"""The scan: the second authority on what is due. It carries the bulk, and everything while Temporal is away."""

from functools import partial

from sqlalchemy import select
from sqlmodel import col

from services.kit.loops import for_ever
from services.kit.service import Service
from workflows.emit import emit
from workflows.tables import EmissionRow, PathRow

EVERY_SECONDS = 30.0
BATCH = 200
"""Planned emissions looked at in one transaction: small enough not to hold up the bridge."""


async def scan_batch(service: Service) -> int:
    """Emit what is due on the paths that have waited longest; returns how many paths that were.

    A path that somebody else works on just now is left to them.
    """
    async with service.database.transaction() as session:
        at = await service.clock.now(session)
        waiting = (
            select(col(EmissionRow.path_id))
            .where(col(EmissionRow.emitted_at).is_(None), col(EmissionRow.at) <= at)
            .order_by(col(EmissionRow.at))
            .limit(BATCH)
        )
        query = select(col(PathRow.id)).where(col(PathRow.id).in_(waiting)).with_for_update(skip_locked=True)
        paths = (await session.execute(query)).scalars().all()
        await emit(service, session, paths, at)
        return len(paths)


async def scan(service: Service) -> int:
    """Emit everything that is due; returns how many paths were touched."""
    touched = 0
    while batch := await scan_batch(service):
        touched += batch
    return touched


async def run(service: Service) -> None:
    """Scan for ever."""
    await for_ever("scan", partial(scan, service), EVERY_SECONDS)
