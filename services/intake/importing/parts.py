"""The file in the database: its head and its rows, sealed for this node, in pieces that are opened one at a time."""

from collections.abc import Iterable, Iterator, Sequence
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
PART_CHARACTERS = 200_000
"""A row may have half of that. A character takes six bytes of JSON at most: less than a sealed value may hold."""

_HEAD = 0


class Part(Told):
    """Some rows that follow one another."""

    lines: list[Line]


def parts_of(intake: Intake, agency: str, import_id: UUID, head: Head, lines: Sequence[Line]) -> Iterator[PartRow]:
    """The rows to save for a file. A part of it is numbered by its first row, counted from 1."""
    for number, content in [(_HEAD, head), *pieces(lines)]:
        sealed = seal(intake.keyring, content, to=intake.service.node, context=_context(import_id, number))
        yield PartRow(import_id=import_id, part=number, agency=agency, sealed=sealed)


def pieces(lines: Iterable[Line]) -> Iterator[tuple[int, Part]]:
    """The rows in parts, each with its number."""
    number, part, characters = 1, list[Line](), 0
    for line in lines:
        size = sum(map(len, line.cells))
        if part and (len(part) == PART_ROWS or characters + size > PART_CHARACTERS):
            yield number, Part(lines=part)
            number, part, characters = number + len(part), [], 0
        part.append(line)
        characters += size
    yield number, Part(lines=part)


async def head_of(intake: Intake, session: AsyncSession, import_id: UUID) -> Head | None:
    """None once the file is deleted."""
    query = select(PartRow.sealed).where(col(PartRow.import_id) == import_id, PartRow.part == _HEAD)
    sealed = (await session.exec(query)).one_or_none()
    return None if sealed is None else unseal(intake.keyring, Head, sealed, context=_context(import_id, _HEAD))


async def lines_from(intake: Intake, session: AsyncSession, import_id: UUID, place: int) -> Sequence[Line]:
    """The rows from the one at this place, counted from 0, to the end of its part. Raises LookupError without them."""
    query = select(PartRow).where(PartRow.import_id == import_id, PartRow.part > _HEAD, PartRow.part <= place + 1)
    piece = (await session.exec(query.order_by(col(PartRow.part).desc()).limit(1))).one_or_none()
    if piece is None:
        raise LookupError("no such part")
    return _opened(intake, piece)[place + 1 - piece.part :]


async def all_lines(intake: Intake, session: AsyncSession, import_id: UUID) -> list[Line]:
    """All rows of a file that is not deleted."""
    query = select(PartRow).where(PartRow.import_id == import_id, PartRow.part > _HEAD).order_by(col(PartRow.part))
    return [line for piece in (await session.exec(query)).all() for line in _opened(intake, piece)]


def _opened(intake: Intake, piece: PartRow) -> list[Line]:
    return unseal(intake.keyring, Part, piece.sealed, context=_context(piece.import_id, piece.part)).lines


def _context(import_id: UUID, number: int) -> str:
    return f"import {import_id} {number}"
