"""Rows of attached files. Name and content stay sealed for this node; a tenant sees its own only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, String
from sqlmodel import Field

from contracts.attachments import MediaType
from services.intake.models import IntakeRow


class AttachmentRow(IntakeRow, table=True):
    """An uploaded file: `size` bytes in `parts` parts, numbered from 1."""

    __tablename__ = "attachment"

    id: UUID = Field(primary_key=True)
    agency: str
    media_type: MediaType = Field(sa_type=String)
    size: int
    parts: int
    sealed_name: str
    uploaded_by: str
    uploaded_at: datetime


class PartRow(IntakeRow, table=True):
    """One part of a file's content."""

    __tablename__ = "attachment_part"

    attachment_id: UUID = Field(primary_key=True)
    part: int = Field(primary_key=True)
    agency: str
    sealed: str


class UseRow(IntakeRow, table=True):
    """That a referral, a draft or an application, `used_by`, names a file. `shared`: the receiver may have the content,
    decided by the sharing matrix when the referral is sent."""

    __tablename__ = "attachment_use"

    attachment_id: UUID = Field(primary_key=True)
    used_by: UUID = Field(primary_key=True)
    agency: str
    shared: bool


class HandoverRow(IntakeRow, table=True):
    """A file on its way to the receiver of a referral, from `next_part` on. Holds no tenant's data, so that one look
    finds all that there are. `attempts`: how often it could not be sent; not before `due_at` is it tried again."""

    __tablename__ = "attachment_handover"

    referral_id: UUID = Field(primary_key=True)
    attachment_id: UUID = Field(primary_key=True)
    agency: str
    next_part: int
    ordered_at: datetime
    attempts: int = 0
    due_at: datetime


class AccessRow(IntakeRow, table=True):
    """Somebody opened a file."""

    __tablename__ = "attachment_access"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    agency: str
    attachment_id: UUID
    actor: str
    at: datetime
