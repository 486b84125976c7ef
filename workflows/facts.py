"""From an event of a referral or an application to a fact of its path: what it opens and what it ends. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.base import Message
from contracts.codes import ApplicationStatus, ReferralKind, Status, Urgency
from contracts.events import (
    ApplicationEvent,
    ApplicationRegistered,
    DecisionUndone,
    InformationAnswered,
    InformationRequested,
    InterviewHeld,
    MeetingScheduled,
    OpinionGiven,
    ReferralFact,
    ReferralSubmitted,
    ReferralSuspended,
    ReferralWaitlisted,
)
from contracts.paths import Deadline, PathFact, Stop
from rules.book import Book
from rules.calendar import local_day, not_after
from workflows.agenda import Agenda
from workflows.watch import Watch

SUBMITTED = "submitted"
"""What `rules/` and the timeline call intake.referral_submitted."""

Moved = ReferralSubmitted | ReferralFact | ApplicationEvent
"""What becomes a fact."""


class Terms(Message):
    """What only the submission of a referral, or the registration of an application, tells."""

    kind: ReferralKind
    urgency: Urgency


@dataclass(frozen=True)
class Parties:
    """What an event is about and who stands on its two sides: an application's OPS on both."""

    id: UUID
    sender: str
    receiver: str
    status: Status | ApplicationStatus
    custodian: str | None


def parties(event: Moved) -> Parties:
    """The referral or application of this event, as it stands after it."""
    if isinstance(event, ApplicationEvent):
        return Parties(event.application_id, event.agency, event.agency, event.status, event.agency)
    status: Status = "submitted" if isinstance(event, ReferralSubmitted) else event.status
    return Parties(event.referral_id, event.sender, event.receiver, status, event.custodian)


def happened_at(event: Moved) -> datetime:
    """When it really happened, from which time limits are reckoned: people write down later what was done earlier."""
    match event:
        case ApplicationRegistered():
            return not_after(event.received_on, event.at)
        case InterviewHeld():
            return not_after(event.held_on, event.at)
        case OpinionGiven():
            return not_after(event.issued_on, event.at)
        case _:
            return event.at


def named_day(event: Moved) -> date | None:
    """The day that the event itself names, until which or from which something is due."""
    match event:
        case InformationRequested():
            return event.due_on
        case ReferralWaitlisted():
            return event.review_on
        case ReferralSuspended():
            return event.until
        case MeetingScheduled():
            return local_day(event.meet_at)
        case _:
            return None


def fact_of(event: Moved, event_id: UUID, terms: Terms, state: Agenda, book: Book) -> PathFact:
    """The fact that this event is on a path in this state, under the rules of this book.

    A case keeps the rules of the local day on which it began.
    """
    name = SUBMITTED if isinstance(event, ReferralSubmitted) else event.name
    about, at = parties(event), happened_at(event)
    began = next((course.since for course in state.courses if course.id == about.id), at)
    own = [watch for watch in state.watches if watch.deadline.referral_id == about.id]
    reopens = _resumed(_taken_back(own, event, book), book.resumed_by(name))
    standing = [watch for watch in _of(own, book.restarted_by(name)) if watch.status == "paused"]
    # An undone decision is under review: the question that was open when it was made is not.
    standing += [watch for watch in own if watch.deadline.id in reopens and not watch.live and watch.former == "paused"]
    cut_off = _cut_off(own, book, state, event)
    moves = tuple(_gone_on(watch, at, book) for watch in (*standing, *cut_off))
    closes = tuple(watch.deadline.id for watch in _of(own, book.closed_by(name)) if watch.live)
    return PathFact(
        event_id=event_id,
        path_id=event.path_id,
        referral_id=about.id,
        type=name,
        at=at,
        status=about.status,
        sender=about.sender,
        receiver=about.receiver,
        custodian=about.custodian,
        kind=terms.kind,
        opens=_needed(
            book.opened_by(
                name,
                at=at,
                governed_on=local_day(began),
                referral_id=about.id,
                event_id=event_id,
                sender=about.sender,
                receiver=about.receiver,
                urgency=terms.urgency,
                kind=terms.kind,
                due_on=named_day(event),
            ),
            book,
            ahead=[*moves, *(watch.deadline for watch in own if watch.pending and watch.deadline.id not in closes)],
        ),
        closes=closes,
        reopens=(*reopens, *(watch.deadline.id for watch in cut_off)),
        pauses=tuple(watch.deadline.id for watch in _of(own, book.stopped_by(name)) if watch.pending),
        moves=moves,
        why={move.id: move.derivation for move in moves},
    )


def _needed(opened: Sequence[Deadline], book: Book, ahead: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """Without those that are a last resort where their owner has something else ahead."""
    spared = book.last_resorts()
    busy = {other.owner for other in ahead for each in opened if other.due_at > each.base_at}
    return tuple(each for each in opened if each.rule not in spared or each.owner not in busy)


def _of(watches: list[Watch], rules: Collection[str]) -> list[Watch]:
    return [watch for watch in watches if watch.deadline.rule in rules]


def _resumed(own: list[Watch], rules: Collection[str]) -> tuple[UUID, ...]:
    """Of each of these rules the deadline that was begun last."""
    begun = sorted((watch.deadline for watch in _of(own, rules)), key=lambda deadline: deadline.base_at)
    return tuple({deadline.rule: deadline.id for deadline in begun}.values())


def _taken_back(own: list[Watch], event: Moved, book: Book) -> list[Watch]:
    """Without what something else had ended before the decision that is undone."""
    if not isinstance(event, DecisionUndone):
        return own
    ended = book.closed_by(event.decision)
    return [watch for watch in own if watch.live or watch.status == "dropped" or watch.deadline.rule in ended]


def _cut_off(own: list[Watch], book: Book, state: Agenda, event: Moved) -> list[Watch]:
    """In states of before, a question ended what now only stands still: of each such rule the deadline begun last, with
    its clock stopped by that question."""
    referral = parties(event).id
    asked = [
        entry.at
        for entry in state.timeline
        if entry.referral_id == referral and entry.type == InformationRequested.name
    ]
    if not asked or not isinstance(event, InformationAnswered):
        return []
    rules = book.stopped_by(InformationRequested.name) & book.restarted_by(event.name)
    ended = _resumed(own, rules - {watch.deadline.rule for watch in own if watch.live})
    stop = Stop(since=asked[-1], event=InformationRequested.name)
    return [_with_stops(watch, (*watch.deadline.stops, stop)) for watch in own if watch.deadline.id in ended]


def _gone_on(watch: Watch, at: datetime, book: Book) -> Deadline:
    """The deadline with the time for which its clock stood still, which ends now."""
    *earlier, last = watch.deadline.stops
    stopped = _with_stops(watch, (*earlier, last.model_copy(update={"until": max(at, last.since)})))
    moved = book.again(stopped.deadline, local_day(at))
    return moved.model_copy(update={"revision": watch.deadline.revision + 1})


def _with_stops(watch: Watch, stops: tuple[Stop, ...]) -> Watch:
    return watch.model_copy(update={"deadline": watch.deadline.model_copy(update={"stops": stops})})
