"""Notices that other institutions have given: stored as they came, sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.envelope import Envelope
from contracts.events import NoticeGiven
from contracts.notices import NoticeContent, NoticeKind
from services.kit.delivery import Forged
from services.kit.sealing import unseal
from services.referral.context import Receiving
from services.referral.models import ReferralRow


class ReceivedNotice(ReferralRow, table=True):
    """A notice as its addressee keeps it. `read_at`: when somebody there has marked it as read."""

    __tablename__ = "notice"

    id: UUID = Field(primary_key=True)
    agency: str
    kind: NoticeKind = Field(sa_type=String)
    sender: str
    at: datetime
    read_at: datetime | None = None
    referral_id: UUID | None
    sealed_content: str
    path_id: UUID | None = None


async def store(receiving: Receiving, session: AsyncSession, event: NoticeGiven, envelope: Envelope) -> None:
    """Store a notice. Raises Forged, and CannotOpen for one that nobody here could read."""
    if envelope.source != event.sender or event.sealed is None:
        raise Forged(envelope.source)
    unseal(receiving.keyring, NoticeContent, event.sealed, context=event.notice_id)
    session.add(
        ReceivedNotice(
            id=event.notice_id,
            agency=event.receiver,
            kind=event.kind,
            sender=event.sender,
            at=event.at,
            referral_id=event.referral_id,
            sealed_content=event.sealed,
            path_id=event.path_id,
        )
    )
