"""The social worker's opinion on a draft (art. 12 ust. 2): asked for, given into the form, and how long it may take."""

from datetime import date, datetime, timedelta

from contracts.api import ActionBody, OpinionAsked
from rules.calendar import local_day, roll_forward
from rules.lifecycle import available_actions
from rules.limits import limit
from services.intake.context import Intake
from services.intake.guards import opinion_errors
from services.intake.models import Draft
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid

ACTIONS = ("ask_opinion", "give_opinion")


def ask(draft: Draft, caller: Caller, body: ActionBody, now: datetime) -> None:
    """The draft waits for the opinion, of somebody by name or of whoever may give it."""
    draft.status = "opinion_pending"
    draft.opinion_asked_by, draft.opinion_asked_of, draft.opinion_asked_at = caller.actor, body.colleague, now
    draft.opinion_given_by = draft.opinion_given_at = None


async def check_colleague(intake: Intake, caller: Caller, login: str | None) -> None:
    """Whoever is asked by name must be able to give it. Raises Problem 422."""
    if login is None:
        return
    held = await intake.roles_of(caller.agency, login)
    if not held:
        raise invalid(FieldError("colleague", "colleague_unknown"))
    may = available_actions(kind="statutory_cis", status="opinion_pending", side="sender", roles=held)
    if "give_opinion" not in {each.action for each in may}:
        raise invalid(FieldError("colleague", "colleague_may_not"))


def check(body: ActionBody, today: date) -> None:
    """Whether the opinion can stand as it is. Raises Problem 422."""
    if body.opinion is None:
        raise invalid(FieldError("opinion", "missing"))
    errors = tuple(opinion_errors(body.opinion, kind="statutory_cis", today=today))
    if errors:
        raise invalid(*errors)


def give(draft: Draft, caller: Caller, now: datetime) -> None:
    """The draft is with whoever writes it again."""
    draft.status = "draft"
    draft.opinion_given_by, draft.opinion_given_at = caller.actor, now


def drop(draft: Draft) -> None:
    """It has become a referral that needs none."""
    draft.status = "draft"
    draft.opinion_asked_by = draft.opinion_asked_of = draft.opinion_asked_at = None
    draft.opinion_given_by = draft.opinion_given_at = None


def asked(draft: Draft) -> OpinionAsked | None:
    """Who asked whom, until when an answer is due, and who gave it."""
    if draft.opinion_asked_at is None or draft.opinion_asked_by is None:
        return None
    return OpinionAsked(
        asked_by=draft.opinion_asked_by,
        asked_of=draft.opinion_asked_of,
        asked_at=draft.opinion_asked_at,
        due_on=due_on(draft.opinion_asked_at),
        given_by=draft.opinion_given_by,
        given_at=draft.opinion_given_at,
    )


def due_on(asked_at: datetime) -> date:
    """The last day to give it: the act sets no time, so this is a service level."""
    day = local_day(asked_at)
    return roll_forward(day + timedelta(days=limit("opinion_days", day)))
