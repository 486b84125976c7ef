"""What came of an acceptance: what of it cannot be taken back, and what is."""

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.referral.attachments_rows import ReceivedAccess, ReceivedPart
from services.referral.models import ReceivedReferral


async def file_was_opened(session: AsyncSession, referral: ReceivedReferral) -> bool:
    """Whether somebody has opened a file that the acceptance brought: what was seen cannot be taken back."""
    brought = select(ReceivedPart.attachment_id).where(ReceivedPart.referral_id == referral.id)
    opened = select(ReceivedAccess.id).where(
        col(ReceivedAccess.attachment_id).in_(brought), col(ReceivedAccess.at) >= referral.decided_at
    )
    return (await session.exec(opened.limit(1))).first() is not None


async def give_files_back(session: AsyncSession, referral: ReceivedReferral) -> None:
    """The files that the acceptance brought are gone; another one brings them again."""
    await session.execute(delete(ReceivedPart).where(col(ReceivedPart.referral_id) == referral.id))
