"""The file in the database: its head and its rows, sealed for this node, in pieces that are opened one at a time."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.base import Told
from services.intake.context import Intake
from services.intake.importing.columns import Head
from services.intake.importing.models import PartRow
from services.intake.importing.table import Line
from services.kit.sealing import seal, unseal

PART_ROWS = 100

_HEAD = 0


class Part(Told):
    """Some rows that follow one another."""

    lines: list[Line]


def parts_of(intake: Intake, agency: str, import_id: UUID, head: Head, lines: Sequence[Line]) -> Iterator[PartRow]:
    """The rows to save for a file."""
    pieces = [lines[begin : begin + PART_ROWS] for begin in range(0, len(lines), PART_ROWS)]
    for number, content in enumerate([head, *(Part(lines=list(piece)) for piece in pieces)]):
        sealed = seal(intake.keyring, content, to=intake.service.node, context=_context(import_id, number))
        yield PartRow(import_id=import_id, part=number, agency=agency, sealed=sealed)


async def head_of(intake: Intake, session: AsyncSession, import_id: UUID) -> Head | None:
    """None once the file is deleted."""
    sealed = await _sealed(session, import_id, _HEAD)
    return None if sealed is None else unseal(intake.keyring, Head, sealed, context=_context(import_id, _HEAD))


async def lines_from(intake: Intake, session: AsyncSession, import_id: UUID, place: int) -> Sequence[Line]:
    """The rows from the one at this place, counted from 0, to the end of its part. Raises LookupError without them."""
    number = 1 + place // PART_ROWS
    sealed = await _sealed(session, import_id, number)
    if sealed is None:
        raise LookupError("no such part")
    return unseal(intake.keyring, Part, sealed, context=_context(import_id, number)).lines[place % PART_ROWS :]


async def all_lines(intake: Intake, session: AsyncSession, import_id: UUID) -> list[Line]:
    """All rows of a file that is not deleted."""
    query = select(PartRow).where(PartRow.import_id == import_id, PartRow.part > _HEAD).order_by(col(PartRow.part))
    pieces = (await session.exec(query)).all()
    return [
        line
        for piece in pieces
        for line in unseal(intake.keyring, Part, piece.sealed, context=_context(import_id, piece.part)).lines
    ]


async def _sealed(session: AsyncSession, import_id: UUID, number: int) -> str | None:
    query = select(PartRow.sealed).where(col(PartRow.import_id) == import_id, PartRow.part == number)
    return (await session.exec(query)).one_or_none()


def _context(import_id: UUID, number: int) -> str:
    return f"import {import_id} {number}"
