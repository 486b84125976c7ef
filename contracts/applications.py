"""Wnioski: applications for a referral to a CIS, as the OPS of residence registers and works on them.

Act on social employment, art. 12: the person applies (route A), or an institution does with the person's consent
(route B); the social worker gives an opinion after a family interview, and the head of the OPS refers.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.api import AvailableAction, Route
from contracts.base import CaseNumber, Code, Instant, Message, RoleCode, Slug
from contracts.codes import ApplicationStatus, Urgency
from contracts.dossier import Dossier, Opinion
from contracts.form import Form

WrittenChannel = Literal["in_person", "paper", "post", "e_delivery"]
Channel = Literal["in_person", "paper", "post", "e_delivery", "electronic"]
"""How it came in. electronic: from an institution with an account, nothing typed twice."""

ON_PAPER: tuple[Channel, ...] = ("paper", "post")
"""What came in on paper and was typed in by somebody else than the applicant."""


class Applicant(Message):
    """Who applies. `kind`: a code of `rules/applications.toml`; `party`: its short name in the directory.

    `mark`: its own *znak sprawy*. The person needs no name here.
    """

    kind: Code
    name: str | None = Field(default=None, min_length=1, max_length=200)
    party: Slug | None = None
    mark: str | None = Field(default=None, min_length=1, max_length=60)


class NewApplication(Form):
    """An application to register. What is not known yet is added while it is worked on. `attachments`: its scan."""

    received_on: date
    channel: WrittenChannel
    applicant: Applicant
    urgency: Urgency = "normal"
    receiver: Slug | None = None
    """The CIS or KIS that the applicant asks for."""
    reason: str | None = Field(default=None, min_length=1, max_length=4000)


class ApplicationAction(Message):
    """The fields an action may ask for; which ones it does is told by `available_actions`.

    `reason`: a code from the action's list; when a referral is issued, what for.
    `form`: what has become known of the person meanwhile; it is added to what is known, and nothing is taken away.
    """

    on: date | None = None
    held_on: date | None = None
    place: str | None = Field(default=None, min_length=1, max_length=200)
    opinion: Opinion | None = None
    receiver: Slug | None = None
    case_mark: str | None = Field(default=None, min_length=1, max_length=60)
    unit: Code | None = None
    preferred_workshop: Code | None = None
    paid_place: bool | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=4000)
    note: str | None = Field(default=None, min_length=1, max_length=2000)
    form: Form | None = None


class Interview(Message):
    """The family interview: where and when it is planned and was held."""

    planned_on: date | None = None
    held_on: date | None = None
    place: str | None = None


class DueDate(Message):
    """What the OPS must do next, and by when. `basis` and `derivation` in the caller's language."""

    rule: Code
    due_at: Instant
    basis: str
    derivation: str


class StepTaken(Message):
    """Who did what with an application. `actor`: a login or a token's name; of an electronic one that came, its sender.

    `role`: in which they signed in; none for the institution's own token, which has all of its roles.
    """

    action: Code
    at: Instant
    actor: str
    role: RoleCode | None = None


class Application(Message):
    """An application as its OPS sees it. `issued_by`: the role that issued or refused, as in `steps`."""

    id: UUID
    path_id: UUID
    number: CaseNumber
    agency: Slug
    client_id: UUID
    applicant: Applicant
    route: Route
    channel: Channel
    on_paper: bool
    received_on: date
    urgency: Urgency
    receiver: Slug | None
    status: ApplicationStatus
    version: int
    available_actions: tuple[AvailableAction, ...]
    due: tuple[DueDate, ...] = ()
    registered_at: Instant
    decided_at: Instant | None = None
    interview: Interview = Interview()
    opinion: Opinion | None = None
    issued_by: str | None = None
    case_mark: str | None = None
    reason: Code | None = None
    note: str | None = None
    steps: tuple[StepTaken, ...] = ()
    """What was done with it, in this order."""
    referral_id: UUID | None = None
    """The referral it led to."""
    source_id: UUID | None = None
    """The electronic application, as a referral of kind `application`, that it was taken from."""
    client: Dossier


class ApplicationPage(Message):
    items: tuple[Application, ...]
    next: str | None = None
