"""Rows of the sender's side. A tenant sees its own only: row-level security, see `migrations/`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import registry
from sqlmodel import Field

from contracts.codes import ReferralKind, Status, Urgency
from services.kit.database import Row

INTAKE = registry()


class IntakeRow(Row, registry=INTAKE):
    """Base of the rows of this service."""


class Client(IntakeRow, table=True):
    """A person as one institution knows them. Who it is stays sealed; `person_index` only finds them again."""

    __tablename__ = "client"

    id: UUID = Field(primary_key=True)
    agency: str
    person_index: bytes = Field(sa_type=LargeBinary)
    created_at: datetime


class SentReferral(IntakeRow, table=True):
    """The sender's copy of a referral. After sending it changes only by events of the receiving node."""

    __tablename__ = "referral"

    id: UUID = Field(primary_key=True)
    agency: str
    client_id: UUID
    path_id: UUID
    number: str
    receiver: str
    kind: ReferralKind = Field(sa_type=String)
    urgency: Urgency = Field(sa_type=String)
    status: Status = Field(sa_type=String)
    version: int
    custodian: str | None
    sealed_form: str
    created_at: datetime
    submitted_at: datetime | None = None
    delivered_at: datetime | None = None
    seen_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    sealed_note: str | None = None
    sealed_question: str | None = None
    question_due_on: date | None = None
    sealed_answer: str | None = None


class SentRequest(IntakeRow, table=True):
    """What the sender asked the receiver to do with a referral: pending until the receiver's answer is back."""

    __tablename__ = "request"

    id: UUID = Field(primary_key=True)
    agency: str
    referral_id: UUID
    action: str
    state: str
    reason: str | None
    asked_at: datetime
    answered_at: datetime | None = None


class StoredAnswer(IntakeRow, table=True):
    """The answer to a creation under this Idempotency-Key, sealed because it shows the person."""

    __tablename__ = "idempotency"

    agency: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    body_hash: str
    sealed_answer: str | None = None
    created_at: datetime | None = None
