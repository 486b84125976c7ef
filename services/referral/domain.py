"""What rules out an action that the lifecycle table allows: another person's claim, questions used up. Pure."""

from datetime import date

from rules.limits import limit
from rules.roles import is_head
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.referral.models import ReceivedReferral


def obstacle_to(action: str, referral: ReceivedReferral, caller: Caller, today: date) -> Problem | None:
    """Why this caller cannot do this now although state and role allow it, or None."""
    if referral.claimed_by not in (None, caller.actor) and not is_head(caller.roles):
        return Problem("claimed_by_another")
    rounds = limit("question_rounds", today)
    if action == "ask" and referral.question_rounds >= rounds:
        return Problem("too_many_questions", rounds=rounds)
    return None
