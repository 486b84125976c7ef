"""The files of received referrals: taken in part by part once the referral is accepted, opened when whole."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.dossier import Attached, Dossier
from contracts.envelope import Envelope
from services.kit.caller import Caller
from services.kit.delivery import Forged
from services.kit.files import Content, part_context
from services.kit.keyring import CannotOpen
from services.kit.problems import Problem
from services.kit.sealing import unseal
from services.referral import queries
from services.referral.attachments_rows import ReceivedAccess, ReceivedPart
from services.referral.context import Receiving
from services.referral.domain import has_files, may_read_files
from services.referral.models import ReceivedReferral


async def take_part(
    receiving: Receiving, session: AsyncSession, event: events.AttachmentPart, envelope: Envelope
) -> None:
    """Store one part, whatever others have arrived; none once the institution may not have it any more.

    Raises Forged for a file that nobody here may have: of another sender, before the acceptance, or not announced in
    the dossier; CannotOpen for a part that nobody here could read.
    """
    referral = await queries.find_and_hold(session, event.referral_id)
    if referral is None or envelope.source != referral.sender or not referral.was_accepted:
        raise Forged(envelope.source)
    if event.sealed is None:
        raise CannotOpen("empty")
    if not has_files(referral):  # it was on its way when the acceptance was undone, the consent ended, or it was voided
        return
    if _announced(receiving, referral, event.attachment_id) is None:
        raise Forged(envelope.source)
    receiving.keyring.open(event.sealed, context=part_context(event.attachment_id, event.part))
    part = insert(ReceivedPart).values(
        referral_id=event.referral_id,
        attachment_id=event.attachment_id,
        part=event.part,
        agency=event.receiver,
        parts=event.parts,
        sealed=event.sealed,
    )
    await session.execute(part.on_conflict_do_nothing())


class ReceivedAttachments:
    """What the edge offers about received files: `services.kit.files.ReceivedFiles`."""

    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving

    async def of_referral(self, caller: Caller, referral_id: UUID, attachment_id: UUID) -> Content | None:
        """Raises Problem 409 for a file that has not been handed over, or has not arrived in full."""
        async with self._receiving.service.database.transaction(caller.agency) as session:
            referral = await queries.find(session, referral_id)
            file = None if referral is None else _announced(self._receiving, referral, attachment_id)
            if referral is None or file is None:
                return None
            if not may_read_files(referral):
                raise Problem("attachment_not_yet")
            parts = await _parts(session, referral_id, attachment_id)
            if parts is None:
                raise Problem("attachment_on_its_way")
            now = await self._receiving.service.clock.now(session)
            session.add(ReceivedAccess(agency=caller.agency, attachment_id=attachment_id, actor=caller.actor, at=now))
        return Content(file.name, file.media_type, file.size, self._content(referral, attachment_id, parts))

    async def _content(self, referral: ReceivedReferral, attachment_id: UUID, parts: int) -> AsyncIterator[bytes]:
        for part in range(1, parts + 1):
            query = select(ReceivedPart.sealed).where(
                ReceivedPart.referral_id == referral.id,
                ReceivedPart.attachment_id == attachment_id,
                ReceivedPart.part == part,
            )
            async with self._receiving.service.database.transaction(referral.agency) as session:
                sealed = (await session.exec(query)).one()
            yield self._receiving.keyring.open(sealed, context=part_context(attachment_id, part))


def _announced(receiving: Receiving, referral: ReceivedReferral, attachment_id: UUID) -> Attached | None:
    """What the dossier tells of this file."""
    if referral.sealed_dossier is None:
        return None
    dossier = unseal(receiving.keyring, Dossier, referral.sealed_dossier, context=referral.id)
    return next((file for file in dossier.attachments or () if file.id == attachment_id), None)


async def _parts(session: AsyncSession, referral_id: UUID, attachment_id: UUID) -> int | None:
    """How many parts the file has; None unless all of them are here."""
    query = select(func.count(), func.max(ReceivedPart.parts)).where(
        ReceivedPart.referral_id == referral_id, ReceivedPart.attachment_id == attachment_id
    )
    here, parts = (await session.exec(query)).one()
    return parts if here and here == parts else None
