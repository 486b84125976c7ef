"""The engine: what a book says about an event or a deadline."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from pydantic import Field

from contracts.base import Code, Slug
from contracts.codes import Language, ReferralKind, Urgency
from contracts.ids import derived
from contracts.paths import Deadline, Stop
from rules.calendar import Calendar
from rules.data import Dated, Wording
from rules.derivation import explain
from rules.events import events
from rules.ladders import Span, rungs
from rules.lengths import Length
from rules.rule import DeadlineRule, Lengths
from rules.terms import Question, reckon


class LocalLength(Dated):
    """Another length of a rule, of one institution or of all."""

    rule: Code
    institution: Slug | None = Field(default=None)
    length: Lengths
    basis: Wording


@dataclass(frozen=True)
class _Case:
    """What a deadline is computed from besides the rules, and `day`: the local day whose rules count."""

    governed_on: date
    day: date
    event: str
    at: datetime
    owner: str
    urgency: Urgency
    named_on: date | None
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class _Governing:
    """The version and length that govern a case; `since` when that length has, if it was another before."""

    rule: DeadlineRule
    length: Length
    basis: dict[Language, str]
    version: str
    since: date


@dataclass(frozen=True, eq=False)
class Book:
    """`version`: the release of the rules, and after a plus the short hash of a local file laid over it.

    `rules`: all versions of all rules, in the order of the tables. `lengths`: local ones.
    """

    version: str
    rules: tuple[DeadlineRule, ...]
    calendar: Calendar
    lengths: tuple[LocalLength, ...] = ()

    def rules_in_force(self, day: date) -> tuple[DeadlineRule, ...]:
        """The rules in force on this local day, in the order of the tables."""
        return tuple(rule for rule in self.rules if rule.in_force(day))

    def rule(self, rule_id: str, governed_on: date, day: date, event: str | None = None) -> DeadlineRule | None:
        """The version that governs, on `day`, a case that began on `governed_on`; None when there is none.

        A case keeps the version in force when it began, until one begins that applies to running cases too. `event`:
        only versions that begin with it, as a deadline that has begun is nothing to a version that begins otherwise.
        """
        versions = [each for each in self._versions.get(rule_id, ()) if event is None or event in each.starts]
        chosen = None
        for version in versions:
            if version.in_force(governed_on) or (governed_on < version.valid_from <= day and version.runs_on):
                chosen = version
        if chosen is None or (chosen.runs_on and chosen is versions[-1] and _over(chosen, day)):
            return None
        return chosen

    def opened_by(
        self,
        event: str,
        *,
        at: datetime,
        governed_on: date,
        referral_id: UUID,
        event_id: UUID,
        sender: str,
        receiver: str,
        urgency: Urgency,
        kind: ReferralKind,
        due_on: date | None = None,
    ) -> tuple[Deadline, ...]:
        """The deadlines that this event starts in a case that began on the local day `governed_on`.

        The same event gives the same deadlines, ids included. `due_on`: the day the event names, if it names one.
        Raises ValueError for an unknown event, a time without an offset, or an event that must name a day and does not.
        """
        _known(event)
        opened = []
        for rule_id in self._started_by.get(event, ()):
            day = self.calendar.local_day(at)
            rule = self.rule(rule_id, governed_on, day)  # of all versions: one that is over starts nothing any more
            if rule is None or event not in rule.starts or kind not in rule.kinds:
                continue
            owner = sender if rule.owner == "sender" else receiver
            case = _Case(governed_on, day, event, at, owner, urgency, due_on)
            opened.append(self._deadline(rule, case, derived(referral_id, rule.id, event_id), referral_id))
        return tuple(opened)

    def closed_by(self, event: str) -> frozenset[str]:
        """The ids of the rules whose deadlines this event ends. Raises ValueError for an unknown event."""
        return self._rules_with("ends", event)

    def resumed_by(self, event: str) -> frozenset[str]:
        """The ids of the rules whose last deadline waits again after it. Raises ValueError for an unknown event."""
        return self._rules_with("resumes", event)

    def stopped_by(self, event: str) -> frozenset[str]:
        """The ids of the rules whose clock stands still from it on. Raises ValueError for an unknown event."""
        return self._rules_with("stops", event)

    def restarted_by(self, event: str) -> frozenset[str]:
        """The ids of the rules whose clock goes on with it. Raises ValueError for an unknown event."""
        return self._rules_with("goes_on", event)

    def last_resorts(self) -> frozenset[str]:
        """The ids of the rules whose deadlines begin only where their owner has nothing else ahead in the case."""
        return frozenset(rule.id for rule in self.rules if rule.last_resort)

    def again(self, deadline: Deadline, today: date) -> Deadline:
        """The same deadline computed under this book, one revision later; the same object when nothing of it moves.

        Moving is another due date, ladder, basis or version of the rule; other words alone are not. A term that ended
        before a change of the rules stays under those of the day on which it ended. One whose clock stands still is
        computed from the times that are over.
        """
        case = self._case_of(deadline, today)
        rule = self.rule(deadline.rule, case.governed_on, case.day, case.event)
        if rule is None:
            return deadline
        found = self._deadline(rule, case, deadline.id, deadline.referral_id)
        if _what_moves(found) == _what_moves(deadline):
            return deadline
        return found.model_copy(update={"revision": deadline.revision + 1})

    def length_of(self, deadline: Deadline, today: date) -> Length | None:
        """The length that `again` reckons with, a local one included; None when no version governs."""
        case = self._case_of(deadline, today)
        rule = self.rule(deadline.rule, case.governed_on, case.day, case.event)
        return None if rule is None else self._governing(rule, case).length

    def next_change(self, after: date) -> date | None:
        """The next local day on which something comes into force that may move deadlines of running cases."""
        days = {rule.valid_from for rule in self.rules if rule.runs_on and rule is not self._versions[rule.id][0]}
        for local in self.lengths:
            days |= {local.valid_from} | ({local.valid_to + timedelta(days=1)} if local.valid_to else set())
        return min((day for day in days if day > after), default=None)

    @cached_property
    def _versions(self) -> Mapping[str, tuple[DeadlineRule, ...]]:
        found: dict[str, list[DeadlineRule]] = defaultdict(list)
        for rule in sorted(self.rules, key=lambda rule: rule.valid_from):
            found[rule.id].append(rule)
        return {rule_id: tuple(versions) for rule_id, versions in found.items()}

    @cached_property
    def _started_by(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of rules by the event that starts a version of them, in the order of the tables."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for rule in self.rules:
            for event in rule.starts:
                found[event][rule.id] = None
        return {event: tuple(rule_ids) for event, rule_ids in found.items()}

    def _rules_with(self, field: str, event: str) -> frozenset[str]:
        _known(event)
        return frozenset(rule.id for rule in self.rules if event in getattr(rule, field))

    def _case_of(self, deadline: Deadline, today: date) -> _Case:
        due_day = self.calendar.local_day(deadline.due_at)
        return _Case(
            governed_on=deadline.governed_on or self.calendar.local_day(deadline.base_at),
            day=min(today, self._last_day(deadline, due_day, today)),
            event=deadline.base_event,
            at=deadline.base_at,
            owner=deadline.owner,
            urgency=deadline.urgency,
            named_on=deadline.named_on or due_day,  # deadlines of before did not keep the day that their event named
            stops=deadline.stops,
        )

    def _last_day(self, deadline: Deadline, due_day: date, today: date) -> date:
        """The last day on which a change could still touch the deadline."""
        if any(stop.until is None for stop in deadline.stops):
            return today
        ends = (self.calendar.local_day(stop.until) for stop in deadline.stops if stop.until is not None)
        return max((due_day, *ends))

    def _governing(self, rule: DeadlineRule, case: _Case) -> _Governing:
        """The length that is reckoned with: a local one of this institution, a local one for all, or the rule's own."""
        day = case.day if rule.runs_on else case.governed_on
        local = [each for each in self.lengths if each.rule == rule.id and each.institution in (None, case.owner)]
        over = [each.valid_to + timedelta(days=1) for each in local if each.valid_to and each.valid_to < day]
        since = max((rule.valid_from, *over))
        found = max(
            (each for each in local if each.in_force(day)), key=lambda each: bool(each.institution), default=None
        )
        if found is None:
            return _Governing(rule, rule.length[case.urgency], rule.basis, rule.version, since)
        both: dict[Language, str] = {
            "pl": f"{rule.basis['pl']}; {found.basis['pl']}",
            "en": f"{rule.basis['en']}; {found.basis['en']}",
        }
        version = f"{rule.version}+{found.valid_from}"
        return _Governing(rule, found.length[case.urgency], both, version, max(since, found.valid_from))

    def _deadline(self, rule: DeadlineRule, case: _Case, deadline_id: UUID, referral_id: UUID) -> Deadline:
        governing = self._governing(rule, case)
        calendar = self.calendar.of(case.owner) if rule.closing_days_count else self.calendar
        began_later = governing.since > calendar.local_day(case.at)
        question = Question(
            length=governing.length,
            base_at=case.at,
            named_on=case.named_on,
            stops=case.stops,
            roll_forward=rule.roll_forward,
            period=rule.period,
            cut_off=rule.cut_off,
            not_before=governing.since if began_later else None,
        )
        found = reckon(question, calendar)
        stood = sum(calendar.days_between(each.stop.since, each.stop.until or each.stop.since) for each in found.stood)
        span = Span(case.at, found.due_at, governing.length.to_the_minute, rule.roll_forward, stood)
        return Deadline(
            id=deadline_id,
            rule=rule.id,
            rule_version=governing.version,
            calendar_version=calendar.version,
            basis=governing.basis["pl"],
            derivation=explain(question, found, case.event, calendar),
            referral_id=referral_id,
            owner=case.owner,
            base_event=case.event,
            base_at=case.at.astimezone(UTC),
            due_at=found.due_at,
            ladder=rungs(rule.ladder, span, calendar),
            basis_text=governing.basis,
            rule_kind=rule.kind,
            urgency=case.urgency,
            named_on=case.named_on if governing.length.anchor == "due_on" else None,
            governed_on=case.governed_on,
            stops=case.stops,
        )


def _known(event: str) -> None:
    if event not in events():
        raise ValueError("unknown event")


def _over(rule: DeadlineRule, day: date) -> bool:
    return rule.valid_to is not None and rule.valid_to < day


def _what_moves(deadline: Deadline) -> tuple[object, ...]:
    return deadline.due_at, deadline.ladder, deadline.basis, deadline.rule_version
