"""What one institution tells another about a person: the only message that holds personal data.

It travels sealed (JWE) and cut to the fields that `rules/sharing.toml` allows for the pair of institutions.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Code, Message, Told
from contracts.codes import Ground
from contracts.form import (
    AccessibilityNeed,
    Address,
    Background,
    Consent,
    GroundDocument,
    Health,
    HouseholdMember,
    IdentityDocument,
    LabourMarket,
    Representative,
    Situation,
)

OpinionResult = Literal["positive", "negative", "with_conditions"]


class Opinion(Message):
    """Opinia pracownika socjalnego, after a family interview (Act on social employment, art. 12 ust. 2)."""

    result: OpinionResult
    issued_on: date
    interview_on: date
    conditions: str | None = Field(default=None, max_length=2000)
    reasons: str | None = Field(default=None, max_length=4000)
    findings: str | None = Field(default=None, max_length=4000)
    """Only what the centre needs to know of the interview."""
    barriers: str | None = Field(default=None, max_length=2000)
    resources: str | None = Field(default=None, max_length=2000)
    motivation: str | None = Field(default=None, max_length=2000)
    social_scope: str | None = Field(default=None, max_length=2000)
    vocational_scope: str | None = Field(default=None, max_length=2000)
    social_contract: bool | None = None


class Attached(Told):
    """A file that comes with a referral; its content travels apart, when the matrix lets it."""

    id: UUID
    name: str
    media_type: str
    size: int
    """Bytes."""


class Dossier(Told):
    """Every field is optional here, because the sharing matrix may remove any of them.

    What a referral must hold before it may be sent is the business of `services/intake/domain.py`.
    """

    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    sex: Literal["female", "male"] | None = None
    pesel: str | None = None
    phone: str | None = None
    email: str | None = None
    address: Address | None = None
    grounds: tuple[Ground, ...] | None = None
    person_at_risk: bool | None = None
    reason: str | None = None
    expectations: str | None = None
    accessibility_needs: str | None = None
    opinion: Opinion | None = None
    opinion_result: OpinionResult | None = None
    case_mark: str | None = None
    """The office's own *znak sprawy*."""
    previous_family_name: str | None = None
    document: IdentityDocument | None = None
    citizenship: str | None = None
    preferred_contact: str | None = None
    language: str | None = None
    representative: Representative | None = None
    other_ground: str | None = None
    ground_documents: tuple[GroundDocument, ...] | None = None
    general_clause: bool | None = None
    labour: LabourMarket | None = None
    health: Health | None = None
    background: Background | None = None
    situation: Situation | None = None
    household: tuple[HouseholdMember, ...] | None = None
    preferred_workshop: Code | None = None
    availability: str | None = None
    accessibility: tuple[AccessibilityNeed, ...] | None = None
    attachments: tuple[Attached, ...] | None = None
    consent: Consent | None = None
