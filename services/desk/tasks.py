"""What waits for somebody: which items are theirs to act on, how urgent each is, what to do with it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import product
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

UNDECIDED: tuple[Status, ...] = ("submitted", "delivered", "in_review", "info_requested", "redirect_proposed")
"""Before the decision."""

IN_CHARGE: tuple[Status, ...] = (
    *("accepted", "waitlisted", "scheduled", "no_show", "in_service"),
    *("suspended", "cancel_requested", "return_proposed"),
)
"""From the acceptance to the end."""

NOT_BEGUN: tuple[Status, ...] = (*UNDECIDED, "accepted", "waitlisted", "scheduled", "no_show")
"""Before the group begins for which somebody was sent; of one that has begun no word is needed."""

ELSEWHERE: tuple[Status, ...] = ("declined", "returned", "no_response", "unreachable")
"""Ends after which the sender is expected to find another way for the person."""

When = Literal["always", "due", "asked", "silent"]
"""When something waits: `due` once its day is near, `asked` once something falls due although it has ended, `silent`
once the other side has not decided for so long that the case may be closed as unanswered."""

_AT_REST: tuple[Status, ...] = ("waitlisted", "scheduled", "in_service", "suspended")
"""They go their way until a day comes."""

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
    ("received", "accepted"): _Step("accepted", "receiver", "schedule"),
    ("received", "no_show"): _Step("no_show", "receiver", "schedule"),
    ("sent", "info_requested"): _Step("info_requested", "sender", "answer"),
}
"""What brings a referral on without being read first."""


class Place(NamedTuple):
    """Items of one kind in one state."""

    what: WorkKind
    kind: str
    status: str
    when: When = "always"


@cache
def theirs(roles: frozenset[str]) -> frozenset[Place]:
    """Where somebody in these roles is expected to act."""
    if not decides(roles):
        return frozenset()
    return frozenset((*_referrals(roles), *_applications(roles), *_notices()))


def _referrals(roles: Collection[str]) -> list[Place]:
    sides: tuple[tuple[WorkKind, Literal["sender", "receiver"]], ...] = (("sent", "sender"), ("received", "receiver"))
    every = ((what, side, kind, state.code) for what, side in sides for kind, state in product(_KINDS, _states()))
    places = ((Place(what, kind, status), side) for what, side, kind, status in every)
    return [place._replace(when=when) for place, side in places if (when := _when(place, side, roles)) is not None]


_KINDS: tuple[ReferralKind, ...] = get_args(ReferralKind)


def _states() -> list[lifecycle.State]:
    """Those of a referral that was sent."""
    return [state for state in lifecycle.states() if state.code not in ("draft", "opinion_pending")]


def _when(place: Place, side: Literal["sender", "receiver"], roles: Collection[str]) -> When | None:
    """When somebody in these roles is expected to act there; None: never."""
    status = _referral_status(place.status)
    possible = lifecycle.available_actions(kind=_kind(place.kind), status=status, side=side, roles=roles)
    if not possible:
        return None
    if not lifecycle.is_open(status):
        return "asked" if "reopen" in {row.action for row in possible} else None
    if lifecycle.ball(status) == side:
        return "due" if status in _AT_REST else "always"
    return "silent" if "close_unanswered" in {row.action for row in possible} else None


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


def _referral_status(status: str) -> Status:
    return next(each for each in get_args(Status) if each == status)


def _status(status: str) -> ApplicationStatus:
    return next(each for each in get_args(ApplicationStatus) if each == status)


@dataclass(frozen=True)
class Bounds:
    """Where the groups begin and end, for one moment."""

    now: datetime
    critical_before: datetime
    soon_until: datetime
    silent_before: datetime
    """What was delivered before may be closed as unanswered."""

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
        silent_before=at_local(add_working_days(today, -limit("silence_working_days", today)), time.min),
    )


def working_days_between(first: date, last: date) -> int:
    """Working days after `first` up to `last`, which is counted; negative when `last` lies before."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))
