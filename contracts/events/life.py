"""Written by the receiver's side: proposals, the waiting list, the service, a pause, the end."""

from datetime import date
from typing import Self
from uuid import UUID

from contracts.base import Code, Instant, Slug
from contracts.codes import Channel
from contracts.events.referral import ReferralFact


class RedirectProposed(ReferralFact):
    """The receiver proposes another institution; `sealed` may hold a note."""

    family = "referral"
    name = "redirect_proposed"

    reason: Code
    suggestion: Slug


class RedirectRefused(ReferralFact):
    """The sender does not agree: the review goes on."""

    family = "referral"
    name = "redirect_refused"

    reason: Code
    request_id: UUID


class ReferralRedirected(ReferralFact):
    """The sender agreed: the referral `child_id` to the proposed institution takes the place of this one."""

    family = "referral"
    name = "redirected"

    child_id: UUID
    request_id: UUID


class ReferralWaitlisted(ReferralFact):
    """There is no place yet. `review_on`: when the receiver looks again; `edition`, `starts_on`: for what it waits;
    `attempts` to reach the person since they last came."""

    family = "referral"
    name = "waitlisted"

    review_on: date
    edition: Code | None = None
    starts_on: date | None = None
    attempts: int = 0


class PlaceFound(ReferralFact):
    """A place is free: admitted from the waiting list."""

    family = "referral"
    name = "place_found"


class MeetingScheduled(ReferralFact):
    """The person is asked to come at `meet_at`; `sealed` may hold where. `changes`: how often it was changed before;
    `attempts` to reach the person since they last came."""

    family = "referral"
    name = "scheduled"

    meet_at: Instant
    changes: int = 0
    attempts: int = 0


class NotAttended(ReferralFact):
    """The person did not come."""

    family = "referral"
    name = "no_show"


class ContactAttempted(ReferralFact):
    """Somebody tried to reach the person; `attempts` so far, since they last came."""

    family = "referral"
    name = "contact_attempted"

    channel: Channel
    attempts: int


class PersonUnreachable(ReferralFact):
    """Enough attempts on enough ways: nobody could reach the person."""

    family = "referral"
    name = "unreachable"


class ServiceStarted(ReferralFact):
    """The service or the programme runs. `signed_on`: when the IPZS or the social contract was signed."""

    family = "referral"
    name = "started"

    signed_on: date | None = None


class ProgressNoted(ReferralFact):
    """Somebody works on the case."""

    family = "referral"
    name = "progress_noted"


class ReferralSuspended(ReferralFact):
    """A pause until about `until`; it comes back to the state it left."""

    family = "referral"
    name = "suspended"

    reason: Code
    until: date

    def without_seal(self) -> Self:
        """The path needs no reason, which may tell of somebody's health."""
        return super().without_seal().model_copy(update={"reason": "other"})


class ReferralResumed(ReferralFact):
    """The pause is over."""

    family = "referral"
    name = "resumed"


class CancelRequested(ReferralFact):
    """The sender asks to stop; the receiver answers."""

    family = "referral"
    name = "cancel_requested"

    reason: Code
    request_id: UUID


class CancelRefused(ReferralFact):
    """The receiver goes on, with a reason; `sealed` may hold a note."""

    family = "referral"
    name = "cancel_refused"

    reason: Code


class ReferralCancelled(ReferralFact):
    """Stopped after the acceptance, as the sender had asked for `reason`."""

    family = "referral"
    name = "cancelled"

    reason: Code


class ReturnProposed(ReferralFact):
    """The receiver wants to hand the case back; `sealed` is the summary for the sender."""

    family = "referral"
    name = "return_proposed"

    reason: Code
    suggestion: Slug | None = None


class ReturnRefused(ReferralFact):
    """The head of the sending institution does not take it back."""

    family = "referral"
    name = "return_refused"

    reason: Code
    request_id: UUID


class ReferralReturned(ReferralFact):
    """Back with the sender: a return that was accepted, or one before the decision, maybe with a suggestion."""

    family = "referral"
    name = "returned"

    reason: Code
    suggestion: Slug | None = None
    request_id: UUID | None = None


class ReferralCompleted(ReferralFact):
    """The service ended with an outcome, as well proven as `evidence` says."""

    family = "referral"
    name = "completed"

    outcome: Code
    evidence: Code


class NoResponse(ReferralFact):
    """The head of the sending institution closed it: no answer came in time."""

    family = "referral"
    name = "no_response"

    request_id: UUID


class ReopenAsked(ReferralFact):
    """The sender asks to open an ended referral again."""

    family = "referral"
    name = "reopen_asked"

    reason: Code
    request_id: UUID


class ReferralReopened(ReferralFact):
    """It goes on where it had ended."""

    family = "referral"
    name = "reopened"


class ReopenRefused(ReferralFact):
    """It stays ended, with a reason; `sealed` may hold a note."""

    family = "referral"
    name = "reopen_refused"

    reason: Code


class ReferralVoided(ReferralFact):
    """Entered in error; the history stays."""

    family = "referral"
    name = "voided"

    reason: Code
    request_id: UUID


class ConsentEnded(ReferralFact):
    """The person withdrew the consent it rests on: nothing more is shared."""

    family = "referral"
    name = "consent_ended"

    request_id: UUID


class ConsentRenewed(ReferralFact):
    """The person agreed anew."""

    family = "referral"
    name = "consent_renewed"

    signed_on: date
    request_id: UUID
