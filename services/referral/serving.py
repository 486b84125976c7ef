"""The service itself: start, pauses, the outcome."""

from contracts import events
from services.referral.moves import Doer, Move


async def _start(move: Move) -> None:
    move.take_charge()
    move.reached()
    move.referral.started_at, move.referral.signed_on = move.now, move.body.signed_on
    await move.tell(events.ServiceStarted, signed_on=move.body.signed_on)


async def _note_progress(move: Move) -> None:
    await move.tell(events.ProgressNoted)


async def _suspend(move: Move) -> None:
    move.referral.suspended_for = move.body.reason
    move.referral.sealed_note = move.sealed_for_us(move.body.note) or move.referral.sealed_note
    await _prolong(move)


async def _prolong(move: Move) -> None:
    move.referral.suspended_until = move.body.until
    note = move.sealed_for_sender(move.body.note)
    await move.tell(events.ReferralSuspended, reason=move.referral.suspended_for, until=move.body.until, sealed=note)


async def _resume(move: Move) -> None:
    move.referral.suspended_until = None
    await move.tell(events.ReferralResumed)


async def _complete(move: Move) -> None:
    move.leave()
    move.referral.reason = None
    move.referral.outcome, move.referral.evidence = move.body.outcome, move.body.evidence
    move.referral.sealed_note = move.sealed_for_us(move.body.note)
    await move.tell(
        events.ReferralCompleted,
        outcome=move.body.outcome,
        evidence=move.body.evidence,
        sealed=move.sealed_for_sender(move.body.note),
    )


SERVING: dict[str, Doer] = {
    "start": _start,
    "begin": _start,
    "note_progress": _note_progress,
    "suspend": _suspend,
    "prolong": _prolong,
    "resume": _resume,
    "complete": _complete,
}
