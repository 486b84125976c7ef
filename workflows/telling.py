"""Telling institutions how a path stands: the newest picture of each path that has changed, a moment after it has.

Who changes a path marks it in the same transaction; the mark goes in the transaction that writes the pictures. Both
hold the path's row, so no change is ever left untold. Changes that follow each other closely give one picture.
"""

import asyncio
from datetime import datetime

from sqlalchemy import func, select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import PathAdvanced
from contracts.subjects import PATH_NODE
from services.kit import tracing
from services.kit.loops import for_ever
from services.kit.outbox import Letter, new_id
from services.kit.service import Service
from services.kit.wake import Bell
from workflows.agenda import Agenda
from workflows.picture import pictures
from workflows.tables import UntoldRow

GATHER_SECONDS = 0.5
"""How long further changes of a path are waited for: a referral that is sent is delivered within this, mostly."""

BATCH = 200
_POLL_SECONDS = 2.0

_TAKE = text("""
    with changed as materialized (
        select path.id, path.state::text as state from untold join path on path.id = untold.path_id
        order by untold.since limit :most for update of path skip locked
    ), told as (
        delete from untold where path_id in (select id from changed) returning path_id, cause, since
    )
    select changed.state, told.cause, told.since from changed join told on told.path_id = changed.id
""")


async def untold_since(session: AsyncSession) -> datetime | None:
    """Since when a change has waited to be told of, None when none does."""
    since: datetime | None = (await session.execute(select(func.min(col(UntoldRow.since))))).scalar_one()
    return since


async def tell(service: Service) -> int:
    """Write the pictures of the paths that have waited longest; returns how many paths that were.

    A path that somebody works on just now is left for the next time.
    """
    async with service.database.transaction() as session:
        changed = (await session.execute(_TAKE, {"most": BATCH})).all()
        for state, cause, since in changed:
            letters = _letters(service.directory, Agenda.model_validate_json(state), since)
            with tracing.span("tell", {"sciezka.node": service.node}, parent=(cause or {}).get(tracing.HEADER)):
                await service.outbox.post(session, letters, Envelope.parse(cause) if cause else None)
        return len(changed)


def _letters(directory: Directory, state: Agenda, at: datetime) -> list[Letter]:
    """The picture of a path for every institution concerned. `at`: since when it has been true.

    Until it is numbered, no heartbeat vouches for a later moment.
    """
    return [
        Letter(
            PathAdvanced(path_id=state.path_id, version=state.version, at=at, agency=agency.slug, view=picture),
            source=PATH_NODE,
            target=agency.node,
            id=new_id(),
        )
        for agency, picture in pictures(state, directory)
    ]


async def run(service: Service, bell: Bell) -> None:
    """Tell for ever; `bell` rings on `workflows.store.UNTOLD_CHANNEL`."""

    async def step() -> None:
        await bell.wait(_POLL_SECONDS)
        await asyncio.sleep(GATHER_SECONDS)
        while await tell(service) == BATCH:
            pass

    await for_ever("telling", step)
