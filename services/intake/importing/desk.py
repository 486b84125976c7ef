"""What the edge offers of imports: take a file in, tell how far it is, what became of each row, what to correct."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.base import without_control_characters
from contracts.imports import FileColumns, Import, ImportAction, ImportedRowPage, ImportPage, NewImport, Outcome
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
from services.intake.importing.models import ImportRow, KnownColumns, OutcomeRow
from services.intake.importing.parts import all_lines, head_of
from services.intake.importing.queueing import cancel, queue, send
from services.intake.importing.reading import bounds, read
from services.intake.importing.room import Room
from services.intake.importing.table import Line
from services.intake.models import INTAKE
from services.kit.caller import Caller
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

    async def columns(self, caller: Caller, sent: File, new: NewImport) -> FileColumns:
        """How the file would be understood; nothing of it is kept. Raises Problem 413, 415, 422."""
        headers, rows, known_as = await self._opened(caller, sent, new)
        async with self._intake.service.database.transaction(caller.agency) as session:
            head = await _head(session, sent, new, headers, known_as)
        return shown.of_columns(head, len(rows), caller.language)

    async def start(self, caller: Caller, sent: File, new: NewImport) -> Import:
        """Read the file, understand its columns and queue its rows. Raises Problem 413, 415, 422 before any row."""
        headers, rows, known_as = await self._opened(caller, sent, new)
        async with self._intake.service.database.transaction(caller.agency) as session:
            head = await _head(session, sent, new, headers, known_as)
            check_complete(head)
            file = await queue(self._intake, session, caller, head, rows, dry_run=new.dry_run)
            if new.mapping:
                fields = {str(place): column.field for place, column in enumerate(head.columns) if column.known_from}
                row = {"agency": caller.agency, "fingerprint": known_as, "fields": fields}
                await session.execute(_REMEMBER, row)
        return shown.of_import(file, head)

    async def act(self, caller: Caller, import_id: UUID, action: ImportAction) -> Import | None:
        """Stop an import, or send the file of a dry run for good; None for no such import. Raises Problem 409, 410,
        429."""
        if action == "cancel":
            return await cancel(self._intake, caller, import_id)
        async with self.admitted(caller):
            return await send(self._intake, caller, import_id)

    async def _opened(self, caller: Caller, sent: File, new: NewImport) -> tuple[list[str], list[Line], bytes]:
        """Headers, rows, and as what files with these headers are known. Raises Problem."""
        lines = await self._read(caller, sent)
        place = header_line(lines, new.mapping)
        headers, rows = list(map(without_control_characters, lines[place].cells)), lines[place + 1 :]
        check_given(headers, new.mapping, new.values)
        if not rows:
            raise Problem("import_empty")
        return headers, rows, self._intake.keyring.index("columns", caller.agency, fingerprint(headers))

    async def _read(self, caller: Caller, sent: File) -> list[Line]:
        """The rows of the file. While one of an institution's files is read, its next ones wait."""
        async with self._intake.service.database.transaction() as session:
            within = bounds(local_day(await self._intake.service.clock.now(session)))
        if len(sent.content) > within.bytes:
            raise Problem("too_large")
        async with self._turns[caller.agency], self._reading:
            return await read(sent.content, within)

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


async def _head(session: AsyncSession, sent: File, new: NewImport, headers: Sequence[str], known_as: bytes) -> Head:
    columns = understand(headers, new.mapping, await _remembered(session, known_as))
    return Head(name=sent.name[:_LONGEST_NAME], columns=columns, values=new.values)


async def _find(session: AsyncSession, import_id: UUID) -> ImportRow | None:
    return (await session.exec(select(ImportRow).where(ImportRow.id == import_id))).one_or_none()


async def _remembered(session: AsyncSession, known_as: bytes) -> Mapping[int, str | None]:
    query = select(KnownColumns.fields).where(KnownColumns.fingerprint == known_as)
    fields = (await session.exec(query)).one_or_none() or {}
    return {int(place): field for place, field in fields.items()}
