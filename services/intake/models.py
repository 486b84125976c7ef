"""Rows of the sender's side. A tenant sees its own only: row-level security, see `migrations/`."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Identity, LargeBinary, String, Uuid
from sqlalchemy.orm import registry
from sqlmodel import Field

from contracts.codes import ReferralKind, Status, Urgency
from services.kit.database import Row

INTAKE = registry()


class IntakeRow(Row, registry=INTAKE):
    """Base of the rows of this service."""


class Client(IntakeRow, table=True):
    """A person as one institution knows them. Who it is stays sealed; `person_index` only finds them again.

    One that is `merged_into` another was found to be that person: whatever leads here leads there. `named`: found by
    names too (`services/intake/namesakes.py`); those of before that are so a moment after the node starts.
    """

    __tablename__ = "client"

    id: UUID = Field(primary_key=True)
    agency: str
    person_index: bytes = Field(sa_type=LargeBinary)
    created_at: datetime
    sealed_known: str | None = None
    has_pesel: bool = False
    named: bool = False
    version: int = 1
    updated_at: datetime | None = None
    updated_by: str | None = None
    merged_into: UUID | None = None


class ClientVersion(IntakeRow, table=True):
    """What was known of a client until something else was told."""

    __tablename__ = "client_version"

    client_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    agency: str
    sealed_known: str
    updated_at: datetime
    updated_by: str


class ClientKey(IntakeRow, table=True):
    """A blind index by which a record without PESEL is found in spite of errors (`services/intake/matching.py`)."""

    __tablename__ = "client_key"

    agency: str = Field(primary_key=True)
    key: bytes = Field(primary_key=True, sa_type=LargeBinary)
    client_id: UUID = Field(primary_key=True)


class ClientName(IntakeRow, table=True):
    """A blind index by which a client is found by names alone (`services/intake/naming.py`)."""

    __tablename__ = "client_name"

    agency: str = Field(primary_key=True)
    key: bytes = Field(primary_key=True, sa_type=LargeBinary)
    client_id: UUID = Field(primary_key=True)


class ClientMerge(IntakeRow, table=True):
    """Two records found to be one person, with all that is needed to take them apart again.

    `kept_version`: of the kept record before; `moved`: what belonged to the one that is gone; `redirected`: records
    that had been merged into it.
    """

    __tablename__ = "client_merge"

    id: UUID = Field(primary_key=True)
    agency: str
    kept: UUID
    gone: UUID
    kept_version: int
    moved: list[UUID] = Field(sa_type=ARRAY(Uuid))
    redirected: list[UUID] = Field(sa_type=ARRAY(Uuid))
    sealed_reason: str
    merged_by: str
    merged_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None


class ClientAccess(IntakeRow, table=True):
    """Somebody looked for a client (`search`, then there is no `client_id`), or saw who one is: as `found` by a search,
    in the `list` of all, or on their `card` with everything that is known of them."""

    __tablename__ = "client_access"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    agency: str
    actor: str
    kind: str
    client_id: UUID | None = None
    at: datetime


class Draft(IntakeRow, table=True):
    """A referral somebody is still writing, as typed. What is beside the form is read from it, where it can be.

    `opinion_asked_of`: the login of whom the opinion was asked, when of somebody by name.
    """

    __tablename__ = "draft"

    id: UUID = Field(primary_key=True)
    agency: str
    client_id: UUID | None
    path_id: UUID
    number: str
    receiver: str | None
    kind: ReferralKind | None = Field(sa_type=String)
    urgency: Urgency = Field(sa_type=String)
    status: Literal["draft", "opinion_pending"] = Field(default="draft", sa_type=String)
    revision: int = 0
    sealed_form: str
    created_at: datetime
    saved_at: datetime
    opinion_asked_by: str | None = None
    opinion_asked_of: str | None = None
    opinion_asked_at: datetime | None = None
    opinion_given_by: str | None = None
    opinion_given_at: datetime | None = None


class SentReferral(IntakeRow, table=True):
    """The sender's copy of a referral. After sending it changes only by events of the receiving node.

    `reopened`: a decision was taken back, or an end, so another one like it may have been sent meanwhile.
    `suspended_for`: why it pauses, or did the last time. `follows`, `followed_by`, `lineage`: the referral in whose
    place it was sent, the one in its place, and the institutions that had it before by redirects.
    """

    __tablename__ = "referral"

    id: UUID = Field(primary_key=True)
    agency: str
    client_id: UUID
    path_id: UUID
    number: str
    receiver: str
    unit: str | None = None
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
    reopened: bool = False
    ended_at: datetime | None = None
    was_in_charge: bool = False
    suggestion: str | None = None
    edition: str | None = None
    review_on: date | None = None
    edition_starts_on: date | None = None
    meet_at: datetime | None = None
    sealed_place: str | None = None
    attempts: int = 0
    suspended_until: date | None = None
    suspended_for: str | None = None
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


class SentRequest(IntakeRow, table=True):
    """What the sender asked the receiver to do with a referral: pending until the receiver's answer is back."""

    __tablename__ = "request"

    id: UUID = Field(primary_key=True)
    agency: str
    referral_id: UUID
    action: str
    state: str
    reason: str | None
    sealed_note: str | None = None
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
