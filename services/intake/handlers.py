"""What the receiving node decided, written into the sender's copy. Kit has already put the events in order."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.envelope import Envelope
from services.intake.models import SentReferral, SentRequest
from services.kit.delivery import Forged
from services.kit.inbox import Effect, Handlers, each
from services.kit.keyring import Keyring
from services.kit.sealing import unseal_text

_TIMES = {
    "delivered": "delivered_at",
    "accepted": "decided_at",
    "declined": "decided_at",
    "withdrawn": "decided_at",
}


def handlers(keyring: Keyring) -> Handlers:
    """Every fact of the receiving node, for the institution that sent the referral."""

    async def record(session: AsyncSession, fact: events.ReferralFact, envelope: Envelope) -> None:
        await _record(keyring, session, fact, envelope.source)

    effects: dict[type[events.Event], Effect] = dict.fromkeys(
        (
            events.ReferralDelivered,
            events.ReferralSeen,
            events.ReferralClaimed,
            events.ReferralReleased,
            events.ReferralAccepted,
            events.ReferralDeclined,
            events.InformationRequested,
            events.InformationAnswered,
            events.ReferralWithdrawn,
            events.RequestRefused,
        ),
        each(record),
    )
    return Handlers(tenant=lambda fact: fact.sender, effects=effects)


async def _record(keyring: Keyring, session: AsyncSession, fact: events.ReferralFact, source: str) -> None:
    """Only the receiver may say what became of a referral.

    Raises Forged, and CannotOpen for a text that nobody here could read: shown in a list, it would break all of it.
    """
    query = select(SentReferral).where(SentReferral.id == fact.referral_id).with_for_update()
    referral = (await session.exec(query)).one()
    if source != referral.receiver:
        raise Forged(source)
    unseal_text(keyring, fact.sealed, context=fact.referral_id)
    referral.status, referral.version, referral.custodian = fact.status, fact.version, fact.custodian
    if fact.name in _TIMES:
        setattr(referral, _TIMES[fact.name], fact.at)
    if fact.by == "receiver":  # whoever acts on a referral has seen it, also without opening it first
        referral.seen_at = referral.seen_at or fact.at
    match fact:
        case events.ReferralDeclined():
            referral.reason, referral.sealed_note = fact.reason, fact.sealed
        case events.InformationRequested():
            referral.sealed_question, referral.question_due_on = fact.sealed, fact.due_on
            referral.sealed_answer = None
        case events.ReferralWithdrawn():
            referral.reason = fact.reason
            await _settle(session, fact, "done", fact.reason)
        case events.InformationAnswered():
            await _settle(session, fact, "done", None)
        case events.RequestRefused():
            await _settle(session, fact, "refused", fact.reason)
    session.add(referral)


async def _settle(
    session: AsyncSession,
    fact: events.ReferralWithdrawn | events.InformationAnswered | events.RequestRefused,
    state: str,
    reason: str | None,
) -> None:
    """The sender's request is answered."""
    request = (await session.exec(select(SentRequest).where(SentRequest.id == fact.request_id))).one()
    request.state, request.reason, request.answered_at = state, reason, fact.at
    session.add(request)
