"""What the receiver's own work on a referral means for who may see and do what, beyond the lifecycle table. Pure."""

from datetime import datetime, timedelta

from rules.calendar import local_day
from rules.limits import limit
from rules.roles import is_head
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.referral.models import ReceivedReferral


def is_unseen(referral: ReceivedReferral) -> bool:
    """Whether it waits for somebody at the receiver to open it."""
    return referral.status == "delivered" and referral.seen_at is None


def obstacle_to(action: str, referral: ReceivedReferral, caller: Caller, now: datetime) -> Problem | None:
    """Why this caller cannot do this now although state and role allow it, or None."""
    if action == "undo":
        return _obstacle_to_undo(referral, caller, now)
    if referral.claimed_by not in (None, caller.actor) and not is_head(caller.roles):
        return Problem("claimed_by_another")
    rounds = limit("question_rounds", local_day(now))
    if action == "ask" and referral.question_rounds >= rounds:
        return Problem("too_many_questions", rounds=rounds)
    return None


def _obstacle_to_undo(referral: ReceivedReferral, caller: Caller, now: datetime) -> Problem | None:
    if referral.decided_by != caller.actor and not is_head(caller.roles):
        return Problem("undo_of_another")
    until = undo_until(referral)
    if until is None or now >= until:
        return Problem("undo_too_late", minutes=limit("undo_minutes", local_day(now)))
    if referral.status == "declined" and referral.sealed_question is not None and referral.sealed_answer is None:
        return Problem("undo_while_asking")  # there is no review to go back to: the sender was to answer first
    return None


def undo_until(referral: ReceivedReferral) -> datetime | None:
    """Until when the decision may be taken back, None while there is none."""
    if referral.decided_at is None:
        return None
    return referral.decided_at + timedelta(minutes=limit("undo_minutes", local_day(referral.decided_at)))


def is_taken_on(referral: ReceivedReferral) -> bool:
    """Whether somebody reviews or reviewed the referral, or the institution accepted it without a review."""
    return referral.claimed_by is not None or referral.status == "accepted"
