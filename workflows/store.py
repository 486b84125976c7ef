"""Keeping a path in the database: the fold, and the rows that follow from it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, cast, delete, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.paths import Deadline, PathFact
from services.kit.database import notify
from workflows.agenda import MISSED, Agenda, plan
from workflows.picture import view
from workflows.tables import DeadlineRow, EmissionRow, FactRow, PathRow, WakeRow

WAKE_CHANNEL = "path_wake"
"""The NOTIFY channel on which a new fact wakes its relay."""


def among(column: Mapped[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    """Whether the column is one of these: one parameter however many there are."""
    return column == any_(cast(list(ids), ARRAY(Uuid)))


async def open_path(session: AsyncSession, path_id: UUID, now: datetime) -> Agenda:
    """The state of this path, new or known; locked until the transaction ends."""
    fresh = Agenda(path_id=path_id)
    row = {"id": path_id, "changed_at": now, "checked_at": now, **_columns(fresh)}
    await session.execute(insert(PathRow).values(row).on_conflict_do_nothing())
    query = select(col(PathRow.state)).where(col(PathRow.id) == path_id).with_for_update()
    return Agenda.model_validate((await session.execute(query)).scalar_one())


async def states(session: AsyncSession, path_ids: Collection[UUID]) -> list[Agenda]:
    """The states of these paths."""
    query = select(col(PathRow.state)).where(among(col(PathRow.id), path_ids))
    return [Agenda.model_validate(state) for state in (await session.execute(query)).scalars()]


async def save(session: AsyncSession, agendas: Sequence[Agenda], now: datetime) -> None:
    """Keep the changed states of paths whose rows are locked."""
    table = PathRow.__table__  # type: ignore[attr-defined]
    statement = update(table).where(table.c.id == bindparam("path")).values(changed_at=now)
    await session.execute(statement, [{"path": agenda.path_id, **_columns(agenda)} for agenda in agendas])


def _columns(agenda: Agenda) -> dict[str, object]:
    return {"version": agenda.version, "stage": view(agenda).stage, "state": agenda.model_dump(mode="json")}


async def keep_fact(session: AsyncSession, fact: PathFact) -> None:
    """Write the fact, and once more for the workflow."""
    body = fact.model_dump(mode="json")
    await session.execute(insert(FactRow).values(event_id=fact.event_id, path_id=fact.path_id, fact=body))
    await session.execute(insert(WakeRow).values(path_id=fact.path_id, fact=body))
    await notify(session, WAKE_CHANNEL)


async def keep_deadlines(session: AsyncSession, before: Agenda, after: Agenda) -> None:
    """Bring the rows of deadlines and emissions from one state of the path to the next."""
    known = {watch.deadline.id: watch.status for watch in before.watches}
    opened = [watch.deadline for watch in after.watches if watch.deadline.id not in known]
    if opened:
        await session.execute(insert(DeadlineRow), [_deadline(after.path_id, deadline) for deadline in opened])
        await session.execute(insert(EmissionRow), list(_emissions(after.path_id, opened)))
    ended = [watch for watch in after.watches if known.get(watch.deadline.id, watch.status) != watch.status]
    if ended:
        for watch in ended:
            await session.execute(
                update(DeadlineRow).where(col(DeadlineRow.id) == watch.deadline.id).values(status=watch.status)
            )
        over = among(col(EmissionRow.deadline_id), [watch.deadline.id for watch in ended])
        await session.execute(delete(EmissionRow).where(over, col(EmissionRow.emitted_at).is_(None)))


def _deadline(path_id: UUID, deadline: Deadline) -> dict[str, object]:
    return {"path_id": path_id, "status": "open", **deadline.model_dump(exclude={"ladder"})}


def _emissions(path_id: UUID, deadlines: Iterable[Deadline]) -> Iterable[dict[str, object]]:
    for deadline in deadlines:
        for item in plan(deadline):
            yield {
                "id": item.id,
                "path_id": path_id,
                "deadline_id": deadline.id,
                "at": item.at,
                "kind": "missed" if item.occurrence == MISSED else "reminder",
                "audience": item.audience,
            }
