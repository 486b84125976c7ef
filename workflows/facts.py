"""From an event of a referral to a fact of its path: which deadlines it opens and which it ends. Pure."""

from uuid import UUID

from contracts.base import Message
from contracts.codes import ReferralKind, Status, Urgency
from contracts.events import InformationRequested, ReferralFact, ReferralSubmitted
from contracts.paths import PathFact
from rules.deadlines import closed_by, opened_by
from workflows.agenda import Agenda

SUBMITTED = "submitted"
"""What `rules/` and the timeline call intake.referral_submitted."""


class Terms(Message):
    """What only the submission of a referral tells."""

    kind: ReferralKind
    urgency: Urgency


def fact_of(event: ReferralSubmitted | ReferralFact, event_id: UUID, terms: Terms, state: Agenda) -> PathFact:
    """The fact that this event is on a path in this state."""
    name = SUBMITTED if isinstance(event, ReferralSubmitted) else event.name
    status: Status = "submitted" if isinstance(event, ReferralSubmitted) else event.status
    ended = closed_by(name)
    return PathFact(
        event_id=event_id,
        path_id=event.path_id,
        referral_id=event.referral_id,
        type=name,
        at=event.at,
        status=status,
        sender=event.sender,
        receiver=event.receiver,
        custodian=event.custodian,
        opens=opened_by(
            name,
            at=event.at,
            referral_id=event.referral_id,
            event_id=event_id,
            sender=event.sender,
            receiver=event.receiver,
            urgency=terms.urgency,
            kind=terms.kind,
            due_on=event.due_on if isinstance(event, InformationRequested) else None,
        ),
        closes=tuple(
            watch.deadline.id
            for watch in state.watches
            if watch.pending and watch.deadline.referral_id == event.referral_id and watch.deadline.rule in ended
        ),
    )
