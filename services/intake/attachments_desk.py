"""The sender's files at the public interface: HTTP request → one command in one transaction."""

from uuid import UUID

from sqlmodel import col, select

from contracts.attachments import Attachment
from services.intake import attachments
from services.intake.attachments_rows import AttachmentRow, UseRow
from services.intake.context import Intake
from services.kit.caller import Caller
from services.kit.files import Content, File


class AttachmentDesk:
    """What the edge offers about files: `services.kit.files.Uploads`."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def upload(self, caller: Caller, file: File) -> Attachment:
        async with self._intake.service.database.transaction(caller.agency) as session:
            return self._view(await attachments.keep(self._intake, session, caller, file), used=False)

    async def show(self, caller: Caller, attachment_id: UUID) -> Attachment:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            row = await attachments.find(session, attachment_id)
            return self._view(row, await attachments.is_used(session, attachment_id))

    async def content(self, caller: Caller, attachment_id: UUID) -> Content:
        async with self._intake.service.database.transaction(caller.agency) as session:
            row = await attachments.find(session, attachment_id)
            return await attachments.opened(self._intake, session, caller, row)

    async def delete(self, caller: Caller, attachment_id: UUID) -> None:
        async with self._intake.service.database.transaction(caller.agency) as session:
            await attachments.discard(session, attachment_id)

    async def of_referral(self, caller: Caller, referral_id: UUID, attachment_id: UUID) -> Content | None:
        query = (
            select(AttachmentRow)
            .join(UseRow, col(UseRow.attachment_id) == col(AttachmentRow.id))
            .where(UseRow.used_by == referral_id, AttachmentRow.id == attachment_id)
        )
        async with self._intake.service.database.transaction(caller.agency) as session:
            row = (await session.exec(query)).one_or_none()
            return None if row is None else await attachments.opened(self._intake, session, caller, row)

    def _view(self, row: AttachmentRow, used: bool) -> Attachment:
        return Attachment(
            id=row.id,
            name=attachments.attached(self._intake.keyring, row).name,
            media_type=row.media_type,
            size=row.size,
            uploaded_at=row.uploaded_at,
            in_use=used,
        )
