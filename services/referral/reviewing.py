"""The review: taking a referral on, asking, deciding, taking a decision back."""

from contracts import events
from rules.calendar import local_day
from services.referral import leases, undoing
from services.referral.moves import Doer, Move


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
    await take_on(move)
    await move.tell(events.ReferralAccepted, edition=move.referral.edition)
    if move.referral.kind == "application":
        await _hand_to_intake(move)


async def take_on(move: Move) -> None:
    move.take_charge()
    move.referral.was_accepted = True
    move.referral.edition = move.body.edition or move.referral.edition
    await move.decide()


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


async def decline(move: Move) -> None:
    move.why()
    move.referral.sealed_note = move.sealed_for_us(move.body.note)
    await move.decide()
    await move.tell(
        events.ReferralDeclined,
        reason=move.body.reason,
        suggestion=move.body.suggestion,
        sealed=move.sealed_for_sender(move.body.note),
    )


async def _send_back(move: Move) -> None:
    move.why()
    move.referral.sealed_note = move.sealed_for_us(move.body.note)
    await move.decide()
    await move.tell(
        events.ReferralReturned,
        reason=move.body.reason,
        suggestion=move.body.suggestion,
        sealed=move.sealed_for_sender(move.body.note),
    )


async def _undo(move: Move) -> None:
    """As before the decision, but in review: whoever had the referral has it again, on a new lease; whoever sent it
    leads the case."""
    referral = move.referral
    referral.claimed_by = referral.claimed_by or referral.decided_by
    referral.custodian, referral.former_custodian = referral.sender, None
    referral.decided_at = referral.decided_by = referral.reason = referral.sealed_note = referral.suggestion = None
    referral.edition, referral.review_on, referral.meet_at = referral.edition_asked, None, None
    referral.sealed_place, referral.meeting_changes = None, 0
    move.reached()
    await undoing.give_files_back(move.session, referral)
    await leases.hold(move.session, referral, move.now)
    await move.tell(events.DecisionUndone, decision=move.before, edition=referral.edition)


async def _ask(move: Move) -> None:
    move.referral.question_rounds += 1
    move.referral.question_due_on = move.body.due_on
    move.referral.sealed_question = move.sealed_for_us(move.body.question)
    move.referral.sealed_answer = None
    await leases.end(move.session, move.referral)
    await move.tell(
        events.InformationRequested, due_on=move.body.due_on, sealed=move.sealed_for_sender(move.body.question)
    )


async def _redirect(move: Move) -> None:
    """Whoever proposes it has the review, and has it again when the sender does not agree."""
    move.why()
    move.referral.claimed_by = move.referral.claimed_by or move.actor
    move.referral.seen_at = move.referral.seen_at or move.now
    move.referral.sealed_note = move.sealed_for_us(move.body.note)
    await leases.end(move.session, move.referral)
    await move.tell(
        events.RedirectProposed,
        reason=move.body.reason,
        suggestion=move.body.suggestion,
        sealed=move.sealed_for_sender(move.body.note),
    )


REVIEWING: dict[str, Doer] = {
    "claim": _claim,
    "release": _release,
    "accept": _accept,
    "decline": decline,
    "send_back": _send_back,
    "undo": _undo,
    "ask": _ask,
    "redirect": _redirect,
}
