"""What the receiver's own work on a referral means for who may see it, beyond the lifecycle table. Pure."""

from datetime import datetime

from rules import guards
from rules.lifecycle import is_open
from services.referral.models import ReceivedReferral

IN_CHARGE = ("accepted", "waitlisted", "scheduled", "no_show", "in_service", "suspended")
"""The states after an acceptance; the others that follow it are entered from these, and the trail tells."""


def is_unseen(referral: ReceivedReferral) -> bool:
    """Whether it waits for somebody at the receiver to open it."""
    return referral.status == "delivered" and referral.seen_at is None


def undo_until(referral: ReceivedReferral) -> datetime | None:
    """Until when the decision may be taken back, None while there is none."""
    return None if referral.decided_at is None else guards.undo_until(referral.decided_at)


def is_taken_on(referral: ReceivedReferral) -> bool:
    """Whether somebody reviews or reviewed the referral, or the institution accepted it without a review."""
    return referral.claimed_by is not None or referral.was_accepted


def is_shared(referral: ReceivedReferral) -> bool:
    """Whether the person's data may be shown: not when the consent they rest on has ended."""
    return not referral.consent_ended


def may_read_files(referral: ReceivedReferral) -> bool:
    """Whether people may open the files: while the case is theirs, and after they have brought it to its outcome."""
    return has_files(referral) and (is_open(referral.status) or referral.status == "completed")


def has_files(referral: ReceivedReferral) -> bool:
    """Whether the files may be here: the institution has been in charge since its acceptance, may show them, and
    nothing has since taken away what it was told of the person."""
    if referral.sealed_dossier is None:
        return False
    return is_shared(referral) and any(status in IN_CHARGE for status in (referral.status, *referral.trail))
