"""One change of a received referral: the row and the fact that tells of it, always together."""

from datetime import datetime
from typing import Any, TypeVar, cast

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.codes import Side, Status
from contracts.envelope import Envelope
from contracts.events import ReferralFact
from contracts.subjects import PATH_NODE
from rules.lifecycle import Transition, goes, is_open
from services.referral.context import Receiving
from services.referral.models import ReceivedReferral

F = TypeVar("F", bound=ReferralFact)


def enter(referral: ReceivedReferral, transition: Transition, now: datetime) -> None:
    """The state that the transition leads to, with what every state brings: a trail, an end, who is in charge."""
    trail = tuple(cast(Status, status) for status in referral.trail)
    before = referral.status
    referral.status, trail = goes(transition, before, trail)
    referral.trail = list(trail)
    if is_open(referral.status):
        referral.ended_at = None
    elif is_open(before):
        referral.ended_at = now


def node_of_sender(receiving: Receiving, referral: ReceivedReferral) -> str | None:
    """Where the sender is told; None when it left the directory, which must not stop the receiver's work."""
    sender = receiving.service.directory.find(referral.sender)
    return None if sender is None else sender.node


async def record(
    receiving: Receiving,
    session: AsyncSession,
    referral: ReceivedReferral,
    fact: type[F],
    *,
    at: datetime,
    by: Side,
    cause: Envelope | None = None,
    **fields: Any,
) -> None:
    """Publish the referral as it now stands as its next version: to the sender and to the path."""
    if fact.name != "delivered":  # the delivery is the version the row is born with
        referral.version += 1
    session.add(referral)
    event = fact(
        path_id=referral.path_id,
        version=referral.version,
        at=at,
        referral_id=referral.id,
        sender=referral.sender,
        receiver=referral.agency,
        status=referral.status,
        custodian=referral.custodian,
        by=by,
        **fields,
    )
    sender = node_of_sender(receiving, referral)
    targets = [PATH_NODE] if sender is None else [sender, PATH_NODE]
    await receiving.service.outbox.publish(session, event, source=referral.agency, targets=targets, cause=cause)
