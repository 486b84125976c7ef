"""What somebody types for a step of an application, kept until they take it: the long texts of an opinion outlive a
lost session, a closed window and a broken computer.

It is sealed like the application itself, and shown to nobody but who typed it. With the end of the application it goes.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.unfinished import Unfinished
from rules.applications import is_open
from services.intake.applications.models import ApplicationRow, Work
from services.intake.applications.rulings import may_take
from services.intake.context import Intake
from services.intake.models import IntakeRow
from services.kit.caller import Caller
from services.kit.outbox import new_id
from services.kit.sealing import seal, unseal


class UnfinishedRow(IntakeRow, table=True):
    """What one person has typed for one step."""

    __tablename__ = "unfinished"

    id: UUID = Field(primary_key=True)
    agency: str
    application_id: UUID
    action: str
    author: str
    saved_at: datetime
    sealed_fields: str


async def kept(intake: Intake, session: AsyncSession, caller: Caller, row: ApplicationRow, action: str) -> Unfinished:
    """What the caller has typed for this step; without fields when that is nothing."""
    found = await _row(session, caller, row, action)
    if found is None:
        return Unfinished()
    told = unseal(intake.keyring, Unfinished, found.sealed_fields, context=found.id)
    return told.model_copy(update={"saved_at": found.saved_at})


async def keep(
    intake: Intake, session: AsyncSession, caller: Caller, row: ApplicationRow, action: str, typed: Unfinished
) -> Unfinished:
    """Keep this in place of what was kept before; no fields: nothing. Raises Problem 403, 409 when the caller
    cannot take the step as things stand: nobody would find again what was kept for it."""
    work = unseal(intake.keyring, Work, row.sealed_work, context=row.id)
    opinion = work.opinion.result if work.opinion is not None else None
    may_take(row.status, action, roles=caller.roles, opinion=opinion)
    found = await _row(session, caller, row, action)
    if not typed.fields:
        if found is not None:
            await session.delete(found)
        return Unfinished()
    now = await intake.service.clock.now(session)
    if found is None:
        found = UnfinishedRow(
            id=new_id(),
            agency=row.agency,
            application_id=row.id,
            action=action,
            author=caller.actor,
            saved_at=now,
            sealed_fields="",
        )
    found.sealed_fields = seal(
        intake.keyring, Unfinished(fields=typed.fields), to=intake.service.node, context=found.id
    )
    found.saved_at = now
    session.add(found)
    return Unfinished(fields=typed.fields, saved_at=now)


async def forget(session: AsyncSession, caller: Caller, row: ApplicationRow, action: str) -> None:
    """After a step: what the caller had typed for it; everybody's when the application has ended by it."""
    gone = delete(UnfinishedRow).where(col(UnfinishedRow.application_id) == row.id)
    if is_open(row.status):
        gone = gone.where(col(UnfinishedRow.action) == action, col(UnfinishedRow.author) == caller.actor)
    await session.exec(gone)


async def _row(session: AsyncSession, caller: Caller, row: ApplicationRow, action: str) -> UnfinishedRow | None:
    query = select(UnfinishedRow).where(
        UnfinishedRow.application_id == row.id,
        UnfinishedRow.action == action,
        UnfinishedRow.author == caller.actor,
    )
    return (await session.exec(query)).one_or_none()
