"""What the receiver knows of a referral, as the guards of the lifecycle ask for it."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody
from rules.guards import Asked, Standing
from rules.kinds import may_send
from rules.roles import is_head
from services.referral import places, undoing
from services.referral.context import Receiving
from services.referral.domain import IN_CHARGE
from services.referral.models import ReceivedReferral


async def standing(
    receiving: Receiving,
    session: AsyncSession,
    referral: ReceivedReferral,
    guards: Collection[str],
    edition: str | None = None,
) -> Standing:
    """How the referral stands; what needs a look into other rows only when one of these guards asks for it."""
    free = None
    if "free_place" in guards and referral.trail[-1:] != ["waitlisted"]:  # who waited takes none by being opened again
        free = await places.free(receiving, session, referral, edition or referral.edition)
    opened = "nothing_followed" in guards and await undoing.file_was_opened(session, referral)
    was_in_charge = any(status in IN_CHARGE for status in referral.trail)
    return Standing(
        delivered_at=referral.delivered_at,
        decided_at=referral.decided_at,
        ended_at=referral.ended_at,
        claimed_by=referral.claimed_by,
        decided_by=referral.decided_by,
        question_rounds=referral.question_rounds,
        question_open=referral.sealed_question is not None and referral.sealed_answer is None,
        attempts=referral.attempts,
        channels=len(set(referral.channels)),
        meet_at=referral.meet_at,
        consent=referral.consent,
        consent_ended=referral.consent_ended,
        reopen_asked=referral.reopen_asked,
        was_in_charge=was_in_charge,
        was_in_service=referral.started_at is not None,
        hops=len(referral.lineage),
        free_places=free,
        file_opened=opened,
    )


def asked(
    receiving: Receiving,
    referral: ReceivedReferral,
    actor: str,
    roles: Collection[str],
    body: ActionBody,
    now: datetime,
) -> Asked:
    """What somebody asks for."""
    return Asked(
        actor=actor,
        is_head=is_head(roles),
        now=now,
        due_on=body.due_on,
        review_on=body.review_on,
        until=body.until,
        signed_on=body.signed_on,
        meet_at=body.meet_at,
        target_fits=None if body.suggestion is None else _fits(receiving, referral, body.suggestion),
    )


def _fits(receiving: Receiving, referral: ReceivedReferral, suggestion: str) -> bool:
    """Whether the sender may send it there, and it was not there before."""
    directory = receiving.service.directory
    sender, target = directory.find(referral.sender), directory.find(suggestion)
    if sender is None or target is None or suggestion in (referral.sender, referral.agency, *referral.lineage):
        return False
    return may_send(sender.kind, target.kind, referral.kind)
