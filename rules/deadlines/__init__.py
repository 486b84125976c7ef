"""Deadlines by the tables of this package: what falls due after an event, for whom, on which basis, what ends it.

The tables lie beside this file. Who has a book of their own asks it instead (`rules.book`).
"""

from datetime import date, datetime
from uuid import UUID

from contracts.codes import ReferralKind, Urgency
from contracts.paths import Deadline
from rules.book import Book, shipped
from rules.calendar import local_day
from rules.rule import DeadlineRule


def table() -> Book:
    """The book that ships with this package."""
    return shipped()


def rules_in_force(day: date) -> tuple[DeadlineRule, ...]:
    """The rules in force on this local day, in the order of the tables."""
    return shipped().rules_in_force(day)


def closed_by(event: str) -> frozenset[str]:
    """The ids of the rules whose deadlines this event ends. Raises ValueError for an unknown event."""
    return shipped().closed_by(event)


def resumed_by(event: str) -> frozenset[str]:
    """The ids of the rules whose last deadline waits again after this event. Raises ValueError for an unknown event."""
    return shipped().resumed_by(event)


def stopped_by(event: str) -> frozenset[str]:
    """The ids of the rules whose clock stands still from this event on. Raises ValueError for an unknown event."""
    return shipped().stopped_by(event)


def restarted_by(event: str) -> frozenset[str]:
    """The ids of the rules whose clock goes on with this event. Raises ValueError for an unknown event."""
    return shipped().restarted_by(event)


def opened_by(
    event: str,
    *,
    at: datetime,
    referral_id: UUID,
    event_id: UUID,
    sender: str,
    receiver: str,
    urgency: Urgency,
    kind: ReferralKind,
    due_on: date | None = None,
    governed_on: date | None = None,
) -> tuple[Deadline, ...]:
    """The deadlines that this event starts (`rules.book.Book.opened_by`), of a case that began with it by default."""
    return shipped().opened_by(
        event,
        at=at,
        governed_on=governed_on or local_day(at),
        referral_id=referral_id,
        event_id=event_id,
        sender=sender,
        receiver=receiver,
        urgency=urgency,
        kind=kind,
        due_on=due_on,
    )
