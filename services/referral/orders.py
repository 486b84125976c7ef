"""What the sender asked for: each request carried out at the receiver, the only writer, and answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.envelope import Envelope
from rules.lifecycle import is_open
from services.referral import leases, undoing
from services.referral.changes import record
from services.referral.context import Receiving
from services.referral.models import ReceivedReferral, ReceivedRequest

_REFUSALS = {
    "accepted": "already_accepted",
    "declined": "already_declined",
    "withdrawn": "already_withdrawn",
}


@dataclass(frozen=True)
class Order:
    """One request of the sender and the referral it is about, locked. Once allowed, it is in its new state already."""

    receiving: Receiving
    session: AsyncSession
    referral: ReceivedReferral
    event: events.ReferralRequested
    envelope: Envelope
    now: datetime

    async def refuse(self) -> None:
        """Too late or not possible now; nothing changes, and the receiver sees that it was asked."""
        status = self.referral.status
        reason = _REFUSALS.get(status, "not_allowed_now" if is_open(status) else "already_ended")
        await self._close("refused", reason, events.RequestRefused, action=self.event.action, reason=reason)

    async def done(self, fact: type[events.ReferralFact], **fields: object) -> None:
        """Carried out."""
        await self._close("done", self.event.reason, fact, **fields)

    async def empty(self) -> None:
        """What it told of the person is gone from the receiver, files and all."""
        referral = self.referral
        referral.sealed_dossier = referral.sealed_question = referral.sealed_answer = None
        referral.sealed_note = referral.sealed_summary = referral.sealed_place = None
        await undoing.give_files_back(self.session, referral)
        await leases.end(self.session, referral)

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


async def _withdraw(order: Order) -> None:
    """The referral ends, and what it told of the person is gone from the receiver."""
    order.referral.decided_at, order.referral.reason = order.now, order.event.reason
    await order.empty()
    await order.done(events.ReferralWithdrawn, reason=order.event.reason)


async def _answer(order: Order) -> None:
    """The question is answered; the review goes on with the person who asked, on a new lease."""
    order.referral.sealed_answer = order.event.sealed
    await leases.hold(order.session, order.referral, order.now)
    await order.done(events.InformationAnswered)


async def _accept_redirect(order: Order) -> None:
    """Another referral has taken its place; what this one told is gone from here."""
    order.referral.followed_by = order.event.child_id
    await order.empty()
    await order.done(events.ReferralRedirected, child_id=order.event.child_id)


async def _refuse_redirect(order: Order) -> None:
    """The review goes on with whoever had it."""
    order.referral.suggestion = order.referral.reason = None
    order.referral.sealed_note = order.event.sealed
    await leases.hold(order.session, order.referral, order.now)
    await order.done(events.RedirectRefused, reason=order.event.reason)


async def _request_cancel(order: Order) -> None:
    order.referral.reason, order.referral.sealed_note = order.event.reason, order.event.sealed
    await order.done(events.CancelRequested, reason=order.event.reason)


async def _accept_return(order: Order) -> None:
    """The case is with the sender again."""
    referral = order.referral
    referral.former_custodian, referral.custodian = referral.custodian, referral.sender
    await order.done(events.ReferralReturned, reason=referral.reason, suggestion=referral.suggestion)


async def _refuse_return(order: Order) -> None:
    order.referral.reason = order.referral.suggestion = None
    order.referral.sealed_note = order.event.sealed
    await order.done(events.ReturnRefused, reason=order.event.reason)


async def _close_unanswered(order: Order) -> None:
    await order.empty()
    await order.done(events.NoResponse)


async def _ask_reopen(order: Order) -> None:
    order.referral.reopen_asked = True
    order.referral.sealed_note = order.event.sealed or order.referral.sealed_note
    await order.done(events.ReopenAsked, reason=order.event.reason)


async def _void(order: Order) -> None:
    """It never should have been: the history stays, the person's data go, the sender leads the case."""
    order.referral.reason = order.event.reason
    order.referral.custodian, order.referral.reopen_asked = order.referral.sender, False
    await order.empty()
    await order.done(events.ReferralVoided, reason=order.event.reason)


async def _end_consent(order: Order) -> None:
    order.referral.consent_ended = True
    await order.done(events.ConsentEnded)


async def _renew_consent(order: Order) -> None:
    order.referral.consent_ended = False
    await order.done(events.ConsentRenewed, signed_on=order.event.signed_on)


ORDERS: dict[str, Callable[[Order], Awaitable[None]]] = {
    "withdraw": _withdraw,
    "answer": _answer,
    "accept_redirect": _accept_redirect,
    "refuse_redirect": _refuse_redirect,
    "request_cancel": _request_cancel,
    "accept_return": _accept_return,
    "refuse_return": _refuse_return,
    "close_unanswered": _close_unanswered,
    "ask_reopen": _ask_reopen,
    "void": _void,
    "end_consent": _end_consent,
    "renew_consent": _renew_consent,
}
