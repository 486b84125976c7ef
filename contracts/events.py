"""Every event, one frozen model per version. Past tense; ids, codes and instants in the clear, people sealed.

A `sealed` field is a JWE for the node the copy goes to; the copy for the path node carries none. `version` counts the
published versions of the referral: 1 is the submission, the receiving node writes all later ones.
"""

from datetime import date
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from contracts.base import CaseNumber, Code, Instant, RoleCode, Slug, Told
from contracts.codes import ApplicationStatus, ReferralKind, Side, Status, Urgency
from contracts.notices import NoticeKind
from contracts.paths import Audience, PathView

Family = Literal["intake", "referral", "path", "road"]

REGISTRY: dict[str, type["Event"]] = {}
"""CloudEvents type -> model."""


class Event(Told):
    """An event. Subclasses name their family, name and version; the rest follows from these three."""

    family: ClassVar[Family]
    name: ClassVar[str]
    event_version: ClassVar[int] = 1
    gated: ClassVar[bool] = False
    """Whether `version` counts: the event is applied only right after the version before it."""

    numbered: ClassVar[bool] = True
    """Whether it takes a number on its link."""

    path_id: UUID
    version: int
    at: Instant

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if "name" in cls.__dict__:
            REGISTRY[cls.type()] = cls

    @classmethod
    def type(cls) -> str:
        """The CloudEvents type, `pl.sciezka.referral.accepted.v1`."""
        return f"pl.sciezka.{cls.family}.{cls.name}.v{cls.event_version}"

    @property
    def aggregate_id(self) -> UUID:
        """What `version` counts: the referral, or the path for events of the path itself."""
        return self.path_id

    def without_seal(self) -> Self:
        """The copy that the path node may see: nothing sealed in it."""
        return self


class ReferralEvent(Event):
    """An event about one referral between two institutions."""

    referral_id: UUID
    sender: Slug
    receiver: Slug
    sealed: str | None = None

    @property
    def aggregate_id(self) -> UUID:
        return self.referral_id

    def without_seal(self) -> Self:
        return self.model_copy(update={"sealed": None})


# --- intake: the sender's side ------------------------------------------------------------------------------------


class ReferralSubmitted(ReferralEvent):
    """Sent by the sending institution; `sealed` is the dossier, cut to what the receiver may know."""

    family = "intake"
    name = "referral_submitted"
    gated = True

    number: CaseNumber
    kind: ReferralKind
    urgency: Urgency
    custodian: Slug
    unit: Code | None = None
    """Whose inbox at the receiver it goes to; None: that of the whole institution."""


class ReferralRequested(ReferralEvent):
    """The sender asks the receiving node, the only writer now, to do something; `sealed` holds an answer's text.

    `version` is the version the sender saw. A request is not a version of the referral and bypasses the version gate.
    """

    family = "intake"
    name = "referral_requested"

    request_id: UUID
    action: Literal["withdraw", "answer"]
    roles: tuple[RoleCode, ...]
    reason: Code | None = None


# --- intake: applications (wnioski) of an OPS, for the path node; notices --------------------------------------------


class ApplicationEvent(Event):
    """About one application at its OPS, the only writer. `version` counts its versions from 1, the registration."""

    family = "intake"
    gated = True

    application_id: UUID
    agency: Slug
    status: ApplicationStatus

    @property
    def aggregate_id(self) -> UUID:
        return self.application_id


class ApplicationRegistered(ApplicationEvent):
    """An application is with the OPS since `received_on`, when the time limits began."""

    name = "application_registered"

    urgency: Urgency
    received_on: date


class InterviewPlanned(ApplicationEvent):
    """The family interview has a day."""

    name = "interview_planned"

    on: date


class InterviewHeld(ApplicationEvent):
    """The family interview took place."""

    name = "interview_held"

    held_on: date


class OpinionGiven(ApplicationEvent):
    """The social worker has given the opinion (Act on social employment, art. 12 ust. 2); what it says is not told."""

    name = "opinion_given"

    issued_on: date


class ApplicationReturned(ApplicationEvent):
    """Something is missing; the applicant was asked for it."""

    name = "application_returned"

    reason: Code


class ApplicationCompleted(ApplicationEvent):
    """What was missing is there."""

    name = "application_completed"


class ApplicationReferred(ApplicationEvent):
    """It led to a referral."""

    name = "application_referred"

    referral_id: UUID


class ApplicationRefused(ApplicationEvent):
    """The OPS issues no referral."""

    name = "application_refused"

    reason: Code


class ApplicationWithdrawn(ApplicationEvent):
    """The applicant took it back, or it has become pointless."""

    name = "application_withdrawn"

    reason: Code


class NoticeGiven(Event):
    """One institution tells another something in a case; `sealed` is a `contracts.notices.NoticeContent`."""

    family = "intake"
    name = "notice_given"

    notice_id: UUID
    sender: Slug
    receiver: Slug
    kind: NoticeKind
    referral_id: UUID | None = None
    sealed: str | None = None

    @property
    def aggregate_id(self) -> UUID:
        return self.notice_id

    def without_seal(self) -> Self:
        return self.model_copy(update={"sealed": None})


class AttachmentPart(ReferralEvent):
    """One part, `part` of `parts`, of the content of an attached file; `sealed` for the receiver, who has accepted."""

    family = "intake"
    name = "attachment_part"

    attachment_id: UUID
    part: int
    parts: int


# --- referral: the receiver's side, the single writer after submission ---------------------------------------------


class ReferralFact(ReferralEvent):
    """Something the receiving node decided or did. `custodian` is the institution that leads the case from now on."""

    gated = True

    status: Status
    custodian: Slug | None
    by: Side


class ReferralDelivered(ReferralFact):
    """Stored durably at the receiver."""

    family = "referral"
    name = "delivered"


class ReferralSeen(ReferralFact):
    """Opened for the first time at the receiver."""

    family = "referral"
    name = "seen"


class ReferralClaimed(ReferralFact):
    """A named worker took it for review; the claim lapses at `lease_until` unless renewed."""

    family = "referral"
    name = "claimed"

    lease_until: Instant


class ReferralReleased(ReferralFact):
    """Back in the inbox, given up by the worker or lapsed."""

    family = "referral"
    name = "released"


class ReferralAccepted(ReferralFact):
    """The receiver promises a place or service."""

    family = "referral"
    name = "accepted"


class ReferralDeclined(ReferralFact):
    """The receiver refuses, with a coded reason; `sealed` may hold a note for the sender."""

    family = "referral"
    name = "declined"

    reason: Code


class DecisionUndone(ReferralFact):
    """The receiver took its own `decision` back within minutes: the review goes on."""

    family = "referral"
    name = "decision_undone"

    decision: Literal["accepted", "declined"]


class InformationRequested(ReferralFact):
    """The receiver asks the sender a question (`sealed`) and waits until `due_on`."""

    family = "referral"
    name = "info_requested"

    due_on: date


class InformationAnswered(ReferralFact):
    """The sender's answer arrived; the review goes on."""

    family = "referral"
    name = "info_answered"

    request_id: UUID


class ReferralWithdrawn(ReferralFact):
    """The sender's withdrawal came before any decision."""

    family = "referral"
    name = "withdrawn"

    reason: Code
    request_id: UUID


class RequestRefused(ReferralFact):
    """The sender's request came too late or is not allowed; nothing changed but the version."""

    family = "referral"
    name = "request_refused"

    request_id: UUID
    action: Literal["withdraw", "answer"]
    reason: Code


class ApplicationTaken(ReferralEvent):
    """The OPS accepted an application that came as a referral: its own intake registers it. `sealed` is the dossier.

    No version of the referral: it passes no gate, and stays in the node.
    """

    family = "referral"
    name = "application_taken"

    urgency: Urgency
    received_on: date


# --- path: the clock's side ------------------------------------------------------------------------------------------


class PathAdvanced(Event):
    """The picture of a path after a change, as `agency` may see it. A later one replaces an earlier one: no gate."""

    family = "path"
    name = "advanced"

    agency: Slug
    view: PathView


class DeadlineEvent(Event):
    """About one deadline. The id of the event is derived from the deadline and the rung: it exists at most once."""

    agency: Slug
    """Whose people are told."""
    referral_id: UUID
    deadline_id: UUID
    rule: Code
    owner: Slug
    due_at: Instant


class ReminderDue(DeadlineEvent):
    """A rung of a ladder was reached while the deadline was still open."""

    family = "path"
    name = "reminder_due"

    audience: Audience


class DeadlineMissed(DeadlineEvent):
    """The deadline passed while it was still open. Nothing is blocked by it: overdue never disables an action."""

    family = "path"
    name = "deadline_missed"


# --- road: what became of messages themselves ------------------------------------------------------------------------


class DeadLetterEvent(Event):
    """About one message that a service could not handle, for the institution it concerns. Any service writes these, so
    they take no number; and an event that tells of a letter never makes another when it fails itself.
    """

    family = "road"
    numbered = False

    letter_id: UUID
    agency: Slug
    node: Slug
    service: Slug
    cause: Code
    """Worded by `services/kit/causes.toml`."""
    referral_id: UUID | None = None


class DeadLetterOpened(DeadLetterEvent):
    """A message waits for a person."""

    name = "dead_letter_opened"


class DeadLetterClosed(DeadLetterEvent):
    """It was handled after all, or given up by a person."""

    name = "dead_letter_closed"

    outcome: Literal["resolved", "dropped"]
