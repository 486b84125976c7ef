"""What must hold for a transition besides state, side and role: each guard by the name the transitions give it. Pure.

Both ends of a referral ask the same guards, each about what it knows of the referral.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rules.calendar import add_working_days, local_day
from rules.limits import limit


@dataclass(frozen=True)
class Standing:
    """What is known of a referral.

    `was_in_charge`: the receiver once had charge of it, so a refusal after that is a late one; `free_places`: None
    where places are not counted; `hops`: how many institutions had it before; `file_opened`: a file that followed the
    acceptance was opened.
    """

    delivered_at: datetime | None = None
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    claimed_by: str | None = None
    decided_by: str | None = None
    question_rounds: int = 0
    question_open: bool = False
    attempts: int = 0
    channels: int = 0
    meet_at: datetime | None = None
    consent: bool = False
    consent_ended: bool = False
    reopen_asked: bool = False
    was_in_charge: bool = False
    was_in_service: bool = False
    hops: int = 0
    free_places: int | None = None
    file_opened: bool = False


@dataclass(frozen=True)
class Asked:
    """Who asks for what now. `target_fits`: whether the suggested institution may take it; None when none was named."""

    actor: str
    is_head: bool
    now: datetime
    due_on: date | None = None
    review_on: date | None = None
    until: date | None = None
    signed_on: date | None = None
    meet_at: datetime | None = None
    target_fits: bool | None = None

    @property
    def today(self) -> date:
        return local_day(self.now)


@dataclass(frozen=True)
class Objection:
    """Why not, by the code of its wording. `about`: the field that must be corrected; None: it cannot be done now."""

    code: str
    about: str | None = None
    values: Mapping[str, int] = field(default_factory=dict)


def objection(guards: tuple[str, ...], standing: Standing, asked: Asked) -> Objection | None:
    """What stands against it first, in the order of the row. Raises KeyError for a guard that does not exist."""
    for name in guards:
        found = GUARDS[name](standing, asked)
        if found is not None:
            return found
    return None


def undo_until(decided_at: datetime) -> datetime:
    """Until when a decision may be taken back."""
    return decided_at + timedelta(minutes=limit("undo_minutes", local_day(decided_at)))


# --- the review -------------------------------------------------------------------------------------------------------


def _own_claim(standing: Standing, asked: Asked) -> Objection | None:
    others = standing.claimed_by not in (None, asked.actor)
    return Objection("claimed_by_another") if others and not asked.is_head else None


def _question_rounds(standing: Standing, asked: Asked) -> Objection | None:
    rounds = limit("question_rounds", asked.today)
    too_many = standing.question_rounds >= rounds
    return Objection("too_many_questions", values={"rounds": rounds}) if too_many else None


def _answer_day(standing: Standing, asked: Asked) -> Objection | None:
    return _within("due_on", asked.due_on, "question_days", asked.today)


def _free_place(standing: Standing, asked: Asked) -> Objection | None:
    return Objection("no_free_place") if standing.free_places is not None and standing.free_places <= 0 else None


def _hops(standing: Standing, asked: Asked) -> Objection | None:
    most = limit("redirect_hops", asked.today)
    return Objection("too_many_hops", values={"hops": most}) if standing.hops >= most else None


def _eligible_target(standing: Standing, asked: Asked) -> Objection | None:
    return Objection("target_does_not_fit", "suggestion") if asked.target_fits is False else None


def _long_silence(standing: Standing, asked: Asked) -> Objection | None:
    days = limit("silence_working_days", asked.today)
    since = standing.delivered_at
    short = since is None or asked.today <= add_working_days(local_day(since), days)
    return Objection("silence_too_short", values={"days": days}) if short else None


# --- taking a decision back -------------------------------------------------------------------------------------------


def _own_decision(standing: Standing, asked: Asked) -> Objection | None:
    return Objection("undo_of_another") if standing.decided_by != asked.actor and not asked.is_head else None


def _undo_in_time(standing: Standing, asked: Asked) -> Objection | None:
    if standing.decided_at is not None and asked.now < undo_until(standing.decided_at):
        return None
    return Objection("undo_too_late", values={"minutes": limit("undo_minutes", asked.today)})


def _not_late(standing: Standing, asked: Asked) -> Objection | None:
    return Objection("undo_of_late_decline") if standing.was_in_charge else None


def _nothing_followed(standing: Standing, asked: Asked) -> Objection | None:
    return Objection("undo_file_opened") if standing.file_opened else None


def _no_open_question(standing: Standing, asked: Asked) -> Objection | None:
    """There is no review to go back to: the sender was to answer first."""
    return Objection("undo_while_asking") if standing.question_open else None


# --- in charge --------------------------------------------------------------------------------------------------------


def _review_day(standing: Standing, asked: Asked) -> Objection | None:
    return _within("review_on", asked.review_on, "review_days", asked.today)


def _suspension_end(standing: Standing, asked: Asked) -> Objection | None:
    return _within("until", asked.until, "suspension_days", asked.today)


def _future_meeting(standing: Standing, asked: Asked) -> Objection | None:
    if asked.meet_at is not None and asked.meet_at <= asked.now:
        return Objection("past_date", "meet_at")
    return _within("meet_at", None if asked.meet_at is None else local_day(asked.meet_at), "meeting_days", asked.today)


def _meeting_passed(standing: Standing, asked: Asked) -> Objection | None:
    ahead = standing.meet_at is not None and standing.meet_at > asked.now
    return Objection("meeting_still_ahead") if ahead else None


def _attempts_made(standing: Standing, asked: Asked) -> Objection | None:
    attempts, channels = limit("contact_attempts", asked.today), limit("contact_channels", asked.today)
    enough = standing.attempts >= attempts and standing.channels >= channels
    return None if enough else Objection("too_few_attempts", values={"attempts": attempts, "channels": channels})


def _signed_by_now(standing: Standing, asked: Asked) -> Objection | None:
    ahead = asked.signed_on is not None and asked.signed_on > asked.today
    return Objection("future_date", "signed_on") if ahead else None


def _was_in_service(standing: Standing, asked: Asked) -> Objection | None:
    return None if standing.was_in_service else Objection("never_started")


# --- after the end ----------------------------------------------------------------------------------------------------


def _reopen_in_time(standing: Standing, asked: Asked) -> Objection | None:
    days = limit("reopen_days", asked.today)
    late = standing.ended_at is None or asked.today > local_day(standing.ended_at) + timedelta(days=days)
    return Objection("reopen_too_late", values={"days": days}) if late else None


def _was_in_charge(standing: Standing, asked: Asked) -> Objection | None:
    return None if standing.was_in_charge else Objection("never_in_charge")


def _not_asked_yet(standing: Standing, asked: Asked) -> Objection | None:
    """Asking again would only give the receiver more time for the answer."""
    return Objection("reopen_asked_already") if standing.reopen_asked else None


def _reopen_asked(standing: Standing, asked: Asked) -> Objection | None:
    return None if standing.reopen_asked else Objection("reopen_not_asked")


def _consent_given(standing: Standing, asked: Asked) -> Objection | None:
    return None if standing.consent and not standing.consent_ended else Objection("no_consent_to_end")


def _consent_ended(standing: Standing, asked: Asked) -> Objection | None:
    return None if standing.consent_ended else Objection("consent_stands")


def _consent_covers(standing: Standing, asked: Asked) -> Objection | None:
    return Objection("consent_ended") if standing.consent_ended else None


def _within(name: str, day: date | None, longest: str, today: date) -> Objection | None:
    """A day that was named lies neither in the past nor too far ahead."""
    if day is None:
        return None
    days = limit(longest, today)
    if day < today:
        return Objection("past_date", name)
    return Objection("too_late_date", name, {"days": days}) if day > today + timedelta(days=days) else None


Guard = Callable[[Standing, Asked], Objection | None]

GUARDS: Mapping[str, Guard] = {
    "own_claim": _own_claim,
    "question_rounds": _question_rounds,
    "answer_day": _answer_day,
    "free_place": _free_place,
    "hops": _hops,
    "eligible_target": _eligible_target,
    "long_silence": _long_silence,
    "own_decision": _own_decision,
    "undo_in_time": _undo_in_time,
    "not_late": _not_late,
    "nothing_followed": _nothing_followed,
    "no_open_question": _no_open_question,
    "review_day": _review_day,
    "suspension_end": _suspension_end,
    "future_meeting": _future_meeting,
    "meeting_passed": _meeting_passed,
    "attempts_made": _attempts_made,
    "signed_by_now": _signed_by_now,
    "was_in_service": _was_in_service,
    "reopen_in_time": _reopen_in_time,
    "was_in_charge": _was_in_charge,
    "not_asked_yet": _not_asked_yet,
    "reopen_asked": _reopen_asked,
    "consent_given": _consent_given,
    "consent_ended": _consent_ended,
    "consent_covers": _consent_covers,
}
