"""What the edge offers of imports: take a file in, tell how far it is, what became of each row, what to correct."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.base import without_control_characters
from contracts.imports import Import, ImportedRowPage, ImportPage, NewImport, Outcome
from rules.calendar import local_day
from services.intake.context import Intake
from services.intake.importing import report, shown
from services.intake.importing.columns import (
    Head,
    check_complete,
    check_given,
    fingerprint,
    header_line,
    understand,
)
from services.intake.importing.models import ImportRow, KnownColumns, OutcomeRow, PartRow, QueuedImport
from services.intake.importing.parts import all_lines, head_of, parts_of
from services.intake.importing.reading import bounds, read
from services.intake.importing.room import Room
from services.intake.importing.table import Line
from services.intake.importing.worker import CHANNEL
from services.intake.models import INTAKE
from services.kit.caller import Caller
from services.kit.database import notify
from services.kit.files import File
from services.kit.pages import newest_first
from services.kit.problems import Problem

_AT_ONCE = 2
"""Files that are read at the same time; each takes a processor."""

_LONGEST_NAME = 200

_COLUMNS = upsert(INTAKE.metadata.tables[KnownColumns.__tablename__])
_REMEMBER = _COLUMNS.on_conflict_do_update(
    index_elements=["agency", "fingerprint"], set_={"fields": _COLUMNS.excluded.fields}
)
_ADD_PARTS = insert(INTAKE.metadata.tables[PartRow.__tablename__])


class ImportDesk:
    """Imports of the caller's institution."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._reading = asyncio.Semaphore(_AT_ONCE)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._room = Room(intake)

    def admitted(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """While a file arrives. Raises Problem 429 when too many of the institution's wait already."""
        return self._room.for_one(caller)

    async def start(self, caller: Caller, sent: File, new: NewImport) -> Import:
        """Read the file, understand its columns and queue its rows. Raises Problem 413, 415, 422 before any row."""
        lines = await self._read(caller, sent)
        place = header_line(lines, new.mapping)
        headers, rows = list(map(without_control_characters, lines[place].cells)), lines[place + 1 :]
        check_given(headers, new.mapping, new.values)
        if not rows:
            raise Problem("import_empty")
        known_as = self._intake.keyring.index("columns", caller.agency, fingerprint(headers))
        async with self._intake.service.database.transaction(caller.agency) as session:
            columns = understand(headers, new.mapping, await _remembered(session, known_as))
            head = Head(name=sent.name[:_LONGEST_NAME], columns=columns, values=new.values)
            check_complete(head)
            file = await self._add(session, caller, head, rows, dry_run=new.dry_run)
            if new.mapping:
                fields = {str(place): column.field for place, column in enumerate(columns) if column.known_from}
                row = {"agency": caller.agency, "fingerprint": known_as, "fields": fields}
                await session.execute(_REMEMBER, row)
            await notify(session, CHANNEL)
        return shown.of_import(file, head)

    async def _read(self, caller: Caller, sent: File) -> list[Line]:
        """The rows of the file. While one of an institution's files is read, its next ones wait."""
        async with self._intake.service.database.transaction() as session:
            within = bounds(local_day(await self._intake.service.clock.now(session)))
        if len(sent.content) > within.bytes:
            raise Problem("too_large")
        async with self._turns[caller.agency], self._reading:
            return await read(sent.content, within)

    async def _add(
        self, session: AsyncSession, caller: Caller, head: Head, rows: Sequence[Line], *, dry_run: bool
    ) -> ImportRow:
        file = ImportRow(
            id=UUID(int=uuid7().int),
            agency=caller.agency,
            actor=caller.actor,
            roles=sorted(caller.roles),
            state="waiting",
            dry_run=dry_run,
            total=len(rows),
            created_at=await self._intake.service.clock.now(session),
        )
        session.add(file)
        await session.flush()
        parts = parts_of(self._intake, caller.agency, file.id, head, rows)
        await session.execute(_ADD_PARTS, [part.model_dump() for part in parts])
        session.add(QueuedImport(import_id=file.id, agency=caller.agency, created_at=file.created_at))
        return file

    async def show(self, caller: Caller, import_id: UUID) -> Import | None:
        """None when the institution has no such import."""
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            file = await _find(session, import_id)
            if file is None:
                return None
            return shown.of_import(file, await head_of(self._intake, session, import_id))

    async def page(self, caller: Caller, cursor: str | None) -> ImportPage:
        """Newest first. Raises Problem for a cursor that is none."""
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            files, following = await newest_first(
                session, select(ImportRow), ImportRow.created_at, ImportRow.id, cursor
            )
            heads = [await head_of(self._intake, session, file.id) for file in files]
        items = tuple(shown.of_import(file, head) for file, head in zip(files, heads, strict=True))
        return ImportPage(items=items, next=following)

    async def rows(
        self, caller: Caller, import_id: UUID, outcome: Outcome | None, after: int
    ) -> ImportedRowPage | None:
        """What became of the rows after this one, in the order of the file; None for no such import."""
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            if await _find(session, import_id) is None:
                return None
            query = select(OutcomeRow).where(OutcomeRow.import_id == import_id, OutcomeRow.row > after)
            if outcome is not None:
                query = query.where(OutcomeRow.outcome == outcome)
            query = query.order_by(col(OutcomeRow.row)).limit(shown.PAGE_ROWS + 1)
            rows = (await session.exec(query)).all()
            head = await head_of(self._intake, session, import_id)
        return shown.page_of(rows, head, caller.language)

    async def bad_rows(self, caller: Caller, import_id: UUID) -> bytes | None:
        """The rows to correct, as a CSV file to be corrected and sent again; None for no such import.

        Raises Problem 410 once the file is deleted.
        """
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            if await _find(session, import_id) is None:
                return None
            head = await head_of(self._intake, session, import_id)
            if head is None:
                raise Problem("import_gone")
            query = select(OutcomeRow).where(OutcomeRow.import_id == import_id, OutcomeRow.outcome == "bad")
            bad = {row.row: row for row in (await session.exec(query)).all()}
            lines = await all_lines(self._intake, session, import_id) if bad else []
        told = [(line, bad[line.number]) for line in lines if line.number in bad]
        return report.written(head, told, caller.language)


async def _find(session: AsyncSession, import_id: UUID) -> ImportRow | None:
    return (await session.exec(select(ImportRow).where(ImportRow.id == import_id))).one_or_none()


async def _remembered(session: AsyncSession, known_as: bytes) -> Mapping[int, str | None]:
    query = select(KnownColumns.fields).where(KnownColumns.fingerprint == known_as)
    fields = (await session.exec(query)).one_or_none() or {}
    return {int(place): field for place, field in fields.items()}
