"""What came of an acceptance: what of it cannot be taken back, and what is."""

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.problems import Problem
from services.referral.attachments_rows import ReceivedAccess, ReceivedPart
from services.referral.models import ReceivedReferral


async def obstacle(session: AsyncSession, referral: ReceivedReferral) -> Problem | None:
    """Somebody has opened a file that the acceptance brought: what was seen cannot be taken back."""
    if referral.status != "accepted":
        return None
    brought = select(ReceivedPart.attachment_id).where(ReceivedPart.referral_id == referral.id)
    opened = select(ReceivedAccess.id).where(
        col(ReceivedAccess.attachment_id).in_(brought), col(ReceivedAccess.at) >= referral.decided_at
    )
    return None if (await session.exec(opened.limit(1))).first() is None else Problem("undo_file_opened")


async def give_files_back(session: AsyncSession, referral: ReceivedReferral) -> None:
    """What the acceptance brought is gone with it; the next one brings it again."""
    await session.execute(delete(ReceivedPart).where(col(ReceivedPart.referral_id) == referral.id))
