"""The receiver's use cases, within a transaction of its institution: see a referral, act on it, let a claim lapse."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.api import ActionBody
from rules.calendar import local_day
from rules.guards import objection
from services.kit.actions import asked_for, objected, ruling
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid
from services.referral import leases, places
from services.referral.changes import enter, record
from services.referral.context import Receiving
from services.referral.doing import DOERS
from services.referral.models import ReceivedReferral
from services.referral.moves import Move
from services.referral.standing import asked, standing


async def act(
    receiving: Receiving,
    session: AsyncSession,
    caller: Caller,
    referral: ReceivedReferral,
    action: str,
    body: ActionBody,
) -> None:
    """Do what the lifecycle table allows this caller to do now. Raises Problem."""
    transition = ruling(
        kind=referral.kind, status=referral.status, action=action, side="receiver", roles=caller.roles, body=body
    )
    body = asked_for(transition, body)
    now = await receiving.service.clock.now(session)
    chosen = body.edition
    if chosen is not None and not places.may_be_chosen(receiving, referral.agency, chosen, local_day(now)):
        raise invalid(FieldError("edition", "unknown_edition"))
    if "free_place" in transition.guards:
        await places.lock(session, referral.agency, chosen or referral.edition)
    known = await standing(receiving, session, referral, transition.guards, chosen)
    against = objection(transition.guards, known, asked(receiving, referral, caller.actor, caller.roles, body, now))
    if against is not None:
        raise objected(against)
    before = referral.status
    with session.no_autoflush:  # the table would refuse a row that is half in its new state
        enter(referral, transition, now)
        await DOERS[action](Move(receiving, session, referral, transition, before, caller.actor, body, now))


async def see(receiving: Receiving, session: AsyncSession, referral: ReceivedReferral) -> None:
    """Record that the receiver opened the referral for the first time."""
    referral.seen_at = await receiving.service.clock.now(session)
    await record(receiving, session, referral, events.ReferralSeen, at=referral.seen_at, by="receiver")


async def lapse(receiving: Receiving, session: AsyncSession, referral: ReceivedReferral, now: datetime) -> None:
    """A claim nobody renewed goes back to the inbox."""
    transition = ruling(
        kind=referral.kind, status=referral.status, action="lapse", side="system", roles=(), body=ActionBody()
    )
    enter(referral, transition, now)
    referral.claimed_by = None
    await leases.end(session, referral)
    await record(receiving, session, referral, events.ReferralReleased, at=now, by="system")


async def locked(session: AsyncSession, referral_id: UUID) -> ReceivedReferral | None:
    """The institution's own referral, locked until the transaction ends; None when it has no such one.

    To be read first: what a session has read before the wait for the lock it would not read again.
    """
    query = select(ReceivedReferral).where(ReceivedReferral.id == referral_id).with_for_update()
    return (await session.exec(query)).one_or_none()
