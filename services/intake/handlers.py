"""What the receiving node decided, written into the sender's copy. Kit has already put the events in order."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.exc import NoResultFound
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from services.intake import attachments_sending
from services.intake.models import IntakeRow, SentReferral, SentRequest
from services.kit.delivery import Forged, Taken
from services.kit.inbox import Effect, Handlers
from services.kit.keyring import Keyring
from services.kit.sealing import unseal_text

_TIMES = {
    "delivered": "delivered_at",
    "accepted": "decided_at",
    "declined": "decided_at",
    "withdrawn": "decided_at",
}

_Answer = events.ReferralWithdrawn | events.InformationAnswered | events.RequestRefused
"""What ends a request of the sender."""

_REFERRALS = (
    select(SentReferral)
    .where(col(SentReferral.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(SentReferral.id))  # so that two transactions never wait for each other
    .with_for_update()
)
_REQUESTS = select(SentRequest).where(col(SentRequest.id).in_(bindparam("ids", expanding=True)))

R = TypeVar("R", bound=IntakeRow)


def handlers(keyring: Keyring) -> Handlers:
    """Every fact of the receiving node, for the institution that sent the referral."""

    async def record(session: AsyncSession, taken: Sequence[Taken]) -> None:
        await _record(keyring, session, taken)

    effects: dict[type[events.Event], Effect] = dict.fromkeys(
        (
            events.ReferralDelivered,
            events.ReferralSeen,
            events.ReferralClaimed,
            events.ReferralReleased,
            events.ReferralAccepted,
            events.ReferralDeclined,
            events.DecisionUndone,
            events.InformationRequested,
            events.InformationAnswered,
            events.ReferralWithdrawn,
            events.RequestRefused,
        ),
        record,
    )
    return Handlers(tenant=lambda fact: fact.sender, effects=effects)


async def _record(keyring: Keyring, session: AsyncSession, taken: Sequence[Taken]) -> None:
    """Only the receiver may say what became of a referral. All rows are read at once and written at once.

    Raises Forged, and CannotOpen for a text that nobody here could read: shown in a list, it would break all of it.
    """
    facts: list[tuple[Any, str]] = [(item.event, item.envelope.source) for item in taken]
    rows = await session.exec(_REFERRALS, params={"ids": [fact.referral_id for fact, _ in facts]})
    referrals = {row.id: row for row in rows}
    asked = [fact.request_id for fact, _ in facts if isinstance(fact, _Answer)]
    requests = {row.id: row for row in await session.exec(_REQUESTS, params={"ids": asked})} if asked else {}
    for fact, source in facts:
        referral = _one(referrals, fact.referral_id)
        if source != referral.receiver:
            raise Forged(source)
        unseal_text(keyring, fact.sealed, context=fact.referral_id)
        _apply(referral, fact)
        if isinstance(fact, _Answer):
            _settle(_one(requests, fact.request_id), fact)
    await attachments_sending.order(session, _told(facts, events.ReferralAccepted))
    await attachments_sending.stop(session, _told(facts, events.DecisionUndone))


def _told(facts: Sequence[tuple[Any, str]], model: type[events.ReferralFact]) -> list[UUID]:
    """The referrals that this happened to."""
    return [fact.referral_id for fact, _ in facts if isinstance(fact, model)]


def _one(rows: dict[UUID, R], row_id: UUID) -> R:
    """Raises NoResultFound."""
    if row_id not in rows:
        raise NoResultFound
    return rows[row_id]


def _apply(referral: SentReferral, fact: events.ReferralFact) -> None:
    """The referral as it stands after this fact."""
    referral.status, referral.version, referral.custodian = fact.status, fact.version, fact.custodian
    if fact.name in _TIMES:
        setattr(referral, _TIMES[fact.name], fact.at)
    if fact.by == "receiver":  # whoever acts on a referral has seen it, also without opening it first
        referral.seen_at = referral.seen_at or fact.at
    match fact:
        case events.ReferralDeclined():
            referral.reason, referral.sealed_note = fact.reason, fact.sealed
        case events.DecisionUndone():
            referral.decided_at = referral.reason = referral.sealed_note = None
            referral.reopened = True
        case events.InformationRequested():
            referral.sealed_question, referral.question_due_on = fact.sealed, fact.due_on
            referral.sealed_answer = None
        case events.ReferralWithdrawn():
            referral.reason = fact.reason


def _settle(request: SentRequest, fact: _Answer) -> None:
    """The sender's request is answered."""
    request.state = "refused" if isinstance(fact, events.RequestRefused) else "done"
    request.reason = None if isinstance(fact, events.InformationAnswered) else fact.reason
    request.answered_at = fact.at
