"""The moment of a page, by the one clock."""

from datetime import datetime

from services.desk.context import Desk


async def now_of(desk: Desk) -> datetime:
    """Now, in UTC."""
    async with desk.database.transaction() as session:
        return await desk.clock.now(session)
