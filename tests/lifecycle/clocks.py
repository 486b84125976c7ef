"""The deadlines as the check of silence sees them: what starts one, what ends it, whose it is, when whom it tells."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from contracts.codes import ReferralKind, Side, Urgency
from contracts.paths import Deadline
from rules.calendar import is_working_day, local_day
from rules.deadlines import opened_by, rules_in_force
from rules.rule import DeadlineRule
from tests.lifecycle.courses import TOLD_AT_THE_OPS, Course

BASE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday with no holiday for a month."""

NAMED = local_day(BASE) + timedelta(days=1)
"""The day that an event names, where it names one: from there the wait is counted."""

_ID = UUID(int=0)


@dataclass(frozen=True)
class Clock:
    """One rule. `issuer_after`: so many working days after its start (or after the day that the event named) somebody
    of the issuing institution is told who is not only the worker who forgot; None: nobody is."""

    id: str
    starts: frozenset[str]
    ends: frozenset[str]
    resumes: frozenset[str]
    stops: frozenset[str]
    goes_on: frozenset[str]
    last_resort: bool
    owner: Side
    issuer_after: int | None


def clocks(course: Course) -> dict[str, Clock]:
    """Those of this course, by rule."""
    kind: ReferralKind = "application" if course == "at the OPS" else course
    rules = [
        rule
        for rule in rules_in_force(local_day(BASE))
        if rule.subject in ("referral", "application")
        and kind in rule.kinds
        and TOLD_AT_THE_OPS.isdisjoint(rule.starts) == (course != "at the OPS")
    ]
    return {
        rule.id: Clock(
            id=rule.id,
            starts=frozenset(rule.starts),
            ends=frozenset(rule.ends),
            resumes=frozenset(rule.resumes),
            stops=frozenset(rule.stops),
            goes_on=frozenset(rule.goes_on),
            last_resort=rule.last_resort,
            owner=rule.owner,
            issuer_after=max(_issuer_after(course, rule, urgency) for urgency in rule.length)
            if _told(course, rule)
            else None,
        )
        for rule in rules
    }


def _told(course: Course, rule: DeadlineRule) -> bool:
    return any(_of_issuer(course, rule.owner, step.audience) for step in rule.ladder)


def _of_issuer(course: Course, owner: str, audience: str) -> bool:
    """Whether this audience is the issuing institution, at least its head. The OPS issues what is at the OPS."""
    if audience == "sender":
        return course != "at the OPS"
    return audience == "head" and (owner == "sender" or course == "at the OPS")


def _issuer_after(course: Course, rule: DeadlineRule, urgency: Urgency) -> int:
    deadline = _opened(course, rule, urgency)
    first = next(rung.at for rung in deadline.ladder if _of_issuer(course, rule.owner, rung.audience))
    since = NAMED if rule.length[urgency].anchor == "due_on" else local_day(BASE)
    return _working_days(since, local_day(first))


def _opened(course: Course, rule: DeadlineRule, urgency: Urgency) -> Deadline:
    opened = opened_by(
        rule.starts[0],
        at=BASE,
        referral_id=_ID,
        event_id=_ID,
        sender="sender",
        receiver="receiver",
        urgency=urgency,
        kind="application" if course == "at the OPS" else course,
        due_on=NAMED,
    )
    return next(deadline for deadline in opened if deadline.rule == rule.id)


def _working_days(first: date, last: date) -> int:
    return sum(is_working_day(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))
