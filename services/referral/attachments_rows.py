"""Rows of files that came with received referrals. A tenant sees its own only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity
from sqlmodel import Field

from services.referral.models import ReferralRow


class ReceivedPart(ReferralRow, table=True):
    """One part of a file, `part` of `parts`, sealed as it arrived."""

    __tablename__ = "attachment_part"

    referral_id: UUID = Field(primary_key=True)
    attachment_id: UUID = Field(primary_key=True)
    part: int = Field(primary_key=True)
    agency: str
    parts: int
    sealed: str


class ReceivedAccess(ReferralRow, table=True):
    """Somebody opened a file."""

    __tablename__ = "attachment_access"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    agency: str
    attachment_id: UUID
    actor: str
    at: datetime
