"""The receiver's use cases, within a transaction of its institution: see, claim, release, decide, ask."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.api import ActionBody
from contracts.codes import Status
from rules.calendar import local_day
from rules.lifecycle import Transition
from rules.limits import limit
from services.kit.actions import ruling
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid
from services.kit.sealing import seal_text
from services.referral import leases, undoing
from services.referral.changes import node_of_sender, record
from services.referral.context import Receiving
from services.referral.domain import obstacle_to
from services.referral.models import ReceivedReferral


@dataclass(frozen=True)
class Move:
    """One action on one referral that the lifecycle table has allowed."""

    receiving: Receiving
    session: AsyncSession
    referral: ReceivedReferral
    transition: Transition
    before: Status
    actor: str
    body: ActionBody
    now: datetime

    async def tell(self, fact: type[events.ReferralFact], **fields: Any) -> None:
        """Publish the referral in its new state."""
        await record(self.receiving, self.session, self.referral, fact, at=self.now, by="receiver", **fields)

    def sealed_for_sender(self, text: str | None) -> str | None:
        node = node_of_sender(self.receiving, self.referral)
        return None if node is None else seal_text(self.receiving.keyring, text, to=node, context=self.referral.id)

    def sealed_for_us(self, text: str | None) -> str | None:
        return seal_text(self.receiving.keyring, text, to=self.receiving.service.node, context=self.referral.id)


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
    now = await receiving.service.clock.now(session)
    obstacle = obstacle_to(action, referral, caller, now)
    if obstacle is None and action == "undo":
        obstacle = await undoing.obstacle(session, referral)
    if obstacle is not None:
        raise obstacle
    before = referral.status
    referral.status = transition.target
    await _DOERS[action](Move(receiving, session, referral, transition, before, caller.actor, body, now))


async def see(receiving: Receiving, session: AsyncSession, referral: ReceivedReferral) -> None:
    """Record that the receiver opened the referral for the first time."""
    referral.seen_at = await receiving.service.clock.now(session)
    await record(receiving, session, referral, events.ReferralSeen, at=referral.seen_at, by="receiver")


async def lapse(receiving: Receiving, session: AsyncSession, referral: ReceivedReferral, now: datetime) -> None:
    """A claim nobody renewed goes back to the inbox."""
    transition = ruling(
        kind=referral.kind, status=referral.status, action="lapse", side="system", roles=(), body=ActionBody()
    )
    referral.status, referral.claimed_by = transition.target, None
    await leases.end(session, referral)
    await record(receiving, session, referral, events.ReferralReleased, at=now, by="system")


async def locked(session: AsyncSession, referral_id: UUID) -> ReceivedReferral | None:
    """The institution's own referral, locked until the transaction ends; None when it has no such one.

    To be read first: what a session has read before the wait for the lock it would not read again.
    """
    query = select(ReceivedReferral).where(ReceivedReferral.id == referral_id).with_for_update()
    return (await session.exec(query)).one_or_none()


async def _claim(move: Move) -> None:
    move.referral.claimed_by = move.actor
    move.referral.seen_at = move.referral.seen_at or move.now
    until = await leases.hold(move.session, move.referral, move.now)
    await move.tell(events.ReferralClaimed, lease_until=until)


async def _release(move: Move) -> None:
    move.referral.claimed_by = None
    await leases.end(move.session, move.referral)
    await move.tell(events.ReferralReleased)


async def _accept(move: Move) -> None:
    if move.transition.moves_custody:
        move.referral.former_custodian = move.referral.custodian
        move.referral.custodian = move.referral.agency
    move.referral.was_accepted = True
    await _decide(move)
    await move.tell(events.ReferralAccepted)
    if move.referral.kind == "application":
        await _hand_to_intake(move)


async def _hand_to_intake(move: Move) -> None:
    """An accepted application is registered by the intake of this node, with the dossier as it came."""
    referral, service = move.referral, move.receiving.service
    event = events.ApplicationTaken(
        path_id=referral.path_id,
        version=referral.version,
        at=move.now,
        referral_id=referral.id,
        sender=referral.sender,
        receiver=referral.agency,
        sealed=referral.sealed_dossier,
        urgency=referral.urgency,
        received_on=local_day(referral.delivered_at),
    )
    await service.outbox.publish(move.session, event, source=referral.agency, targets=[service.node])


async def _decline(move: Move) -> None:
    move.referral.reason = move.body.reason
    move.referral.sealed_note = move.sealed_for_us(move.body.note)
    await _decide(move)
    await move.tell(events.ReferralDeclined, reason=move.body.reason, sealed=move.sealed_for_sender(move.body.note))


async def _decide(move: Move) -> None:
    move.referral.decided_at, move.referral.decided_by = move.now, move.actor
    move.referral.seen_at = move.referral.seen_at or move.now
    await leases.end(move.session, move.referral)


async def _undo(move: Move) -> None:
    """As before the decision, but in review: whoever had the referral has it again, on a new lease."""
    referral = move.referral
    referral.claimed_by = referral.claimed_by or referral.decided_by
    if referral.former_custodian is not None:
        referral.custodian, referral.former_custodian = referral.former_custodian, None
    referral.decided_at = referral.decided_by = referral.reason = referral.sealed_note = None
    await undoing.give_files_back(move.session, referral)
    await leases.hold(move.session, referral, move.now)
    await move.tell(events.DecisionUndone, decision=move.before)


async def _ask(move: Move) -> None:
    _check_due_day(move.body.due_on, local_day(move.now))
    move.referral.question_rounds += 1
    move.referral.question_due_on = move.body.due_on
    move.referral.sealed_question = move.sealed_for_us(move.body.question)
    move.referral.sealed_answer = None
    await leases.end(move.session, move.referral)
    await move.tell(
        events.InformationRequested, due_on=move.body.due_on, sealed=move.sealed_for_sender(move.body.question)
    )


def _check_due_day(due_on: date | None, today: date) -> None:
    """Raises Problem."""
    days = limit("question_days", today)
    if due_on is not None and due_on < today:
        raise invalid(FieldError("due_on", "past_date"))
    if due_on is not None and due_on > today + timedelta(days=days):
        raise invalid(FieldError("due_on", "too_late_date", {"days": days}))


_DOERS: dict[str, Callable[[Move], Awaitable[None]]] = {
    "claim": _claim,
    "release": _release,
    "accept": _accept,
    "decline": _decline,
    "undo": _undo,
    "ask": _ask,
}
