"""Who looked for clients or at one, and how often: what they typed is never kept."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import local_day
from rules.limits import limit
from services.intake.context import Intake
from services.intake.models import ClientAccess
from services.kit.caller import Caller
from services.kit.problems import Problem

_HOUR = timedelta(hours=1)


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
    session.add(ClientAccess(agency=caller.agency, actor=caller.actor, at=now))


async def shown(intake: Intake, session: AsyncSession, caller: Caller, client_id: UUID) -> None:
    """Note that somebody saw what is known of this client."""
    now = await intake.service.clock.now(session)
    session.add(ClientAccess(agency=caller.agency, actor=caller.actor, client_id=client_id, at=now))
