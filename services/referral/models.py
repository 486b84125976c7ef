"""Rows of the receiver's side. A tenant sees its own only: row-level security, see `migrations/`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field

from contracts.codes import ReferralKind, Status, Urgency
from services.kit.database import Row

REFERRAL = registry()


class ReferralRow(Row, registry=REFERRAL):
    """Base of the rows of this service."""


class ReceivedReferral(ReferralRow, table=True):
    """A referral at its receiver: the authoritative one. The dossier stays sealed as it arrived.

    `former_custodian`: who led the case before the last change of that; `was_accepted`: also when that was undone
    since, and files may be on their way. `trail`: the states to come back to (`rules.lifecycle.goes`). `reason`: of the
    last refusal, proposal or end; `suspended_for`: of the pause, or of the last one; `attempts`: to reach the person,
    since they last came. `edition_asked`: the one that it was sent for. `follows`, `lineage`: the referral in whose
    place it was sent, and the institutions that had it before.
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
    trail: list[str] = Field(default_factory=list, sa_type=ARRAY(String))
    ended_at: datetime | None = None
    suggestion: str | None = None
    edition: str | None = None
    edition_asked: str | None = None
    review_on: date | None = None
    meet_at: datetime | None = None
    meeting_changes: int = 0
    sealed_place: str | None = None
    attempts: int = 0
    channels: list[str] = Field(default_factory=list, sa_type=ARRAY(String))
    suspended_for: str | None = None
    suspended_until: date | None = None
    started_at: datetime | None = None
    signed_on: date | None = None
    outcome: str | None = None
    evidence: str | None = None
    sealed_summary: str | None = None
    reopen_asked: bool = False
    consent: bool = False
    consent_ended: bool = False
    follows: UUID | None = None
    followed_by: UUID | None = None
    lineage: list[str] = Field(default_factory=list, sa_type=ARRAY(String))


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
