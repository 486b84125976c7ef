"""Deadlines: what falls due after an event, for whom, on which basis, and what ends the waiting."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Code, Message
from contracts.codes import ReferralKind, Urgency
from contracts.events import REGISTRY
from contracts.ids import derived
from contracts.paths import Deadline
from rules.calendar import calendar_version, local_day
from rules.data import Dated, Raw, Wording, read, refuse_overlaps, rows, section_of, wrong
from rules.ladders import Span, Step, rungs
from rules.terms import LengthField, Term, Words, in_days, in_minutes, in_working_days, on_named_day

FILE = "deadlines.toml"

EVENTS: frozenset[str] = frozenset(
    "submitted" if model.name == "referral_submitted" else model.name
    for model in REGISTRY.values()
    if model.family in ("intake", "referral")
)
"""The names of events of a referral; `submitted` stands for intake.referral_submitted."""


class DeadlineRule(Dated):
    """One version of one rule. `length` by urgency; `owner`: the side that must act."""

    id: Code
    version: Annotated[str, Field(min_length=1)]
    kind: Literal["law", "practice", "service_level"]
    basis: Wording
    kinds: Annotated[tuple[ReferralKind, ...], Field(min_length=1)]
    starts: Annotated[tuple[str, ...], Field(min_length=1)]
    ends: Annotated[tuple[str, ...], Field(min_length=1)]
    resumes: tuple[str, ...] = ()
    length: dict[Urgency, LengthField]
    roll_forward: bool
    owner: Literal["sender", "receiver"]
    ladder: Annotated[tuple[Step, ...], Field(min_length=1)]


class _Ladder(Message):
    at: time


@dataclass(frozen=True)
class Table:
    """All rules of all times, and the words to explain a date with. `remind_at`: local time of day."""

    rules: tuple[DeadlineRule, ...]
    words: Words
    remind_at: time


def build(raw: Raw) -> Table:
    """Raises RulesError, naming file and row, when an event is unknown or two versions are in force on one day."""
    rules = rows(FILE, raw, "rules", DeadlineRule)
    words = section_of(FILE, raw, "words", Words)
    refuse_overlaps(FILE, "rules", ((rule.id, rule) for rule in rules))
    for number, rule in enumerate(rules, start=1):
        unknown = {*rule.starts, *rule.ends, *rule.resumes} - EVENTS
        if unknown:
            raise wrong(FILE, "rules", number, f"unknown event {', '.join(sorted(unknown))}")
        if set(rule.length) != {"normal", "urgent"}:
            raise wrong(FILE, "rules", number, "length must be given for normal and urgent")
        wordless = set(rule.starts) - set(words.events)
        if wordless:
            raise wrong(FILE, "rules", number, f"no wording for event {', '.join(sorted(wordless))}")
    return Table(rules=rules, words=words, remind_at=section_of(FILE, raw, "ladder", _Ladder).at)


@cache
def table() -> Table:
    """The table that ships with this package."""
    return build(read(FILE))


def rules_in_force(day: date) -> tuple[DeadlineRule, ...]:
    """The rules in force on this local day, in the order of the table."""
    return tuple(rule for rule in table().rules if rule.in_force(day))


def closed_by(event: str) -> frozenset[str]:
    """The ids of the rules whose deadlines this event ends. Raises ValueError for an unknown event."""
    _known(event)
    return frozenset(rule.id for rule in table().rules if event in rule.ends)


def resumed_by(event: str) -> frozenset[str]:
    """The ids of the rules whose last deadline waits again after this event. Raises ValueError for an unknown event."""
    _known(event)
    return frozenset(rule.id for rule in table().rules if event in rule.resumes)


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
) -> tuple[Deadline, ...]:
    """The deadlines that this event starts, under the rules in force on its local day.

    The same event gives the same deadlines, ids included. `due_on`: the day the event names, if it names one.
    Raises ValueError for an unknown event, a time without an offset, or an event that must name a day and does not.
    """
    _known(event)
    opened = []
    for rule in rules_in_force(local_day(at)):
        if event in rule.starts and kind in rule.kinds:
            term = _term(rule, event, at, urgency, due_on)
            span = Span(at, term.due_at, rule.length[urgency].unit == "min", rule.roll_forward)
            opened.append(
                Deadline(
                    id=derived(referral_id, rule.id, event_id),
                    rule=rule.id,
                    rule_version=rule.version,
                    calendar_version=calendar_version,
                    basis=rule.basis["pl"],
                    derivation=term.derivation,
                    referral_id=referral_id,
                    owner=sender if rule.owner == "sender" else receiver,
                    base_event=event,
                    base_at=at.astimezone(UTC),
                    due_at=term.due_at,
                    ladder=rungs(rule.ladder, span, table().remind_at),
                )
            )
    return tuple(opened)


def _term(rule: DeadlineRule, event: str, at: datetime, urgency: Urgency, due_on: date | None) -> Term:
    length, words = rule.length[urgency], table().words
    if length.unit == "min":
        return in_minutes(length, at, event, words)
    if length.unit == "wd":
        return in_working_days(length, at, event, words)
    if length.unit == "d":
        return in_days(length, at, event, words, roll_forward=rule.roll_forward)
    if due_on is None:
        raise ValueError(f"{event} must name the day on which {rule.id} is due")
    return on_named_day(due_on, at, event, words)


def _known(event: str) -> None:
    if event not in EVENTS:
        raise ValueError("unknown event")
