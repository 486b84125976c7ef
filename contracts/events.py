"""Every event, one frozen model per version. Past tense; ids, codes and instants in the clear, people sealed.

A `sealed` field is a JWE for the node the copy goes to; the copy for the path node carries none. `version` counts the
published versions of the referral: 1 is the submission, the receiving node writes all later ones.
"""

from datetime import date
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from contracts.base import CaseNumber, Code, Instant, RoleCode, Slug, Told
from contracts.codes import ReferralKind, Side, Status, Urgency
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
