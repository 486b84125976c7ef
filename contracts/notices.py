"""Notices: what one institution must tell another in a case, without handing the case over."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.base import CaseNumber, Code, Instant, Message, Slug, Told
from contracts.codes import ApplicationStatus
from contracts.form import Address

NoticeKind = Literal["direct_referral", "application_outcome"]
"""direct_referral: a PUP has referred a long-term unemployed person directly (Act on social employment, art. 12
ust. 1); application_outcome: what became of an application."""


class NoticeContent(Told):
    """What a notice tells of the person and of the case. It travels sealed, cut as a dossier for the same pair is."""

    given_name: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    pesel: str | None = None
    home: Address | None = None
    """Where the person lives or stays, for an OPS that has to find them."""
    number: CaseNumber
    case_mark: str | None = None
    addressee_mark: str | None = None
    """The addressee's own mark of its application."""
    on: date
    centre: Slug | None = None
    """The CIS or KIS that the person is referred to."""
    outcome: ApplicationStatus | None = None
    reason: Code | None = None
    party: Slug | None = None
    """The addressee's short name in the directory, when it has no account: it may tell why the person needs help."""
    addressee: str | None = None
    """Whom a letter on paper goes to, where the directory does not tell."""
    address: Address | None = None


class Notice(Message):
    """A notice as the caller's institution gave or received it. `printable`: the addressee has no account here."""

    id: UUID
    kind: NoticeKind
    label: str
    sender: Slug
    receiver: Slug | None
    at: Instant
    read_at: Instant | None = None
    referral_id: UUID | None = None
    printable: bool
    client: NoticeContent


class NoticePage(Message):
    items: tuple[Notice, ...]
    next: str | None = None
