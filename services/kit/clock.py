"""The one port through which time comes in."""

from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


class Clock(Protocol):
    """Tells the time of a transaction, in UTC."""

    async def now(self, session: AsyncSession) -> datetime: ...


class DatabaseClock:
    """PostgreSQL's `now()`: one time for all processes of a node, fixed within a transaction."""

    async def now(self, session: AsyncSession) -> datetime:
        instant: datetime = (await session.execute(text("select now()"))).scalar_one()
        return instant.astimezone(UTC)
