"""The work on files: row by row, each in a transaction of its own together with its mark and the progress.

Whoever dies in between leaves a row either done or not begun. Several processes may work: a row of `import` is worked
on by whoever holds its lock, and of an institution only the oldest file is worked on.
"""

from uuid import UUID

import structlog
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.context import Intake
from services.intake.importing.columns import Head
from services.intake.importing.models import ImportRow
from services.intake.importing.outcome import take
from services.intake.importing.parts import head_of, lines_from
from services.intake.importing.queueing import end
from services.intake.importing.table import Line
from services.kit import crash
from services.kit.loops import for_ever
from services.kit.outages import is_down
from services.kit.wake import Bell

log = structlog.get_logger()

POLL_SECONDS = 5.0
TURN_ROWS = 20
"""So many rows of one institution, then the next institution has its turn."""

_OLDEST = text("""
    select distinct on (agency) agency, import_id from import_queue order by agency, created_at, import_id
""")


class Importer:
    """Works on the files of all institutions of a node, in turns."""

    def __init__(self, intake: Intake, bell: Bell) -> None:
        self._intake = intake
        self._bell = bell

    async def run(self) -> None:
        """Work for ever; with nothing to do wait for the bell."""
        await for_ever("imports", self._round)

    async def _round(self) -> None:
        async with self._intake.service.database.transaction() as session:
            waiting = (await session.execute(_OLDEST)).all()
        done = [await self._turn(agency, import_id) for agency, import_id in waiting]
        if not any(done):
            await self._bell.wait(POLL_SECONDS)

    async def _turn(self, agency: str, import_id: UUID) -> int:
        """Some rows of one file; how many. What no waiting can mend ends the file, not the worker."""
        turn = _Turn(self._intake, agency, import_id)
        try:
            for count in range(TURN_ROWS):
                if not await turn.row():
                    return count
        except Exception as error:
            if is_down(error):
                raise
            log.error("import_failed", import_id=str(import_id), cause=type(error).__name__)
            await turn.fail()
        return TURN_ROWS


class _Turn:
    """One file in one turn, with the rows that were opened for it."""

    def __init__(self, intake: Intake, agency: str, import_id: UUID) -> None:
        self._intake = intake
        self._agency = agency
        self._id = import_id
        self._head: Head | None = None
        self._lines: dict[int, Line] = {}

    async def row(self) -> bool:
        """Do the next row; False when there is none, or another process has the file in hand."""
        async with self._intake.service.database.transaction(self._agency) as session:
            file = await self._locked(session)
            if file is None or file.finished_at is not None:
                return False
            head, line = await self._next(session, file)
            result = await take(self._intake, session, file, head, line)
            session.add(result)
            file.done += 1
            setattr(file, result.outcome, getattr(file, result.outcome) + 1)
            file.state = "running"
            if file.done == file.total:
                await end(self._intake, session, file, "done")
            session.add(file)
            await session.flush()
            if file.done == file.total // 2:
                crash.point("K18", self._intake.service.node)
        return True

    async def fail(self) -> None:
        """The file cannot be worked on; what was created stays."""
        async with self._intake.service.database.transaction(self._agency) as session:
            file = await self._locked(session)
            if file is not None:
                await end(self._intake, session, file, "failed")

    async def _locked(self, session: AsyncSession) -> ImportRow | None:
        query = select(ImportRow).where(ImportRow.id == self._id).with_for_update(skip_locked=True)
        return (await session.exec(query)).one_or_none()

    async def _next(self, session: AsyncSession, file: ImportRow) -> tuple[Head, Line]:
        """Raises LookupError when the file is not there."""
        self._head = self._head or await head_of(self._intake, session, self._id)
        if self._head is None:
            raise LookupError("no head")
        if file.done not in self._lines:  # also when another process has done some rows meanwhile
            self._lines = dict(enumerate(await lines_from(self._intake, session, self._id, file.done), file.done))
        return self._head, self._lines[file.done]
