"""The waiting list, appointments, and attempts to reach the person."""

from contracts import events
from services.referral import places
from services.referral.moves import Doer, Move
from services.referral.reviewing import take_on


async def _put_on_list(move: Move) -> None:
    await take_on(move)
    await _wait(move)


async def _wait(move: Move) -> None:
    if _was_kept(move):
        move.reached()
    move.referral.review_on = move.body.review_on
    move.referral.edition = move.body.edition or move.referral.edition
    move.referral.meet_at = move.referral.sealed_place = None
    await move.tell(
        events.ReferralWaitlisted,
        review_on=move.body.review_on,
        edition=move.referral.edition,
        starts_on=places.starts_on(move.receiving, move.referral),
        attempts=move.referral.attempts,
    )


def _was_kept(move: Move) -> bool:
    """Whether the person came to the appointment: its time has passed, and nobody noted that they did not.

    In doubt they did, so that nobody loses a place for attempts of long ago.
    """
    meet_at = move.referral.meet_at
    return move.before == "scheduled" and meet_at is not None and meet_at <= move.now


async def _admit(move: Move) -> None:
    move.referral.review_on = None
    await move.tell(events.PlaceFound)


async def _schedule(move: Move) -> None:
    referral = move.referral
    if _was_kept(move):
        move.reached()
    elif move.before == "scheduled":
        referral.meeting_changes += 1
    referral.meet_at = move.body.meet_at
    referral.sealed_place = move.sealed_for_us(move.body.place)
    await move.tell(
        events.MeetingScheduled,
        meet_at=referral.meet_at,
        changes=referral.meeting_changes,
        attempts=referral.attempts,
        sealed=move.sealed_for_sender(move.body.place),
    )


async def _no_show(move: Move) -> None:
    await move.tell(events.NotAttended)


async def _record_attempt(move: Move) -> None:
    referral, channel = move.referral, move.body.channel
    referral.attempts += 1
    referral.channels = [*referral.channels, *([channel] if channel and channel not in referral.channels else [])]
    await move.tell(events.ContactAttempted, channel=channel, attempts=referral.attempts)


async def _give_up(move: Move) -> None:
    move.leave()
    move.referral.reason = None
    await move.tell(events.PersonUnreachable)


WAITING: dict[str, Doer] = {
    "put_on_list": _put_on_list,
    "waitlist": _wait,
    "extend_wait": _wait,
    "admit": _admit,
    "schedule": _schedule,
    "reschedule": _schedule,
    "no_show": _no_show,
    "record_attempt": _record_attempt,
    "give_up": _give_up,
}
