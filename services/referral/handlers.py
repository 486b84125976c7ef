"""What the sender sent or asked: stored and confirmed, ordered and answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.dossier import Dossier
from contracts.envelope import Envelope
from rules.lifecycle import RuleError, decide
from services.kit.delivery import Forged
from services.kit.inbox import Effect, Handlers, each
from services.kit.sealing import unseal, unseal_text
from services.referral import leases, notices
from services.referral.attachments import take_part
from services.referral.changes import record
from services.referral.context import Receiving
from services.referral.models import ReceivedReferral, ReceivedRequest

_REFUSALS = {
    "accepted": "already_accepted",
    "declined": "already_declined",
    "withdrawn": "already_withdrawn",
}


def handlers(receiving: Receiving) -> Handlers:
    """A new referral, and the sender's requests about one; each belongs to the receiving institution."""

    async def submitted(session: AsyncSession, event: events.ReferralSubmitted, envelope: Envelope) -> None:
        await _deliver(receiving, session, event, envelope)

    async def requested(session: AsyncSession, event: events.ReferralRequested, envelope: Envelope) -> None:
        await _order(receiving, session, event, envelope)

    async def part(session: AsyncSession, event: events.AttachmentPart, envelope: Envelope) -> None:
        await take_part(receiving, session, event, envelope)

    async def noticed(session: AsyncSession, event: events.NoticeGiven, envelope: Envelope) -> None:
        await notices.store(receiving, session, event, envelope)

    effects: dict[type[events.Event], Effect] = {
        events.ReferralSubmitted: each(submitted),
        events.ReferralRequested: each(requested),
        events.NoticeGiven: each(noticed),
        events.AttachmentPart: each(part),
    }
    return Handlers(tenant=lambda event: event.receiver, effects=effects)


async def _deliver(
    receiving: Receiving, session: AsyncSession, event: events.ReferralSubmitted, envelope: Envelope
) -> None:
    """Store the referral durably and say so: the sender's receipt.

    Raises Forged, and CannotOpen for a dossier that nobody here could read: shown in a list, it would break all of it.
    """
    if envelope.source != event.sender:
        raise Forged(envelope.source)
    if event.sealed is not None:
        unseal(receiving.keyring, Dossier, event.sealed, context=event.referral_id)
    now = await receiving.service.clock.now(session)
    transition = decide(kind=event.kind, status="submitted", action="deliver", side="system", roles=())
    referral = ReceivedReferral(
        id=event.referral_id,
        agency=event.receiver,
        sender=event.sender,
        unit=event.unit,
        path_id=event.path_id,
        number=event.number,
        kind=event.kind,
        urgency=event.urgency,
        status=transition.target,
        version=event.version + 1,
        custodian=event.custodian,
        sealed_dossier=event.sealed,
        submitted_at=event.at,
        delivered_at=now,
    )
    session.add(referral)
    await record(receiving, session, referral, events.ReferralDelivered, at=now, by="system", cause=envelope)


async def _order(
    receiving: Receiving, session: AsyncSession, event: events.ReferralRequested, envelope: Envelope
) -> None:
    """Judge the request by the state it finds: whoever committed first has won, and the sender is told either way.

    Raises Forged, and CannotOpen for a text that nobody here could read.
    """
    query = select(ReceivedReferral).where(ReceivedReferral.id == event.referral_id).with_for_update()
    referral = (await session.exec(query)).one()
    if envelope.source != referral.sender:
        raise Forged(envelope.source)
    unseal_text(receiving.keyring, event.sealed, context=event.referral_id)
    order = _Order(receiving, session, referral, event, envelope, await receiving.service.clock.now(session))
    try:
        transition = decide(
            kind=order.referral.kind,
            status=order.referral.status,
            action=event.action,
            side="sender",
            roles=event.roles,
            reason=event.reason,
            note=_NOTE_WAS_CHECKED,
        )
    except RuleError:
        await order.refuse()
        return
    order.referral.status = transition.target
    await (order.withdraw() if event.action == "withdraw" else order.answer())


_NOTE_WAS_CHECKED = "checked by the sender's node; it is sealed here and not needed to decide"


@dataclass(frozen=True)
class _Order:
    """One request of the sender and the referral it is about, locked."""

    receiving: Receiving
    session: AsyncSession
    referral: ReceivedReferral
    event: events.ReferralRequested
    envelope: Envelope
    now: datetime

    async def refuse(self) -> None:
        """Too late or not possible now; nothing changes, and the receiver sees that it was asked."""
        reason = _REFUSALS.get(self.referral.status, "not_allowed_now")
        await self._close("refused", reason, events.RequestRefused, action=self.event.action, reason=reason)

    async def withdraw(self) -> None:
        """The referral ends, and what it told of the person is gone from the receiver."""
        self.referral.decided_at, self.referral.reason = self.now, self.event.reason
        self.referral.sealed_dossier = self.referral.sealed_question = self.referral.sealed_answer = None
        await leases.end(self.session, self.referral)
        await self._close("done", self.event.reason, events.ReferralWithdrawn, reason=self.event.reason)

    async def answer(self) -> None:
        """The question is answered; the review goes on with the person who asked, on a new lease."""
        self.referral.sealed_answer = self.event.sealed
        await leases.hold(self.session, self.referral, self.now)
        await self._close("done", None, events.InformationAnswered)

    async def _close(self, state: str, why: str | None, fact: type[events.ReferralFact], **fields: object) -> None:
        self.session.add(
            ReceivedRequest(
                id=self.event.request_id,
                agency=self.referral.agency,
                referral_id=self.referral.id,
                action=self.event.action,
                state=state,
                reason=why,
                asked_at=self.event.at,
                answered_at=self.now,
            )
        )
        await record(
            self.receiving,
            self.session,
            self.referral,
            fact,
            at=self.now,
            by="sender" if state == "done" else "system",
            cause=self.envelope,
            request_id=self.event.request_id,
            **fields,
        )
