"""What a referral or an application tells of a person, part by part. Everything may be left out: not known yet.

What must be there before something is sent is the business of `services/intake`; who may see which part is that of
`rules/sharing.toml`.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import EmailStr, Field, StringConstraints

from contracts.base import Code, Message
from contracts.codes import Ground

Teryt = Annotated[str, StringConstraints(pattern=r"^\d{7}$")]
"""A gmina in the register TERYT: `2409042`."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1: `PL`, `UA`."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class Address(Message):
    """Where the person lives or stays; `gmina` decides about the territory."""

    street: str | None = Field(default=None, max_length=200)
    postal_code: str | None = Field(default=None, pattern=r"^\d{2}-\d{3}$")
    town: str = Field(min_length=1, max_length=100)
    gmina: Teryt | None = None
    basis: Literal["residence", "stay"] = "residence"


class IdentityDocument(Message):
    """What tells a person without PESEL from others."""

    type: Literal["identity_card", "passport", "residence_card", "temporary_protection", "other"]
    number: str = Field(min_length=1, max_length=40)
    country: Country


class Representative(Message):
    """Przedstawiciel ustawowy or an attorney (Act on social employment, art. 12 ust. 1)."""

    given_name: str = Field(min_length=1, max_length=100)
    family_name: str = Field(min_length=1, max_length=100)
    role: Literal["statutory", "attorney"]
    phone: str | None = Field(default=None, max_length=30)


class Person(Message):
    """The client as the sender knows them."""

    given_name: str = Field(min_length=1, max_length=100)
    family_name: str = Field(min_length=1, max_length=100)
    previous_family_name: str | None = Field(default=None, min_length=1, max_length=100)
    pesel: str | None = Field(default=None, max_length=20)
    document: IdentityDocument | None = None
    birth_date: date | None = None
    sex: Literal["female", "male"] | None = None
    citizenship: Country | None = None
    phone: str | None = Field(default=None, max_length=30)
    email: EmailStr | None = None
    preferred_contact: Literal["phone", "sms", "email", "post", "in_person", "representative"] | None = None
    language: Literal["pl", "en", "uk", "be", "ru", "other"] | None = None
    address: Address | None = None
    representative: Representative | None = None


Benefit = Literal[
    "unemployment_benefit",
    "pre_retirement_allowance",
    "pre_retirement_benefit",
    "structural_pension",
    "incapacity_pension",
    "old_age_pension",
    "teacher_compensation",
]
"""The rights that shut somebody out (Act on social employment, art. 1 ust. 3)."""


class LabourMarket(Message):
    """Standing on the labour market. `benefits`: those the person has a right to, empty when to none of them."""

    status: Literal["registered_unemployed", "job_seeker", "inactive", "employed"] | None = None
    registered_on: date | None = None
    registered_months: int | None = Field(default=None, ge=0, le=24)
    """Months in the register of the PUP within the last two years."""
    benefits: tuple[Benefit, ...] | None = Field(default=None, max_length=7)


class GroundDocument(Message):
    """What shows that the person belongs to a group of art. 1 ust. 2."""

    ground: Ground
    type: str = Field(min_length=1, max_length=200)
    number: str | None = Field(default=None, max_length=80)
    issued_on: date | None = None
    valid_to: date | None = None


class Health(Message):
    """Only what the work with the person needs. `contraindications`: whether there are any; what they are is told by
    word of mouth when the person is handed over."""

    disability_degree: Literal["none", "light", "moderate", "severe"] | None = None
    disability_symbols: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2}-[A-Z]$")], ...] = Field(
        default=(), max_length=3
    )
    in_therapy: bool | None = None
    contraindications: bool | None = None


class Background(Message):
    """Education and work. `education`: the level of ISCED 2011, 0 to 8."""

    education: int | None = Field(default=None, ge=0, le=8)
    occupation: Line | None = None
    skills: Line | None = None
    driving_licences: tuple[
        Literal["AM", "A1", "A2", "A", "B1", "B", "BE", "C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE", "T"], ...
    ] = Field(default=(), max_length=16)
    work_history: str | None = Field(default=None, max_length=2000)
    last_job_ended_on: date | None = None


class Situation(Message):
    """Family and housing in one line each."""

    family: Line | None = None
    housing: Line | None = None
    care_duties: Line | None = None
    transport: Line | None = None
    debts: Line | None = None


class HouseholdMember(Message):
    """Somebody the person lives with; `client_id` when the institution knows them as a client too."""

    relation: Literal["spouse", "partner", "child", "parent", "sibling", "other"]
    client_id: UUID | None = None
    given_name: str | None = Field(default=None, max_length=100)
    family_name: str | None = Field(default=None, max_length=100)
    birth_date: date | None = None


AccessibilityNeed = Literal[
    "large_print",
    "easy_to_read",
    "sign_language",
    "interpreter",
    "assistant",
    "step_free",
    "diet",
    "care_for_dependant",
    "remote_support",
]
"""What makes meetings and services possible (act of 19 July 2019 on ensuring accessibility)."""


class Consent(Message):
    """The person's recorded consent to this hand-over. `given_by`: the person, or whoever may sign for them."""

    given_on: date
    version: str = Field(min_length=1, max_length=40)
    given_by: Literal["person", "representative"] = "person"
    scope: Line | None = None


class Form(Message):
    """The parts that applications and referrals share. Either `client` or, for somebody the institution knows already,
    `client_id`."""

    client: Person | None = None
    client_id: UUID | None = None
    grounds: tuple[Ground, ...] = Field(default=(), max_length=9)
    """The first one leads in statistics."""
    other_ground: Line | None = None
    ground_documents: tuple[GroundDocument, ...] = Field(default=(), max_length=9)
    general_clause: bool | None = None
    """Whether the person is excluded in the sense of art. 1 ust. 2: cannot meet basic needs by own effort and is in a
    situation that prevents or limits taking part in working, social and family life."""
    labour: LabourMarket | None = None
    health: Health | None = None
    background: Background | None = None
    situation: Situation | None = None
    household: tuple[HouseholdMember, ...] = Field(default=(), max_length=20)
    expectations: str | None = Field(default=None, max_length=4000)
    preferred_workshop: Code | None = None
    availability: Line | None = None
    accessibility: tuple[AccessibilityNeed, ...] = Field(default=(), max_length=9)
    accessibility_needs: str | None = Field(default=None, max_length=2000)
    attachments: tuple[UUID, ...] = Field(default=(), max_length=10)
    clause_version: str | None = Field(default=None, min_length=1, max_length=40)
    """The version of the information clause (GDPR art. 13 and 14) that the person was given."""
    consent: Consent | None = None
