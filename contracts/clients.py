"""Clients of one institution: what it knows of a person whatever they are referred for, and who may be whom."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.base import CaseNumber, Instant, Message, Slug, Told
from contracts.codes import ApplicationStatus, ReferralKind, Status
from contracts.form import AccessibilityNeed, Background, HouseholdMember, Person

Why = Literal[
    "same_pesel",
    "same_name",
    "same_name_and_birth_date",
    "similar_name",
    "swapped_names",
    "changed_surname",
    "swapped_birth_date",
    "similar_birth_date",
]
"""Why two records may be one person, or one fits a name. similar_name: a typing error, a second name, one part of a
double surname; swapped_birth_date: day and month the other way round; similar_birth_date: one digit differs."""


class Known(Message):
    """What stays true of a person from one form to the next; the rest is told anew each time."""

    person: Person
    background: Background | None = None
    household: tuple[HouseholdMember, ...] = Field(default=(), max_length=20)
    accessibility: tuple[AccessibilityNeed, ...] = Field(default=(), max_length=9)
    accessibility_needs: str | None = Field(default=None, max_length=2000)


class PossibleDuplicate(Told):
    """Another client who may be the same person. `score`: 0 to 100."""

    client_id: UUID
    link: str
    score: int
    why: tuple[Why, ...]


class ClientReferral(Told):
    """A referral of the client, or a draft of one."""

    id: UUID
    link: str
    number: CaseNumber
    path_id: UUID
    kind: ReferralKind | None
    receiver: Slug | None
    status: Status
    created_at: Instant
    submitted_at: Instant | None = None
    follows: UUID | None = None
    """The referral in whose place it was sent."""


class ClientApplication(Told):
    """An application of the client."""

    id: UUID
    link: str
    number: CaseNumber
    path_id: UUID
    status: ApplicationStatus
    registered_at: Instant


class HouseholdLink(Told):
    """Somebody of the household who is a client too."""

    relation: str
    client_id: UUID
    link: str


class MergedClient(Told):
    """A record that was found to be this person; `merge_id` takes it apart again."""

    merge_id: UUID
    client_id: UUID
    merged_at: Instant


class Client(Told):
    """A client with everything that leads on from them. `known` is what a form with their `client_id` begins with."""

    id: UUID
    version: int
    known: Known
    created_at: Instant
    updated_at: Instant
    referrals: tuple[ClientReferral, ...]
    applications: tuple[ClientApplication, ...]
    household: tuple[HouseholdLink, ...]
    merged: tuple[MergedClient, ...]


class ClientItem(Told):
    """A client in a list."""

    id: UUID
    link: str
    person: Person
    created_at: Instant
    updated_at: Instant


class ClientPage(Told):
    items: tuple[ClientItem, ...]
    next: str | None = None


class ClientSearch(Message):
    """Whom to look for: a PESEL, or names and birth date, or all of it; or `name` alone, words of one person's names in
    any order."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    pesel: str | None = Field(default=None, max_length=20)
    given_name: str | None = Field(default=None, min_length=1, max_length=100)
    family_name: str | None = Field(default=None, min_length=1, max_length=100)
    birth_date: date | None = None


class Candidate(PossibleDuplicate):
    """A client who may be the one looked for, with what is open for them."""

    person: Person
    open_referrals: tuple[ClientReferral, ...]


class Candidates(Told):
    """Best first."""

    items: tuple[Candidate, ...]


class MergeWish(Message):
    """Which client the other record becomes part of, and why."""

    into: UUID
    reason: str = Field(min_length=1, max_length=2000)


class Merge(Told):
    """A merge of two records: `gone` is part of `kept` until it is undone."""

    id: UUID
    kept: UUID
    gone: UUID
    reason: str
    merged_by: str
    merged_at: Instant
    undone_by: str | None = None
    undone_at: Instant | None = None
