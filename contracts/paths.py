"""What the path knows: facts, deadlines and the picture of it that every institution concerned keeps.

Ids, codes and instants only: nothing here may tell who the person is.
"""

from typing import Literal
from uuid import UUID

from contracts.base import Code, Instant, Slug, Told
from contracts.codes import ApplicationStatus, Language, ReferralKind, Stage, Status

Audience = Literal["owner", "deputy", "head", "sender", "operator"]
DeadlineStatus = Literal["open", "met", "missed", "met_late", "dropped"]
"""dropped: the event that the deadline waited for can no longer come (the referral ended another way)."""


class Rung(Told):
    """One step of a ladder: at this instant this audience is reminded."""

    at: Instant
    audience: Audience


class Deadline(Told):
    """A date somebody must keep, with everything needed to check it by hand."""

    id: UUID
    rule: Code
    rule_version: str
    calendar_version: str
    basis: str
    derivation: dict[Language, str]
    referral_id: UUID
    owner: Slug
    base_event: Code
    base_at: Instant
    due_at: Instant
    ladder: tuple[Rung, ...] = ()


class PathFact(Told):
    """One thing that happened to one referral or application of the path, as the workflow takes it in.

    `referral_id` is the application's for one of its own; the OPS that works on it stands on both sides.
    """

    event_id: UUID
    path_id: UUID
    referral_id: UUID
    type: Code
    at: Instant
    status: Status | ApplicationStatus
    sender: Slug
    receiver: Slug
    custodian: Slug | None
    kind: ReferralKind | None = None
    """None in facts of before applications."""
    opens: tuple[Deadline, ...] = ()
    closes: tuple[UUID, ...] = ()
    reopens: tuple[UUID, ...] = ()
    """Deadlines that wait again, as they were: what ended them was undone."""


class DeadlineView(Told):
    id: UUID
    rule: Code
    referral_id: UUID
    owner: Slug
    due_at: Instant
    status: DeadlineStatus
    basis: str
    derivation: dict[Language, str]


class TimelineEntry(Told):
    at: Instant
    type: Code
    agency: Slug
    referral_id: UUID


class PathView(Told):
    """A path as one institution may see it."""

    path_id: UUID
    version: int
    stage: Stage
    custodian: Slug | None
    ball: Slug | None
    deadlines: tuple[DeadlineView, ...]
    timeline: tuple[TimelineEntry, ...]


def next_deadline(view: PathView) -> DeadlineView | None:
    """The earliest deadline still open or missed and not yet met, or None."""
    pending = [deadline for deadline in view.deadlines if deadline.status in ("open", "missed")]
    return min(pending, key=lambda deadline: (deadline.due_at, str(deadline.id)), default=None)
