"""The public HTTP interface: what comes in and what goes out under `/api/v1`."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import CaseNumber, Code, Instant, Message, Slug
from contracts.clients import PossibleDuplicate
from contracts.codes import Channel, ReferralKind, Stage, Status, Urgency
from contracts.dossier import Dossier, Opinion
from contracts.form import Form
from contracts.paths import Audience, DeadlineStatus

Route = Literal["A", "B", "C"]
"""Art. 12 ust. 1 of the Act on social employment: A the person applies, B an institution applies with the person's
consent, C the PUP refers a long-term unemployed person directly."""


class NewReferral(Form):
    """A referral to create and, unless `draft`, to send. `path_id` continues a path the sender takes part in."""

    receiver: Slug
    unit: Code | None = None
    """The receiver's unit; the receiver's directory entry names them."""
    reason: str = Field(min_length=1, max_length=4000)
    kind: ReferralKind | None = None
    urgency: Urgency = "normal"
    route: Route | None = None
    opinion: Opinion | None = None
    case_mark: str | None = Field(default=None, min_length=1, max_length=60)
    """The office's own *znak sprawy*."""
    edition: Code | None = None
    """The edition of the receiver's workshop that the person is sent for."""
    follows: UUID | None = None
    """An ended referral of the same person in whose place this one is sent."""
    paid_place: bool = False
    """The person's gmina pays for a free place outside its territory (art. 12 ust. 5)."""
    path_id: UUID | None = None
    draft: bool = False


class ActionBody(Message):
    """The fields an action may ask for; which ones it does is told by `available_actions`."""

    reason: Code | None = None
    note: str | None = Field(default=None, max_length=2000)
    question: str | None = Field(default=None, min_length=1, max_length=4000)
    due_on: date | None = None
    text: str | None = Field(default=None, min_length=1, max_length=8000)
    suggestion: Slug | None = None
    """An institution."""
    edition: Code | None = None
    """An edition of a workshop of the receiver."""
    review_on: date | None = None
    meet_at: Instant | None = None
    place: str | None = Field(default=None, min_length=1, max_length=200)
    channel: Channel | None = None
    until: date | None = None
    signed_on: date | None = None
    outcome: Code | None = None
    evidence: Code | None = None
    opinion: Opinion | None = None
    colleague: str | None = Field(default=None, min_length=1, max_length=200)
    """The login of whom something is asked."""


class Option(Message):
    code: Code
    label: str


class ActionField(Message):
    """One field of an action; a coded field lists its options."""

    name: str
    required: bool
    options: tuple[Option, ...] = ()


class AvailableAction(Message):
    """What the caller may do now, from the same table that enforces it."""

    action: Code
    label: str
    fields: tuple[ActionField, ...]


class ProblemField(Message):
    """One field that must be corrected: its dotted path, a code for programs, a sentence for people."""

    field: str
    code: str
    message: str


class Waiting(Message):
    """A place on the waiting list: looked at again on `review_on`, for the edition that starts on `starts_on`.

    `position`: how many wait at the receiver for the same edition, this one included, counted from the first; the
    receiver's own view only.
    """

    review_on: date
    edition: Code | None = None
    starts_on: date | None = None
    position: int | None = None


class Meeting(Message):
    """An appointment of the person with the receiver."""

    at: Instant
    place: str | None = None


class RequestState(Message):
    """What the sender has asked the receiver to do and what became of it."""

    id: UUID
    action: Code
    state: Literal["pending", "done", "refused"]
    reason: Code | None = None
    asked_at: Instant
    answered_at: Instant | None = None


class Times(Message):
    """When what happened; empty until it has."""

    submitted: Instant | None = None
    delivered: Instant | None = None
    seen: Instant | None = None
    decided: Instant | None = None


class Question(Message):
    """The open or last question of the receiver."""

    text: str
    due_on: date


class OpinionAsked(Message):
    """The social worker's opinion on a draft: asked of somebody by login or of whoever may give it, due on a day."""

    asked_by: str
    asked_of: str | None
    asked_at: Instant
    due_on: date
    given_by: str | None = None
    given_at: Instant | None = None


class Referral(Message):
    """A referral as the caller's institution may see it now.

    A draft is its sender's only: `form` is what was typed, `missing` what must be corrected or added before it is sent,
    `revision` counts its saves, and it is deleted on `purge_on` unless it is saved again. Until it tells them, it has
    neither receiver nor kind; its path is the client's when that is known.
    """

    id: UUID
    path_id: UUID
    number: CaseNumber
    sender: Slug
    receiver: Slug | None
    unit: Code | None = None
    """The receiver's unit whose inbox it is in; None: that of the whole institution, or not sent yet."""
    kind: ReferralKind | None
    urgency: Urgency
    status: Status
    version: int
    custodian: Slug | None
    available_actions: tuple[AvailableAction, ...]
    pending_request: RequestState | None = None
    last_request: RequestState | None = None
    times: Times = Times()
    reason: Code | None = None
    note: str | None = None
    question: Question | None = None
    answer: str | None = None
    claimed_by: str | None = None
    lease_until: Instant | None = None
    undo_until: Instant | None = None
    """Until when the caller may take the decision back; None when they may not."""
    client: Dossier | None = None
    client_id: UUID | None = None
    """The sender's own record of the person; the receiver has none."""
    possible_duplicates: tuple[PossibleDuplicate, ...] = ()
    """Told once, when it is created: other clients of the sender who may be the same person."""
    suggestion: Slug | None = None
    """The institution that the receiver proposed instead."""
    next_step: Option | None = None
    """What the reason of its end asks of the sender (`rules/reasons.toml`, next)."""
    edition: Code | None = None
    """The edition of the receiver's workshop that the person is sent for, waits for or was accepted for."""
    waiting: Waiting | None = None
    meeting: Meeting | None = None
    attempts: int = 0
    """How often the receiver tried to reach the person since they last came."""
    suspended_until: date | None = None
    suspended_for: Code | None = None
    """Why it is suspended, or was the last time."""
    signed_on: date | None = None
    """When the IPZS or the social contract was signed."""
    outcome: Code | None = None
    evidence: Code | None = None
    summary: str | None = None
    """What the receiver tells when handing the case back."""
    reopen_asked: bool = False
    consent_ended: bool = False
    follows: UUID | None = None
    """The referral in whose place this one was sent."""
    followed_by: UUID | None = None
    form: dict[str, Any] | None = None
    missing: tuple[ProblemField, ...] = ()
    revision: int | None = None
    purge_on: date | None = None
    opinion_asked: OpinionAsked | None = None
    """Of a draft on which the social worker's opinion was asked for; given, it is in the form."""


class ReferralPage(Message):
    items: tuple[Referral, ...]
    next: str | None = None


class MovedItem(Message):
    """That a deadline was computed anew: when it fell due before, when that happened, and why."""

    was: Instant
    at: Instant
    why: str


class DeadlineItem(Message):
    """A deadline with everything needed to check it by hand, `derivation` in the caller's language."""

    id: UUID
    rule: Code
    referral_id: UUID
    owner: Slug
    due_at: Instant
    status: DeadlineStatus
    basis: str
    derivation: str
    moved: MovedItem | None = None


class DueItem(DeadlineItem):
    """A deadline that somebody still waits for, with the path it lies on."""

    path_id: UUID


class DuePage(Message):
    items: tuple[DueItem, ...]
    next: str | None


class TimelineItem(Message):
    at: Instant
    type: Code
    agency: Slug
    referral_id: UUID


class Path(Message):
    """Where a client stands, as known at `as_of`."""

    id: UUID
    stage: Stage
    custodian: Slug | None
    ball: Slug | None
    next_deadline: DeadlineItem | None
    deadlines: tuple[DeadlineItem, ...]
    timeline: tuple[TimelineItem, ...]
    version: int
    as_of: Instant


class Notification(Message):
    """A reminder that fell due, a deadline that passed or was moved, or a message that could not be handled.

    The first three name rule, referral and instant; one that was moved tells when it fell due before and, in
    `sentence`, why. The last has a `cause`, a `sentence` in the caller's language, the id of the dead letter, and the
    `outcome` once it was dealt with.
    """

    id: UUID
    kind: Literal["reminder_due", "deadline_missed", "deadline_moved", "dead_letter"]
    path_id: UUID
    referral_id: UUID | None
    rule: Code | None
    audience: Audience | None
    due_at: Instant | None
    was: Instant | None = None
    at: Instant
    cause: Code | None = None
    sentence: str | None = None
    node: Slug | None = None
    outcome: Literal["resolved", "dropped"] | None = None


class NotificationPage(Message):
    items: tuple[Notification, ...]
    next: str | None = None


class ProblemDocument(Message):
    """A refusal as RFC 9457 has it, media type `application/problem+json`, in the caller's language.

    `links`: what stands in the way, to look at; `link` is the first of them. `preview`: how it is by now, where it has
    changed since the preview that was to be carried out.
    """

    type: str
    title: str
    status: int
    errors: tuple[ProblemField, ...] = ()
    link: str | None = None
    links: tuple[str, ...] = ()
    preview: dict[str, Any] | None = None
