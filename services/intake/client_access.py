"""Who looked for clients or at one, and how often: what they typed is never kept."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import local_day
from rules.limits import limit
from services.intake.context import Intake
from services.intake.models import ClientAccess
from services.kit.caller import Caller
from services.kit.problems import Problem

Seen = Literal["found", "list", "card"]

_HOUR = timedelta(hours=1)

_NOTE = text("""
    insert into client_access (agency, actor, kind, client_id, at)
    select :agency, :actor, :kind, client_id, :at from unnest(:clients) as client_id
""").bindparams(bindparam("clients", type_=ARRAY(Uuid)))


async def searched(intake: Intake, session: AsyncSession, caller: Caller) -> None:
    """Note a search. Raises Problem 429 when there were too many in an hour."""
    now = await intake.service.clock.now(session)
    most = limit("client_searches_an_hour", local_day(now))
    row = ClientAccess
    query = select(func.count()).where(
        row.actor == caller.actor, col(row.client_id).is_(None), col(row.at) > now - _HOUR
    )
    if (await session.exec(query)).one() >= most:
        raise Problem("too_many_searches", most=most)
    session.add(ClientAccess(agency=caller.agency, actor=caller.actor, kind="search", at=now))


async def seen(intake: Intake, caller: Caller, how: Seen, client_ids: Sequence[UUID]) -> None:
    """Note that somebody is about to see these clients, in a transaction of its own: what is shown was read in one
    that reads only."""
    if not client_ids:
        return
    async with intake.service.database.transaction(caller.agency) as session:
        now = await intake.service.clock.now(session)
        note = {"agency": caller.agency, "actor": caller.actor, "kind": how, "at": now}
        await session.execute(_NOTE, note | {"clients": list(client_ids)})
