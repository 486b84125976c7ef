"""The book in force: the newest row of the table `rulebook`, laid over the rules that ship with this release.

It is asked for in every transaction that computes dates. One that began before a new row was there computes by the old
one; its deadlines keep the number of the row, so the re-flow finds them (`workflows/reflow.py`).
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import structlog
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.events import RulesApplied
from contracts.ids import derived
from contracts.subjects import PATH_NODE
from rules.book import Book, read_book, shipped
from rules.calendar import local_day
from rules.data import RulesError
from services.kit.database import notify
from services.kit.outbox import Letter
from services.kit.service import Service
from workflows.tables import RulebookRow

log = structlog.get_logger()

CHANNEL = "path_rulebook"
"""The NOTIFY channel on which a new row asks that live deadlines be computed again."""

RELEASE, CALENDAR = "release", "calendar"
"""Who wrote a row that no person wrote: a release with other rules, a day on which a transitional rule begins."""

_ALONE = text("lock table rulebook in share row exclusive mode")
_ABOUT = derived("rulebook")
"""The path of an event that is about no path."""

_EARLIER = 2
"""The book in force and the one before it, whose difference is what has moved a deadline."""


@dataclass(frozen=True)
class InForce:
    """A row of the rulebook, read. `former`: what was in force before it. Row 0 is none: the shipped rules."""

    id: int
    day: date | None
    text: str
    version: str
    book: Book
    former: Book


@lru_cache(maxsize=8)
def _read(text: str) -> Book:
    try:
        return _parsed(text)
    except RulesError as error:  # a release may know less, or more: dates go on under its own rules, and somebody looks
        log.error("rulebook_unreadable", cause=str(error))
        return shipped()


def _parsed(text: str) -> Book:
    return read_book(text) if text.strip() else shipped()


async def in_force(session: AsyncSession) -> InForce:
    """The book that governs now."""
    newest = select(RulebookRow).order_by(col(RulebookRow.id).desc()).limit(_EARLIER)
    rows = (await session.exec(newest)).all()
    if not rows:
        return InForce(0, None, "", shipped().version, shipped(), shipped())
    row, former = rows[0], rows[1] if len(rows) == _EARLIER else None
    return InForce(
        row.id or 0, row.day, row.text, row.version, _read(row.text), _read(former.text) if former else shipped()
    )


async def put(service: Service, session: AsyncSession, local: str, who: str) -> InForce | None:
    """Put the shipped rules with this local rule file in force; None when they are already. Raises RulesError."""
    book = _parsed(local)
    await session.execute(_ALONE)
    present = await in_force(session)
    if present.id and present.version == book.version:
        return None
    return await _write(service, session, local, book, who)


async def keep_up(service: Service, session: AsyncSession) -> InForce | None:
    """Note that another release brought other rules, or that a rule begins that counts for cases under way.

    None when neither is so.
    """
    await session.execute(_ALONE)
    present = await in_force(session)
    if present.day is None or present.version != present.book.version:
        return await _write(service, session, present.text, present.book, RELEASE)
    turning = present.book.next_change(present.day)
    if turning is not None and turning <= local_day(await service.clock.now(session)):
        return await _write(service, session, present.text, present.book, CALENDAR)
    return None


async def _write(service: Service, session: AsyncSession, local: str, book: Book, who: str) -> InForce:
    now = await service.clock.now(session)
    session.add(RulebookRow(version=book.version, text=local, who=who, day=local_day(now), applied_at=now))
    await session.flush()
    await notify(session, CHANNEL)
    rules = await in_force(session)
    await announce(service, session, rules)
    return rules


async def announce(service: Service, session: AsyncSession, rules: InForce) -> None:
    """Tell every node, for its people, which rules are in force; who was told already is not told again."""
    event = RulesApplied(
        path_id=_ABOUT,
        version=rules.id,
        at=await service.clock.now(session),
        rules=rules.version,
        local_rules=rules.text,
    )
    nodes = {agency.node for agency in service.directory.agencies}
    letters = [Letter(event, PATH_NODE, node, derived(_ABOUT, rules.id, node)) for node in sorted(nodes)]
    await service.outbox.post(session, letters)
