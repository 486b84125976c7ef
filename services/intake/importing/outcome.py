"""What becomes of one row: a referral made as if somebody had typed it, or the one that is there already, or what is
wrong with it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import LargeBinary, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import NewReferral
from contracts.imports import Outcome
from services.intake import commands, drafts
from services.intake.context import Intake
from services.intake.importing.columns import Head
from services.intake.importing.models import ImportRow, KnownRow, OutcomeRow
from services.intake.importing.rows import content_of, place_of, referral_of
from services.intake.importing.table import Line
from services.intake.models import INTAKE, Draft, SentReferral
from services.kit.caller import Caller
from services.kit.database import attempt
from services.kit.outages import is_down
from services.kit.problems import FieldError, Problem, invalid

log = structlog.get_logger()

_MARKS = insert(INTAKE.metadata.tables[KnownRow.__tablename__])
_MARK = _MARKS.on_conflict_do_update(
    index_elements=["agency", "digest"], set_={"referral_id": _MARKS.excluded.referral_id}
)
"""A mark that is there already leads to a draft that was discarded."""


_INDEX_BYTES = 32
"""Of one blind index."""


class _Undone(Exception):
    """A dry run has seen that the referral could be created."""


async def take(intake: Intake, session: AsyncSession, file: ImportRow, head: Head, line: Line) -> OutcomeRow:
    """Bring one row in, unless the file only runs dry; an outage is raised and leaves nothing behind."""
    result = OutcomeRow(import_id=file.id, row=line.number, agency=file.agency, outcome="bad", errors=[])
    try:
        new = referral_of(head, line, intake.service.directory)
        result.digest, result.place = _indexes(intake, file.agency, new)
        known = await _known(session, file, result)
        if known is not None:
            result.outcome, result.referral_id = known
        else:
            result.referral_id = await _create(intake, session, file, new, result.digest)
            result.outcome = "created"
    except Problem as problem:
        if problem.code == "already_open":
            result.referral_id = _linked(problem)
        if result.referral_id is not None and await _goes_to(session, result.referral_id, new.receiver):
            result.outcome = "same"
        else:
            result.errors = _told(problem)
    except Exception as error:
        if is_down(error):
            raise
        # One row must not hold up the others for ever; what it was stays out of the log.
        log.error("import_row_failed", import_id=str(file.id), row=line.number, cause=type(error).__name__)
        result.errors = _told(invalid(FieldError("", "import_row_failed")))
    return result


def _indexes(intake: Intake, agency: str, new: NewReferral) -> tuple[bytes, bytes | None]:
    places = place_of(new, agency, intake.service.directory) or ()
    index = intake.keyring.index
    place = b"".join(index("import place", agency, each) for each in places)
    return index("import row", agency, content_of(new)), place or None


async def _known(session: AsyncSession, file: ImportRow, row: OutcomeRow) -> tuple[Outcome, UUID | None] | None:
    """Whether the row is there already. Raises Problem 409 when something else is in its place."""
    there = or_(col(KnownRow.referral_id).in_(select(SentReferral.id)), col(KnownRow.referral_id).in_(select(Draft.id)))
    mark = select(KnownRow.referral_id).where(KnownRow.digest == row.digest, there)
    referral_id = (await session.exec(mark)).one_or_none()
    if referral_id is not None:
        return "same", referral_id
    return await _seen(session, row) if file.dry_run else None


async def _seen(session: AsyncSession, row: OutcomeRow) -> tuple[Outcome, None] | None:
    """The same within a dry run: of the earlier rows of the file nothing else is left."""
    alike = [col(OutcomeRow.digest) == row.digest]
    if row.place is not None:
        kept_out = func.substring(OutcomeRow.place, 1, _INDEX_BYTES, type_=LargeBinary)
        alike.append(kept_out == row.place[:_INDEX_BYTES])
    earlier = select(OutcomeRow).where(
        OutcomeRow.import_id == row.import_id, OutcomeRow.outcome == "created", or_(*alike)
    )
    found = (await session.exec(earlier.order_by(col(OutcomeRow.digest) != row.digest).limit(1))).first()
    if found is None:
        return None
    if row.digest != found.digest and row.place != found.place:
        raise Problem("already_open")
    return "same", None


async def _create(
    intake: Intake, session: AsyncSession, file: ImportRow, new: NewReferral, digest: bytes
) -> UUID | None:
    """The id of the new referral, None in a dry run. Raises Problem, with nothing of it left in the transaction."""
    caller = Caller(file.agency, frozenset(file.roles), file.actor)
    try:
        async with attempt(session):
            referral_id = await _enter(intake, session, caller, new)
            mark = {"agency": file.agency, "digest": digest, "referral_id": referral_id}
            await session.execute(_MARK, mark)
            if file.dry_run:
                raise _Undone
    except _Undone:
        return None
    return referral_id


async def _enter(intake: Intake, session: AsyncSession, caller: Caller, new: NewReferral) -> UUID:
    if new.draft:
        return (await drafts.begin(intake, session, caller, new.model_dump(mode="json", exclude_none=True))).id
    referral, _ = await commands.create(intake, session, caller, new)
    return referral.id


async def _goes_to(session: AsyncSession, referral_id: UUID, receiver: str) -> bool:
    query = select(SentReferral.receiver).where(SentReferral.id == referral_id)
    return (await session.exec(query)).one_or_none() == receiver


def _linked(problem: Problem) -> UUID | None:
    """The referral that a refusal points to."""
    return UUID(problem.links[0].rpartition("/")[2]) if problem.links else None


def _told(problem: Problem) -> list[dict[str, Any]]:
    """The refusal in both languages: who reads it later may prefer the other one."""
    polish, english = problem.body("pl"), problem.body("en")
    whole = ({"field": "", "code": problem.code, "message": polish["title"]},)
    fields: Sequence[dict[str, Any]] = polish.get("errors", whole)
    sentences = [each["message"] for each in english.get("errors", ({"message": english["title"]},))]
    return [
        {"field": each["field"], "code": each["code"], "pl": each["message"], "en": sentence}
        for each, sentence in zip(fields, sentences, strict=True)
    ]
