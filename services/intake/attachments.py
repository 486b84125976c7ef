"""The files of the institution that sends: kept, looked up, named by a referral or an application, opened, deleted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.attachments import PART_BYTES
from contracts.dossier import Attached
from rules.calendar import local_day
from rules.limits import limit
from services.intake.attachments_rows import AccessRow, AttachmentRow, PartRow, UseRow
from services.intake.attachments_types import clean_name, media_type_of
from services.intake.context import Intake
from services.kit.caller import Caller
from services.kit.files import Content, File, part_context
from services.kit.keyring import Keyring
from services.kit.problems import FieldError, Problem, not_found
from services.kit.sealing import Text, seal, unseal


@dataclass(frozen=True)
class Chosen:
    """The files that a form names, and what is wrong with the naming of others."""

    files: tuple[Attached, ...]
    errors: tuple[FieldError, ...]


async def keep(intake: Intake, session: AsyncSession, caller: Caller, file: File) -> AttachmentRow:
    """Store a file, sealed. Raises Problem for one that may not be attached."""
    now = await intake.service.clock.now(session)
    most = limit("attachment_bytes", local_day(now))
    if len(file.content) > most:
        raise Problem("file_too_large", megabytes=most // 1_000_000)
    await _check_unused(session, len(file.content), limit("unused_attachments_bytes", local_day(now)))
    media_type = await asyncio.to_thread(media_type_of, file.content)
    identity = UUID(int=uuid7().int)
    name = Text(text=clean_name(file.name, media_type))
    row = AttachmentRow(
        id=identity,
        agency=caller.agency,
        media_type=media_type,
        size=len(file.content),
        parts=-(-len(file.content) // PART_BYTES),
        sealed_name=seal(intake.keyring, name, to=intake.service.node, context=identity),
        uploaded_by=caller.actor,
        uploaded_at=now,
    )
    session.add(row)
    await session.flush()
    for part in range(1, row.parts + 1):
        content = file.content[(part - 1) * PART_BYTES : part * PART_BYTES]
        sealed = intake.keyring.seal(content, to=intake.service.node, context=part_context(identity, part))
        await session.execute(
            insert(PartRow).values(attachment_id=identity, part=part, agency=caller.agency, sealed=sealed)
        )
    return row


async def _check_unused(session: AsyncSession, size: int, most: int) -> None:
    """Raises Problem 409 when too much is kept that nothing names. Uploads at once do not see each other."""
    used = select(UseRow.attachment_id).where(UseRow.attachment_id == AttachmentRow.id).exists()
    unused = select(func.coalesce(func.sum(AttachmentRow.size), 0)).where(~used)
    if (await session.exec(unused)).one() + size > most:
        raise Problem("attachments_unused", megabytes=most // 1_000_000)


async def find(session: AsyncSession, attachment_id: UUID) -> AttachmentRow:
    """The caller's own file. Raises Problem 404."""
    row = (await session.exec(select(AttachmentRow).where(AttachmentRow.id == attachment_id))).one_or_none()
    if row is None:
        raise not_found()
    return row


async def is_used(session: AsyncSession, attachment_id: UUID) -> bool:
    """Whether a referral or an application names it."""
    query = select(UseRow.used_by).where(UseRow.attachment_id == attachment_id).limit(1)
    return (await session.exec(query)).first() is not None


async def discard(session: AsyncSession, attachment_id: UUID) -> None:
    """Delete a file that nothing names. Raises Problem 404, 409."""
    query = select(AttachmentRow).where(AttachmentRow.id == attachment_id).with_for_update()
    row = (await session.exec(query)).one_or_none()
    if row is None:
        raise not_found()
    if await is_used(session, attachment_id):
        raise Problem("attachment_in_use")
    await session.delete(row)


async def chosen(intake: Intake, session: AsyncSession, ids: Sequence[UUID], today: date) -> Chosen:
    """The files of these ids, the caller's own, which stay until the transaction ends; errors are of `attachments`."""
    if not ids:
        return Chosen((), ())
    query = select(AttachmentRow).where(col(AttachmentRow.id).in_(ids)).with_for_update(read=True, key_share=True)
    rows = {row.id: row for row in (await session.exec(query)).all()}
    errors = [
        FieldError(f"attachments.{place}", "attachment_unknown" if each not in rows else "attachment_twice")
        for place, each in enumerate(ids)
        if each not in rows or each in ids[:place]
    ]
    most = limit("attachments_bytes", today)
    if sum(row.size for row in rows.values()) > most:
        errors.append(FieldError("attachments", "attachments_too_large", {"megabytes": most // 1_000_000}))
    files = tuple(attached(intake.keyring, rows[each]) for each in dict.fromkeys(ids) if each in rows)
    return Chosen(files, tuple(errors))


async def named(intake: Intake, session: AsyncSession, ids: Sequence[UUID]) -> tuple[Attached, ...]:
    """The files that a saved form names."""
    if not ids:
        return ()
    rows = (await session.exec(select(AttachmentRow).where(col(AttachmentRow.id).in_(ids)))).all()
    return tuple(attached(intake.keyring, row) for row in sorted(rows, key=lambda row: ids.index(row.id)))


async def use(session: AsyncSession, agency: str, used_by: UUID, ids: Sequence[UUID], *, shared: bool = False) -> None:
    """Note that the referral, draft or application `used_by` names these files. `shared`: their contents go to the
    receiver once it has accepted."""
    if not ids:
        return
    rows = insert(UseRow).values(
        [
            {
                "attachment_id": each,
                "used_by": used_by,
                "agency": agency,
                "shared": shared,
            }
            for each in ids
        ]
    )
    await session.execute(
        rows.on_conflict_do_update(index_elements=["attachment_id", "used_by"], set_={"shared": rows.excluded.shared})
    )


async def release(session: AsyncSession, used_by: UUID, *, but: Sequence[UUID]) -> None:
    """Note that a form that was changed names no other files any more `but` these."""
    await session.execute(delete(UseRow).where(col(UseRow.used_by) == used_by, col(UseRow.attachment_id).not_in(but)))


async def opened(intake: Intake, session: AsyncSession, caller: Caller, row: AttachmentRow) -> Content:
    """The file, to be read after this transaction; that the caller has opened it is noted in this one."""
    now = await intake.service.clock.now(session)
    session.add(AccessRow(agency=caller.agency, attachment_id=row.id, actor=caller.actor, at=now))
    name = attached(intake.keyring, row).name
    return Content(name, row.media_type, row.size, _content(intake, row))


async def _content(intake: Intake, row: AttachmentRow) -> AsyncIterator[bytes]:
    for part in range(1, row.parts + 1):
        async with intake.service.database.transaction(row.agency) as session:
            content = await content_of(intake.keyring, session, row.id, part)
        yield content


async def content_of(keyring: Keyring, session: AsyncSession, attachment_id: UUID, part: int) -> bytes:
    """One part of a file. Raises NoResultFound, CannotOpen."""
    query = select(PartRow.sealed).where(PartRow.attachment_id == attachment_id, PartRow.part == part)
    return keyring.open((await session.exec(query)).one(), context=part_context(attachment_id, part))


def attached(keyring: Keyring, row: AttachmentRow) -> Attached:
    """What a dossier tells of a file. Raises CannotOpen."""
    name = unseal(keyring, Text, row.sealed_name, context=row.id).text
    return Attached(id=row.id, name=name, media_type=row.media_type, size=row.size)
