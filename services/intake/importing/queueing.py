"""A file waits for its turn, is stopped by a person, or is sent for good after a dry run."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.imports import Import, ImportState
from services.intake.context import Intake
from services.intake.importing import shown
from services.intake.importing.columns import Head
from services.intake.importing.models import ImportRow, PartRow, QueuedImport
from services.intake.importing.parts import all_lines, head_of, parts_of
from services.intake.importing.table import Line
from services.intake.models import INTAKE
from services.kit.caller import Caller
from services.kit.database import notify
from services.kit.problems import Problem

CHANNEL = "intake_imports"

_ADD_PARTS = insert(INTAKE.metadata.tables[PartRow.__tablename__])


async def queue(
    intake: Intake, session: AsyncSession, caller: Caller, head: Head, rows: Sequence[Line], *, dry_run: bool
) -> ImportRow:
    """The file, kept sealed and waiting for its turn."""
    file = ImportRow(
        id=UUID(int=uuid7().int),
        agency=caller.agency,
        actor=caller.actor,
        roles=sorted(caller.roles),
        state="waiting",
        dry_run=dry_run,
        total=len(rows),
        created_at=await intake.service.clock.now(session),
    )
    session.add(file)
    await session.flush()
    parts = parts_of(intake, caller.agency, file.id, head, rows)
    await session.execute(_ADD_PARTS, [part.model_dump() for part in parts])
    session.add(QueuedImport(import_id=file.id, agency=caller.agency, created_at=file.created_at))
    await notify(session, CHANNEL)
    return file


async def end(intake: Intake, session: AsyncSession, file: ImportRow, state: ImportState) -> None:
    """Nothing more is done about the file."""
    file.state, file.finished_at = state, await intake.service.clock.now(session)
    session.add(file)
    await session.execute(delete(QueuedImport).where(col(QueuedImport.import_id) == file.id))


async def cancel(intake: Intake, caller: Caller, import_id: UUID) -> Import | None:
    """Stop after the row in hand; what was created stays. None for no such import.

    Raises Problem 409 when it is over.
    """
    async with intake.service.database.transaction(caller.agency) as session:
        file = (await session.exec(select(ImportRow).where(ImportRow.id == import_id).with_for_update())).one_or_none()
        if file is None:
            return None
        if file.finished_at is not None:
            raise Problem("import_over")
        await end(intake, session, file, "cancelled")
        return shown.of_import(file, await head_of(intake, session, import_id))


async def send(intake: Intake, caller: Caller, import_id: UUID) -> Import | None:
    """A new import of the file of a dry run, that is none. None for no such import.

    Raises Problem 409 when it was no dry run or one that did not come to its end, 410 once the file is deleted.
    """
    async with intake.service.database.transaction(caller.agency) as session:
        tried = (await session.exec(select(ImportRow).where(ImportRow.id == import_id))).one_or_none()
        if tried is None:
            return None
        if not tried.dry_run or tried.state != "done":  # stopped half-way, its counts are not those of the file
            raise Problem("import_not_tried")
        head = await head_of(intake, session, import_id)
        if head is None:
            raise Problem("import_gone")
        rows = await all_lines(intake, session, import_id)
        return shown.of_import(await queue(intake, session, caller, head, rows, dry_run=False), head)
