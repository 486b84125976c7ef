"""The one port through which time comes in."""

from datetime import UTC, datetime
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.database import NOW


class Clock(Protocol):
    """Tells the time of a transaction, in UTC."""

    async def now(self, session: AsyncSession) -> datetime: ...


class DatabaseClock:
    """PostgreSQL's `now()`: one time for all processes of a node, fixed within a transaction.

    `Database.transaction` has asked for it already.
    """

    async def now(self, session: AsyncSession) -> datetime:
        instant: datetime = session.info[NOW]
        return instant.astimezone(UTC)
