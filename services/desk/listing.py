"""What all lists of work share: the moment, the page, how far behind they are, and being asked for again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.sessions import PASSIVE
from rules.calendar import local_day
from rules.limits import limit
from services.desk import marks
from services.desk.api import Calls
from services.desk.colleagues import People
from services.desk.context import Desk
from services.desk.marks import BEHIND_SECONDS
from services.desk.rows import Row, quiet, rows_of
from services.desk.tasks import Bounds, bounds
from services.desk.visitors import Visitor
from services.desk.work import Listed, in_line

Find = Callable[[AsyncSession, Bounds, int, int], Awaitable[Listed]]
"""Finds a page of a list: how many rows to skip, and how many to show."""


@dataclass(frozen=True)
class Shown:
    """A page of a list. `behind_since`: changes from then on may not be in it yet."""

    rows: list[Row]
    listed: Listed
    page: int
    pages: int
    now: datetime
    behind_since: datetime | None

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def parts(self) -> list[list[Row]]:
        """The rows by group, in their order."""
        return [list(rows) for _, rows in groupby(self.rows, key=lambda row: row.group)]


async def shown(request: Request, desk: Desk, who: Visitor, page: int, people: People, find: Find) -> Shown:
    """A page of a list as this person sees it; `people` who may be named in it."""
    async with desk.database.transaction(who.agency.slug) as session:
        now = await desk.clock.now(session)
        frame, size = bounds(now), limit("list_rows", local_day(now))
        listed = await find(session, frame, (page - 1) * size, size)
        line = await in_line(session, [item.id for item in listed.items if item.status == "waitlisted"])
        behind = await marks.oldest(session, who.agency.slug)
    calls = calls_of(request, desk, who)
    return Shown(
        rows=await rows_of(calls, desk.directory, who, people, listed.items, line, frame),
        listed=listed,
        page=page,
        pages=max(1, -(-listed.total // size)),
        now=now,
        behind_since=behind if behind is not None and now - behind > timedelta(seconds=BEHIND_SECONDS) else None,
    )


def calls_of(request: Request, desk: Desk, who: Visitor) -> Calls:
    """The interface in this person's name; the page's own questions do not keep their session going."""
    calls = who.calls(desk)
    return quiet(calls) if is_passive(request) else calls


def is_passive(request: Request) -> bool:
    """Whether the page asked by itself, because something has changed."""
    return PASSIVE in request.headers


def query_of(**told: str | int | UUID | None) -> str:
    """The part of an address that says this; what says nothing is left out."""
    return urlencode({name: value for name, value in told.items() if value})
