"""What waits for somebody: which items are theirs to act on, how urgent each is, what to do with it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal, NamedTuple, get_args

from contracts.codes import ApplicationStatus, ReferralKind, Side, Status
from contracts.notices import NoticeKind
from contracts.work import WorkKind
from rules import applications, lifecycle
from rules.calendar import add_working_days, at_local, end_of_day, is_working_day, local_day
from rules.limits import limit
from rules.roles import decides

Group = Literal["critical", "overdue", "soon", "later"]
GROUPS: tuple[Group, ...] = get_args(Group)

UNDECIDED: tuple[Status, ...] = ("submitted", "delivered", "in_review", "info_requested")
"""While a referral is in one of these, somebody is expected to act; a decision may be undone, and needs not be."""

_FORWARD: dict[ApplicationStatus, tuple[str, ...]] = {
    "registered": ("schedule_interview",),
    "interview_planned": ("record_interview",),
    "interviewed": ("give_opinion",),
    "opinion_given": ("issue", "refuse"),
    "returned": ("complete",),
}
"""What brings an application on, unlike what may be done with it besides."""


class _Step(NamedTuple):
    status: Status
    side: Side
    action: str


_STEPS: dict[tuple[WorkKind, str], _Step] = {
    ("received", "delivered"): _Step("delivered", "receiver", "claim"),
    ("sent", "info_requested"): _Step("info_requested", "sender", "answer"),
}
"""What brings a referral on without being read first."""


class Place(NamedTuple):
    """Items of one kind in one state."""

    what: WorkKind
    kind: str
    status: str


@cache
def theirs(roles: frozenset[str]) -> frozenset[Place]:
    """Where somebody in these roles is expected to act."""
    if not decides(roles):
        return frozenset()
    return frozenset((*_referrals(roles), *_applications(roles), *_notices()))


def _referrals(roles: Collection[str]) -> list[Place]:
    sides: tuple[tuple[WorkKind, Literal["sender", "receiver"]], ...] = (("sent", "sender"), ("received", "receiver"))
    return [
        Place(what, kind, status)
        for what, side in sides
        for kind in get_args(ReferralKind)
        for status in UNDECIDED
        if lifecycle.ball(status) == side
        and lifecycle.available_actions(kind=kind, status=status, side=side, roles=roles)
    ]


def _applications(roles: Collection[str]) -> list[Place]:
    return [
        Place("application", "application", status)
        for status, forward in _FORWARD.items()
        if any(row.action in forward for row in applications.available_actions(status, roles=roles))
    ]


def _notices() -> list[Place]:
    return [Place("notice", kind, "unread") for kind in get_args(NoticeKind)]


def next_action(what: WorkKind, kind: str, status: str, roles: Collection[str]) -> str | None:
    """The action that brings the item on; None when it is looked at first, or nothing is theirs to do."""
    if what == "application":
        possible = {row.action for row in applications.available_actions(_status(status), roles=roles)}
        return next((action for action in _FORWARD.get(_status(status), ()) if action in possible), None)
    step = _STEPS.get((what, status))
    if step is None:
        return None
    may = lifecycle.available_actions(kind=_kind(kind), status=step.status, side=step.side, roles=roles)
    return step.action if step.action in {row.action for row in may} else None


def _kind(kind: str) -> ReferralKind:
    return next(each for each in get_args(ReferralKind) if each == kind)


def _status(status: str) -> ApplicationStatus:
    return next(each for each in get_args(ApplicationStatus) if each == status)


@dataclass(frozen=True)
class Bounds:
    """Where the groups begin and end, for one moment."""

    now: datetime
    critical_before: datetime
    soon_until: datetime

    def group(self, due_at: datetime | None) -> Group:
        if due_at is None or due_at > self.soon_until:
            return "later"
        if due_at >= self.now:
            return "soon"
        return "overdue" if due_at >= self.critical_before else "critical"


def bounds(now: datetime) -> Bounds:
    """The bounds of this moment, in working days."""
    today = local_day(now)
    return Bounds(
        now=now,
        critical_before=at_local(add_working_days(today, -limit("critical_after_working_days", today)), time.min),
        soon_until=end_of_day(add_working_days(today, limit("soon_within_working_days", today))),
    )


def working_days_between(first: date, last: date) -> int:
    """Working days after `first` up to `last`, which is counted; negative when `last` lies before."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))
