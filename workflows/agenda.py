"""Where a path stands and what falls due on it: one fold over facts, for the workflow and for the database alike.

Pure. Facts of one referral come in the order of its versions; facts of different referrals may come in any order and
give the same picture. Holds ids, codes, instants and the reasoning of deadlines, nothing about the person.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from contracts.base import Code, Instant, Slug
from contracts.codes import ApplicationStatus, ReferralKind, Side, Status
from contracts.paths import PathFact
from workflows.watch import Item, Kept, Watch

REMEMBERED = 500
"""Facts kept in the timeline, and known again when they come twice. Older ones count as known."""

SETTLED = 100
"""Deadlines kept that nobody waits for any more."""

TURN: dict[Status | ApplicationStatus, Side] = {
    "draft": "sender",
    "opinion_pending": "sender",
    "submitted": "system",
    "delivered": "receiver",
    "in_review": "receiver",
    "info_requested": "sender",
    "redirect_proposed": "sender",
    "accepted": "receiver",
    "waitlisted": "receiver",
    "scheduled": "receiver",
    "no_show": "receiver",
    "in_service": "receiver",
    "suspended": "receiver",
    "cancel_requested": "receiver",
    "return_proposed": "sender",
    "registered": "receiver",
    "interview_planned": "receiver",
    "interviewed": "receiver",
    "opinion_given": "receiver",
    "returned": "system",
}
"""Whose move it is while a referral or an application goes on; a status that is not here has ended it; one that was
returned to be completed waits for the applicant, who need not be an institution. Part of the code and not read
from `rules/`, so that a change of rules cannot change the replay of a workflow."""

SENDERS_ACTS = (
    "submitted",
    "info_answered",
    "withdrawn",
    "redirected",
    "redirect_refused",
    "cancel_requested",
    "return_refused",
    "no_response",
    "reopen_asked",
    "voided",
    "consent_ended",
    "consent_renewed",
)
"""Types of facts of which the sending institution is the author."""

TAKEN_ON = ("accepted", "waitlisted")
"""With one of these a receiver has promised a place or a service."""

UNDONE = "decision_undone"
"""The type of a fact that takes a decision back: what the decision changed is as it was before."""

MOVED = "deadline_moved"
"""The type of a fact that nobody did: rules or calendar have changed, and deadlines were computed anew."""


def turn(status: Status | ApplicationStatus, kind: ReferralKind | None) -> Side | None:
    """Whose move it is, None when it has ended. A referral that was returned has; an application waits for more."""
    return None if status == "returned" and kind != "application" else TURN.get(status)


class Entry(Kept):
    """A fact in the timeline."""

    event_id: UUID
    at: Instant
    type: Code
    agency: Slug
    referral_id: UUID

    @property
    def key(self) -> tuple[datetime, str]:
        return self.at, str(self.event_id)


class Course(Kept):
    """How one referral or application of the path goes.

    `moved_at`: when custody last moved by it; `started`: whether the service or the programme has begun.
    """

    id: UUID
    sender: Slug
    receiver: Slug
    status: Status | ApplicationStatus
    custodian: Slug | None
    since: Instant
    accepted: bool = False
    moved_at: Instant | None = None
    kind: ReferralKind | None = None
    started: bool = False

    @property
    def is_application(self) -> bool:
        """Whether it asks for a referral, and is none itself."""
        return self.kind == "application"

    @property
    def open(self) -> bool:
        """Whether it goes on; an application that came as a referral ends where the OPS takes it."""
        if self.is_application and self.status == "accepted":
            return False
        return turn(self.status, self.kind) is not None

    @property
    def turn(self) -> Slug | None:
        """The institution whose move it is, None when it is nobody's."""
        if not self.open:
            return None
        return {"sender": self.sender, "receiver": self.receiver}.get(turn(self.status, self.kind) or "system")


class Agenda(Kept):
    """The whole state of a path. `version` counts its changes: facts, and deadlines that were missed."""

    path_id: UUID
    version: int = 0
    courses: tuple[Course, ...] = ()
    watches: tuple[Watch, ...] = ()
    timeline: tuple[Entry, ...] = ()
    rejected: tuple[UUID, ...] = ()


# --- facts ------------------------------------------------------------------------------------------------------------


def apply(state: Agenda, fact: PathFact) -> Agenda:
    """The state after this fact; the same state when the fact is known."""
    entry = Entry(
        event_id=fact.event_id,
        at=fact.at,
        type=fact.type,
        agency=fact.sender if _by_sender(state, fact) else fact.receiver,
        referral_id=fact.referral_id,
    )
    if _known(state, entry):
        return state
    return state.model_copy(
        update={
            "version": state.version + 1,
            "courses": state.courses if fact.type == MOVED else _courses(state, fact),
            "watches": _watches(state, fact),
            "timeline": tuple(sorted((*state.timeline, entry), key=lambda kept: kept.key))[-REMEMBERED:],
        }
    )


def reject(state: Agenda, event_id: UUID) -> Agenda:
    """Note that a fact could not be applied; the last few are kept for whoever looks."""
    return state.model_copy(update={"rejected": (*state.rejected, event_id)[-20:]})


def _known(state: Agenda, entry: Entry) -> bool:
    if len(state.timeline) >= REMEMBERED and entry.key < state.timeline[0].key:
        return True
    return any(kept.event_id == entry.event_id for kept in state.timeline)


def _by_sender(state: Agenda, fact: PathFact) -> bool:
    """Whether the sending institution did this. A return that was proposed is taken back by it; any other return is of
    the receiver."""
    if fact.type == "returned":
        before = _course(state, fact.referral_id)
        return before is not None and before.status == "return_proposed"
    return fact.type in SENDERS_ACTS


def _course(state: Agenda, referral_id: UUID) -> Course | None:
    return next((course for course in state.courses if course.id == referral_id), None)


def _courses(state: Agenda, fact: PathFact) -> tuple[Course, ...]:
    before = _course(state, fact.referral_id)
    undone = fact.type == UNDONE
    moved = before is not None and before.custodian != fact.custodian
    moved_at = fact.at if moved else before.moved_at if before else None
    accepted = fact.status in TAKEN_ON and fact.kind != "application"
    after = Course(
        id=fact.referral_id,
        sender=fact.sender,
        receiver=fact.receiver,
        status=fact.status,
        custodian=fact.custodian,
        since=before.since if before else fact.at,
        accepted=not undone and (accepted or (before is not None and before.accepted)),
        moved_at=None if undone else moved_at,  # until it is decided, custody has not moved by a referral
        kind=fact.kind,
        started=fact.status == "in_service" or (before is not None and before.started),
    )
    others = (course for course in state.courses if course.id != fact.referral_id)
    return tuple(sorted((*others, after), key=lambda course: (course.since, str(course.id))))


def _watches(state: Agenda, fact: PathFact) -> tuple[Watch, ...]:
    present = {watch.deadline.id for watch in state.watches}
    over = _over(state, fact)
    watches = [_after(watch, fact, over=over) for watch in state.watches]
    watches += [Watch(deadline=deadline) for deadline in fact.opens if deadline.id not in present]
    settled = sorted((watch for watch in watches if not watch.live), key=lambda watch: watch.key)
    waiting = [watch for watch in watches if watch.live]
    return tuple(sorted((*settled[-SETTLED:], *waiting), key=lambda watch: watch.key))


def _over(state: Agenda, fact: PathFact) -> bool:
    """Whether what was waited for can come no more, because the referral ends.

    A referral that had ended before may still be asked to go on, and what that began is waited for.
    """
    before = _course(state, fact.referral_id)
    return turn(fact.status, fact.kind) is None and (before is None or before.status != fact.status)


def _after(watch: Watch, fact: PathFact, *, over: bool) -> Watch:
    """What became of a deadline: told by when things happened, not by when word of them came here."""
    if watch.deadline.id in fact.reopens:
        watch = watch.resumed()
    elif not watch.live:
        return watch
    elif watch.deadline.id in fact.closes:
        return watch.ended(fact.at)
    elif watch.deadline.referral_id == fact.referral_id and (over or _began_with_what_is_undone(watch, fact)):
        return watch.dropped()
    elif watch.deadline.id in fact.pauses:
        return watch.paused(fact.at, fact.type)
    move = next((deadline for deadline in fact.moves if deadline.id == watch.deadline.id), None)
    return watch if move is None else watch.moved_to(move, fact.at, fact.why.get(move.id))


def _began_with_what_is_undone(watch: Watch, fact: PathFact) -> bool:
    """What a decision began is the receiver's to do, and ends with it."""
    return fact.type == UNDONE and watch.deadline.owner == fact.receiver


# --- what is due ------------------------------------------------------------------------------------------------------


def due(state: Agenda, now: datetime) -> tuple[Item, ...]:
    """What is due at this instant and not dealt with, earliest first."""
    return tuple(sorted((item for item in _waiting(state) if item.at <= now), key=lambda item: item.at))


def next_due(state: Agenda) -> datetime | None:
    """When to look again: the earliest item's full minute, so that all items of a minute share one wake-up."""
    earliest = min((item.at for item in _waiting(state)), default=None)
    if earliest is None:
        return None
    minute = earliest.replace(second=0, microsecond=0)
    return earliest if minute == earliest else minute + timedelta(minutes=1)


def _waiting(state: Agenda) -> list[Item]:
    return [item for watch in state.watches for item in watch.waiting()]


def revisions(state: Agenda) -> dict[UUID, int]:
    """How often each deadline that was moved has been computed anew."""
    moved = (watch.deadline for watch in state.watches if watch.deadline.revision)
    return {deadline.id: deadline.revision for deadline in moved}


def emitted(state: Agenda, at: datetime, missed: Collection[UUID]) -> Agenda:
    """The state once everything due at `at` has been dealt with; `missed`: the deadlines announced as missed."""
    watches = tuple(_told(watch, at, missed) for watch in state.watches)
    changed = sum(before.status != after.status for before, after in zip(state.watches, watches, strict=True))
    return state.model_copy(update={"watches": watches, "version": state.version + changed})


def _told(watch: Watch, at: datetime, missed: Collection[UUID]) -> Watch:
    if not watch.pending:
        return watch
    status = "missed" if watch.deadline.id in missed else watch.status
    return watch.model_copy(update={"status": status, "told_until": at})
