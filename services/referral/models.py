"""Rows of the receiver's side. A tenant sees its own only: row-level security, see `migrations/`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import registry
from sqlmodel import Field

from contracts.codes import ReferralKind, Status, Urgency
from services.kit.database import Row

REFERRAL = registry()


class ReferralRow(Row, registry=REFERRAL):
    """Base of the rows of this service."""


class ReceivedReferral(ReferralRow, table=True):
    """A referral at its receiver: the authoritative one. The dossier stays sealed as it arrived.

    `former_custodian`: who led the case before the acceptance, when that moved it; `was_accepted`: also when that was
    undone since, and files may be on their way.
    """

    __tablename__ = "referral"

    id: UUID = Field(primary_key=True)
    agency: str
    sender: str
    unit: str | None = None
    path_id: UUID
    number: str
    kind: ReferralKind = Field(sa_type=String)
    urgency: Urgency = Field(sa_type=String)
    status: Status = Field(sa_type=String)
    version: int
    custodian: str | None
    sealed_dossier: str | None
    submitted_at: datetime
    delivered_at: datetime
    seen_at: datetime | None = None
    decided_at: datetime | None = None
    claimed_by: str | None = None
    decided_by: str | None = None
    former_custodian: str | None = None
    was_accepted: bool = False
    reason: str | None = None
    sealed_note: str | None = None
    sealed_question: str | None = None
    question_due_on: date | None = None
    question_rounds: int = 0
    sealed_answer: str | None = None


class ReceivedRequest(ReferralRow, table=True):
    """A request of the sender and what became of it."""

    __tablename__ = "request"

    id: UUID = Field(primary_key=True)
    agency: str
    referral_id: UUID
    action: str
    state: str
    reason: str | None
    asked_at: datetime
    answered_at: datetime


class Lease(ReferralRow, table=True):
    """A claim that lapses. Holds no tenant's data, so that one sweep finds all that are over."""

    __tablename__ = "lease"

    referral_id: UUID = Field(primary_key=True)
    agency: str
    until: datetime
