"""The judge: a history and a final state in, broken invariants out. Pure, and it trusts neither end alone.

The invariants are numbered as in docs/reliability.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chaos.final import Fact, Final, Taken, View
from chaos.history import Entry, answered
from rules.lifecycle_table import table

SETTLED = ("applied", "ignored", "dead", "dropped")
"""States of an inbox row that are an end. `parked` and `unknown` are at rest only where a fault is about them."""

_ACTIONS: dict[str, tuple[str, ...]] = {
    "delivered": ("deliver",),
    "claimed": ("claim",),
    "released": ("release", "lapse"),
    "accepted": ("accept",),
    "declined": ("decline",),
    "info_requested": ("ask",),
    "info_answered": ("answer",),
    "withdrawn": ("withdraw",),
}
"""The actions of the lifecycle that a fact may stand for; any other fact leaves the status as it is."""

_GATED = ("intake", "path")
"""The services that follow a referral version by version."""


@dataclass(frozen=True)
class Violation:
    """One broken promise, with what it was seen in."""

    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what}"


def check(history: Sequence[Entry], final: Final, *, held: Iterable[str] = ()) -> list[Violation]:
    """Every violation. `held` are the events left waiting on purpose, and the alarms meant to be raised."""
    return [
        *_lost(history, final),
        *_doubled(history, final),
        *_out_of_order(final, frozenset(held)),
        *_illegal(final),
        *_at_rest(final, frozenset(held)),
        *_disagreeing(final),
        *_dishonest(history, final),
    ]


def _submitted(history: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in answered(history) if entry.action == "submit"]


def _lost(history: Sequence[Entry], final: Final) -> Iterator[Violation]:
    """I1: whatever was answered 201 is with its sender and has reached its receiver."""
    sent, received = ({view.referral for view in box} for box in (final.sent, final.received))
    for entry in _submitted(history):
        if entry.referral not in sent:
            yield Violation("I1", f"{entry.referral} was accepted and its sender does not have it")
        if entry.referral not in received:
            yield Violation("I1", f"{entry.referral} was accepted and never reached its receiver")


def _doubled(history: Sequence[Entry], final: Final) -> Iterator[Violation]:
    """I2: one referral per key, each in one box of each side once, one delivery, one fact per version."""
    by_key: dict[str | None, set[str | None]] = defaultdict(set)
    for entry in _submitted(history):
        by_key[entry.key].add(entry.referral)
    for key, referrals in by_key.items():
        if len(referrals) > 1:
            yield Violation("I2", f"key {key} made {len(referrals)} referrals")
    keys = {entry.key for entry in history if entry.action == "submit" and entry.phase == "invoke"}
    if len({view.referral for view in final.sent}) > len(keys):
        yield Violation("I2", f"{len(final.sent)} referrals exist, {len(keys)} were asked for")
    for name, box in (("sent", final.sent), ("received", final.received)):
        for referral, count in Counter(view.referral for view in box).items():
            if count > 1:
                yield Violation("I2", f"{referral} is {count} times among the {name}")
    for step, count in Counter((fact.referral, fact.version) for fact in final.facts).items():
        if count > 1:
            yield Violation("I2", f"{step[0]} has {count} facts of version {step[1]}")
    for referral, count in Counter(fact.referral for fact in final.facts if fact.name == "delivered").items():
        if count > 1:
            yield Violation("I2", f"{referral} was delivered {count} times")


def _out_of_order(final: Final, held: frozenset[str]) -> Iterator[Violation]:
    """I5: every follower has applied the versions of a referral without a gap, and nothing waits for one."""
    applied: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row in final.taken:
        if row.state == "parked" and row.id not in held:
            yield Violation("I5", f"{row.id} is parked at {row.node}.{row.service}, version {row.version}")
        if row.state == "applied" and _is_version(row):
            applied[row.node, row.service, row.aggregate].append(row.version)
    for (node, service, aggregate), versions in applied.items():
        if any(later != earlier + 1 for earlier, later in pairwise(sorted(versions))):
            yield Violation("I5", f"{node}.{service} applied {sorted(versions)} of {aggregate}")


def _is_version(row: Taken) -> bool:
    return row.service in _GATED and row.family in ("intake", "referral")


def _illegal(final: Final) -> Iterator[Violation]:
    """I6: from one fact to the next only as the lifecycle table allows for this kind of referral."""
    kinds = {view.referral: view.kind for view in final.received}
    for referral, facts in _by_referral(final.facts).items():
        status = "submitted"
        for fact in facts:
            if referral in kinds and not _is_legal(kinds[referral], status, fact):
                yield Violation("I6", f"{referral} went from {status} to {fact.status} by {fact.name}")
            status = fact.status


def _is_legal(kind: str, status: str, fact: Fact) -> bool:
    actions = _ACTIONS.get(fact.name)
    if actions is None:
        return fact.status == status
    return any(
        (entry.kind, entry.status, entry.transition.target) == (kind, status, fact.status)
        and entry.transition.action in actions
        for entry in table().entries.values()
    )


def _at_rest(final: Final, held: frozenset[str]) -> Iterator[Violation]:
    """I7: every letter has left its outbox and ended at its reader: applied, ignored, or in a worklist."""
    ends = {(row.id, row.node): row.state for row in final.taken}
    for letter in final.letters:
        if not letter.is_sent:
            yield Violation("I7", f"{letter.name} {letter.id} of {letter.source} still waits for {letter.target}")
        place = (letter.id, letter.target)
        if letter.id in held or place in final.dead:
            continue
        if place not in ends:
            yield Violation("I7", f"{letter.name} {letter.id} from {letter.source} never came to {letter.target}")
        elif ends[place] not in SETTLED:
            yield Violation("I7", f"{letter.name} {letter.id} is {ends[place]} at {letter.target}")
    for alarm in final.alarms:
        if alarm not in held:
            yield Violation("I7", f"a link complains: {alarm}")


def _disagreeing(final: Final) -> Iterator[Violation]:
    """I10: both ends tell the same of every referral, and no request is left without an answer."""
    received = {view.referral: view for view in final.received}
    for view in final.sent:
        if view.pending:
            yield Violation("I10", f"{view.referral} has a request without an answer")
        other = received.get(view.referral)
        if other is not None and _told(view) != _told(other):
            yield Violation("I10", f"{view.referral} is {_told(view)} at its sender, {_told(other)} at its receiver")


def _told(view: View) -> tuple[str, int, str | None]:
    return view.status, view.version, view.custodian


def _dishonest(history: Sequence[Entry], final: Final) -> Iterator[Violation]:
    """I12: what anybody was shown of a referral had happened: at its receiver, and before it was shown."""
    facts = {(fact.referral, fact.version): fact for fact in final.facts}
    for entry in answered(history):
        if entry.referral is None or entry.version is None or entry.version <= 1:
            continue
        fact = facts.get((entry.referral, entry.version))
        if fact is None:
            yield Violation(
                "I12", f"{entry.actor} was shown version {entry.version} of {entry.referral}: nobody made it"
            )
        elif fact.status != entry.status:
            shown = f"{entry.status} as version {entry.version} of {entry.referral}"
            yield Violation("I12", f"{entry.actor} was shown {shown}, its receiver made it {fact.status}")
        elif fact.at > entry.at:
            yield Violation("I12", f"{entry.actor} was shown version {entry.version} of {entry.referral} too early")


def _by_referral(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    ordered: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: fact.version):
        ordered[fact.referral].append(fact)
    return ordered
