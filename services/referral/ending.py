"""Handing back, declining late, answering a request to cancel, and opening again what has ended."""

from sqlmodel import col, select

from contracts import events
from contracts.codes import SenderAction
from services.referral.models import ReceivedRequest
from services.referral.moves import Doer, Move
from services.referral.reviewing import decline


async def _late_decline(move: Move) -> None:
    if move.referral.custodian == move.referral.agency:
        move.referral.custodian = move.referral.sender
    await decline(move)


async def _confirm_cancel(move: Move) -> None:
    move.leave()
    await move.tell(events.ReferralCancelled, reason=move.referral.reason)


async def _refuse_cancel(move: Move) -> None:
    await _not_granted(move, "request_cancel")
    move.referral.reason = move.body.reason
    move.referral.sealed_note = move.sealed_for_us(move.body.note)
    await move.tell(events.CancelRefused, reason=move.body.reason, sealed=move.sealed_for_sender(move.body.note))


async def _propose_return(move: Move) -> None:
    move.why()
    move.referral.sealed_summary = move.sealed_for_us(move.body.text)
    await move.tell(
        events.ReturnProposed,
        reason=move.body.reason,
        suggestion=move.body.suggestion,
        sealed=move.sealed_for_sender(move.body.text),
    )


async def _reopen(move: Move) -> None:
    referral = move.referral
    if referral.former_custodian == referral.agency:
        referral.custodian, referral.former_custodian = referral.agency, None
    move.reached()
    referral.reopen_asked = False
    referral.reason = referral.outcome = referral.evidence = None
    await move.tell(events.ReferralReopened)


async def _refuse_reopen(move: Move) -> None:
    """It stays ended, for the reason for which it ended; why it is not opened again is told of the request."""
    await _not_granted(move, "ask_reopen")
    move.referral.reopen_asked = False
    move.referral.sealed_note = move.sealed_for_us(move.body.note) or move.referral.sealed_note
    await move.tell(events.ReopenRefused, reason=move.body.reason, sealed=move.sealed_for_sender(move.body.note))


async def _not_granted(move: Move, action: SenderAction) -> None:
    """The request was taken in, and what it asked for is now refused."""
    of_this = (ReceivedRequest.referral_id == move.referral.id, ReceivedRequest.action == action)
    newest = select(ReceivedRequest).where(*of_this).order_by(col(ReceivedRequest.asked_at).desc())
    request = (await move.session.exec(newest.limit(1))).one()
    request.state, request.reason = "refused", move.body.reason
    move.session.add(request)


ENDING: dict[str, Doer] = {
    "late_decline": _late_decline,
    "confirm_cancel": _confirm_cancel,
    "refuse_cancel": _refuse_cancel,
    "propose_return": _propose_return,
    "reopen": _reopen,
    "refuse_reopen": _refuse_reopen,
}
