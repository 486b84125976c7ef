"""What a change of rules would move, and what one has moved: the same rows, ahead and afterwards."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.base import Message
from contracts.codes import Language
from rules.book import Book
from rules.calendar import local_day
from services.kit.service import Service
from workflows.agenda import Agenda
from workflows.changes import Change, changes
from workflows.reflow import urgencies_of
from workflows.rulebook import in_force
from workflows.tables import MovedRow

BATCH = 500
"""Paths read at once."""

_LIVE = text("""
    select id, state::text as state from path
    where id > :after and exists (
        select from deadline where path_id = path.id and status in ('open', 'missed', 'paused')
    )
    order by id limit :most
""")
_FIRST = UUID(int=0)


class MovedDeadline(Message):
    """A deadline that moves, or has moved, and what has changed it."""

    deadline_id: UUID
    path_id: UUID
    referral_id: UUID
    rule: str
    owner: str
    was: datetime
    becomes: datetime
    why: dict[Language, str]


async def preview(service: Service, book: Book) -> AsyncIterator[MovedDeadline]:
    """What would move if this book were put in force today, path by path. Changes nothing."""
    async with service.database.transaction(snapshot=True) as session:
        rules, today = await in_force(session), local_day(await service.clock.now(session))
        after = _FIRST
        while rows := (await session.execute(_LIVE, {"after": after, "most": BATCH})).all():
            after = rows[-1].id
            urgencies = await urgencies_of(session, [row.id for row in rows])
            for row in rows:
                agenda = Agenda.model_validate_json(row.state)
                for change in changes(agenda, book, rules.book, today, urgencies):
                    if change.moved:
                        yield _shown(agenda.path_id, change)


async def moved_by(session: AsyncSession, book: int) -> list[MovedDeadline]:
    """What this row of the rulebook has moved so far, in the order of the deadlines' new dates."""
    query = select(MovedRow).where(col(MovedRow.book) == book)
    return _listed((await session.execute(query)).scalars().all())


async def moved_lately(session: AsyncSession, most: int) -> list[MovedDeadline]:
    """What was moved last, newest first."""
    query = select(MovedRow).order_by(col(MovedRow.book).desc(), col(MovedRow.moved_at).desc()).limit(most)
    return [_row(row) for row in (await session.execute(query)).scalars()]


def sorted_rows(rows: Sequence[MovedDeadline]) -> list[MovedDeadline]:
    return sorted(rows, key=lambda row: (row.becomes, str(row.deadline_id)))


def _listed(rows: Sequence[MovedRow]) -> list[MovedDeadline]:
    return sorted_rows([_row(row) for row in rows])


def _row(row: MovedRow) -> MovedDeadline:
    return MovedDeadline.model_validate(row.model_dump(include=set(MovedDeadline.model_fields)))


def _shown(path_id: UUID, change: Change) -> MovedDeadline:
    after = change.after
    return MovedDeadline(
        deadline_id=after.id,
        path_id=path_id,
        referral_id=after.referral_id,
        rule=after.rule,
        owner=after.owner,
        was=change.before.due_at,
        becomes=after.due_at,
        why=change.why,
    )
