"""Written by the receiver's side, the single writer of a referral after its submission."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.base import Code, Instant, Slug
from contracts.codes import SenderAction, Side, Status, Urgency
from contracts.events.base import ReferralEvent


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
    """The receiver promises a place or service; `edition`: in which edition of its workshop, where it chose one."""

    family = "referral"
    name = "accepted"

    edition: Code | None = None


class ReferralDeclined(ReferralFact):
    """The receiver refuses, with a coded reason; `sealed` may hold a note for the sender."""

    family = "referral"
    name = "declined"

    reason: Code
    suggestion: Slug | None = None
    """An institution the receiver thinks of instead."""


class DecisionUndone(ReferralFact):
    """The receiver took its own `decision` back within minutes: the review goes on.

    `edition`: the one that it was sent for, whichever the decision named.
    """

    family = "referral"
    name = "decision_undone"

    decision: Literal["accepted", "declined"]
    edition: Code | None = None


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
    action: SenderAction
    reason: Code


class ApplicationTaken(ReferralEvent):
    """The OPS accepted an application that came as a referral: its own intake registers it. `sealed` is the dossier.

    No version of the referral: it passes no gate, and stays in the node.
    """

    family = "referral"
    name = "application_taken"

    urgency: Urgency
    received_on: date
