"""A form that is sent twice (double click, back button, a line that broke) is done once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

from fastapi.responses import RedirectResponse
from sqlalchemy import text

from services.desk.api import SECONDS
from services.desk.context import Desk
from services.desk.visitors import Visitor

KEPT = timedelta(days=2)
"""How long a form that was sent is remembered: a browser's back button reaches no further in practice."""

CALLS = 3
"""Questions to the interface that doing a form takes, at most."""

ABANDONED = timedelta(seconds=(CALLS + 1) * SECONDS)
"""After this, whoever was doing it has died: longer than the interface is waited for."""

_POLL_SECONDS = 0.1

_CLAIM = text("""
    insert into submission (key, at) values (:key, now())
    on conflict (key) do update set at = now()
    where submission.location is null and submission.at < now() - cast(:abandoned as interval)
    returning true
""")
_FIND = text("select location from submission where key = :key")
_KEEP = text("update submission set location = :location where key = :key")
_RELEASE = text("delete from submission where key = :key and location is null")
_FORGET = text("delete from submission where at < now() - cast(:kept as interval)")


async def once(desk: Desk, who: Visitor, key: str, do: Callable[[], Awaitable[str]]) -> RedirectResponse:
    """Run `do`, which returns where to go next, unless this form was done already; then go to the same place.

    A second one at the same time waits for the first. What `do` raises goes on, and the form may be sent again.
    """
    digest = sha256(f"{who.login} {key}".encode()).hexdigest()
    while True:
        if await _claimed(desk, digest):
            return RedirectResponse(await _done(desk, digest, do), 303)
        if (location := await _location(desk, digest)) is not None:
            return RedirectResponse(location, 303)
        await asyncio.sleep(_POLL_SECONDS)


async def _claimed(desk: Desk, digest: str) -> bool:
    async with desk.database.transaction() as session:
        await session.execute(_FORGET, {"kept": KEPT})
        claim = await session.execute(_CLAIM, {"key": digest, "abandoned": ABANDONED})
        return claim.scalar_one_or_none() is not None


async def _location(desk: Desk, digest: str) -> str | None:
    async with desk.database.transaction() as session:
        location: str | None = (await session.execute(_FIND, {"key": digest})).scalar_one_or_none()
        return location


async def _done(desk: Desk, digest: str, do: Callable[[], Awaitable[str]]) -> str:
    try:
        location = await do()
    except BaseException:
        async with desk.database.transaction() as session:
            await session.execute(_RELEASE, {"key": digest})
        raise
    async with desk.database.transaction() as session:
        await session.execute(_KEEP, {"key": digest, "location": location})
    return location
