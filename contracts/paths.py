"""What the path knows: facts, deadlines and the picture of it that every institution concerned keeps.

Ids, codes and instants only: nothing here may tell who the person is.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Code, Instant, Slug, Told
from contracts.codes import ApplicationStatus, Language, ReferralKind, Stage, Status, Urgency

Audience = Literal["owner", "deputy", "head", "sender", "operator"]
DeadlineStatus = Literal["open", "paused", "met", "missed", "met_late", "dropped"]
"""paused: its clock stands still. dropped: the event that the deadline waited for can no longer come (the referral
ended another way)."""

RuleKind = Literal["law", "practice", "service_level"]


class Rung(Told):
    """One step of a ladder: at this instant this audience is reminded."""

    at: Instant
    audience: Audience


class Stop(Told):
    """A time for which the clock of a deadline stands still: from the event `event` on, without `until` still."""

    since: Instant
    until: Instant | None = None
    event: Code


class Deadline(Told):
    """A date somebody must keep, with everything needed to check it by hand and to compute it anew.

    `named_on`: the day that the event itself named. `governed_on`: the local day on which the case began, whose rules
    it keeps; None in deadlines of before, which began with their event. `revision`: how often it was computed anew.
    `basis_text`: the basis in both languages, None in deadlines of before.
    """

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
    basis_text: dict[Language, str] | None = None
    rule_kind: RuleKind = "service_level"
    urgency: Urgency = "normal"
    named_on: date | None = None
    governed_on: date | None = None
    stops: tuple[Stop, ...] = ()
    revision: int = 0


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
    pauses: tuple[UUID, ...] = ()
    """Deadlines whose clock stands still from now on."""
    moves: tuple[Deadline, ...] = ()
    """Deadlines computed anew: known by id, with a higher revision."""
    why: dict[UUID, dict[Language, str]] = Field(default_factory=dict)
    """Of those whose date has changed, by id, what has changed it."""


class Moved(Told):
    """That a deadline was computed anew: `was` when it fell due before, `at` when that happened."""

    was: Instant
    at: Instant
    why: dict[Language, str]


class DeadlineView(Told):
    """A deadline as institutions see it. `rule_version`: None in pictures of before."""

    id: UUID
    rule: Code
    referral_id: UUID
    owner: Slug
    due_at: Instant
    status: DeadlineStatus
    basis: str
    derivation: dict[Language, str]
    basis_text: dict[Language, str] | None = None
    moved: Moved | None = None
    rule_version: str | None = None


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
