"""What the sender knows of its referral, as the guards of the lifecycle ask for it."""

from collections.abc import Collection
from datetime import datetime

from contracts.api import ActionBody
from rules.guards import Asked, Standing
from rules.roles import is_head
from services.intake.models import SentReferral


def standing(referral: SentReferral) -> Standing:
    """How the referral stands, as far as the sender can know: the receiver's node judges by what it knows."""
    return Standing(
        delivered_at=referral.delivered_at,
        ended_at=referral.ended_at,
        consent=referral.consent,
        consent_ended=referral.consent_ended,
        reopen_asked=referral.reopen_asked,
        was_in_charge=referral.was_in_charge,
        hops=len(referral.lineage),
    )


def asked(actor: str, roles: Collection[str], body: ActionBody, now: datetime) -> Asked:
    """What somebody of the sender asks for."""
    return Asked(actor=actor, is_head=is_head(roles), now=now, signed_on=body.signed_on)
