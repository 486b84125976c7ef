"""What the receiver's own work on a referral means for who may see and do what, beyond the lifecycle table. Pure."""

from datetime import date

from rules.limits import limit
from rules.roles import is_head
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.referral.models import ReceivedReferral


def is_unseen(referral: ReceivedReferral) -> bool:
    """Whether it waits for somebody at the receiver to open it."""
    return referral.status == "delivered" and referral.seen_at is None


def obstacle_to(action: str, referral: ReceivedReferral, caller: Caller, today: date) -> Problem | None:
    """Why this caller cannot do this now although state and role allow it, or None."""
    if referral.claimed_by not in (None, caller.actor) and not is_head(caller.roles):
        return Problem("claimed_by_another")
    rounds = limit("question_rounds", today)
    if action == "ask" and referral.question_rounds >= rounds:
        return Problem("too_many_questions", rounds=rounds)
    return None


def is_taken_on(referral: ReceivedReferral) -> bool:
    """Whether somebody reviews or reviewed the referral, or the institution accepted it without a review."""
    return referral.claimed_by is not None or referral.status == "accepted"
