"""From an event of a referral or an application to a fact of its path: what it opens and what it ends. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.base import Message
from contracts.codes import ApplicationStatus, ReferralKind, Status, Urgency
from contracts.events import (
    ApplicationEvent,
    ApplicationRegistered,
    InformationRequested,
    InterviewHeld,
    OpinionGiven,
    ReferralFact,
    ReferralSubmitted,
)
from contracts.paths import Deadline, PathFact
from rules.calendar import not_after
from rules.deadlines import closed_by, opened_by, resumed_by
from workflows.agenda import Agenda

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


def fact_of(event: Moved, event_id: UUID, terms: Terms, state: Agenda) -> PathFact:
    """The fact that this event is on a path in this state."""
    name = SUBMITTED if isinstance(event, ReferralSubmitted) else event.name
    about, at, ended = parties(event), happened_at(event), closed_by(name)
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
        opens=opened_by(
            name,
            at=at,
            referral_id=about.id,
            event_id=event_id,
            sender=about.sender,
            receiver=about.receiver,
            urgency=terms.urgency,
            kind=terms.kind,
            due_on=event.due_on if isinstance(event, InformationRequested) else None,
        ),
        closes=tuple(
            watch.deadline.id
            for watch in state.watches
            if watch.pending and watch.deadline.referral_id == about.id and watch.deadline.rule in ended
        ),
        reopens=_resumed(name, about.id, state),
    )


def _resumed(name: str, referral_id: UUID, state: Agenda) -> tuple[UUID, ...]:
    """Of each rule that this event resumes the deadline that was begun last."""
    last: dict[str, Deadline] = {}
    for watch in sorted(state.watches, key=lambda watch: watch.deadline.base_at):
        if watch.deadline.referral_id == referral_id and watch.deadline.rule in resumed_by(name):
            last[watch.deadline.rule] = watch.deadline
    return tuple(deadline.id for deadline in last.values())
