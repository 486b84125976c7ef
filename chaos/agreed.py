"""The final state held against itself: order (I5), lawful steps (I6), all at rest (I7), both ends the same (I10)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chaos.final import Fact, Final, Taken, View
from chaos.violation import Violation
from rules.lifecycle_table import table

SETTLED = ("applied", "ignored", "dead", "dropped")
"""States of an inbox row that are an end. `parked` and `unknown` are at rest only where a fault is about them."""

_ACTIONS: dict[str, tuple[str, ...]] = {
    "delivered": ("deliver",),
    "claimed": ("claim",),
    "released": ("release", "lapse"),
    "accepted": ("accept",),
    "declined": ("decline",),
    "decision_undone": ("undo",),
    "info_requested": ("ask",),
    "info_answered": ("answer",),
    "withdrawn": ("withdraw",),
}
"""The actions of the lifecycle that a fact may stand for; any other fact leaves the status as it is."""

_GATED = ("intake", "path")
"""The services that follow a referral version by version."""


def out_of_order(final: Final, held: frozenset[str]) -> Iterator[Violation]:
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


def illegal(final: Final) -> Iterator[Violation]:
    """I6: from one fact to the next only as the lifecycle table allows for this kind of referral."""
    kinds = {view.referral: view.kind for view in final.received}
    for referral, facts in _by_referral(final.facts).items():
        status = "submitted"
        for fact in facts:
            if referral in kinds and not _is_legal(kinds[referral], status, fact):
                yield Violation("I6", f"{referral} went from {status} to {fact.status} by {fact.name}")
            status = fact.status


def _by_referral(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    ordered: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: fact.version):
        ordered[fact.referral].append(fact)
    return ordered


def _is_legal(kind: str, status: str, fact: Fact) -> bool:
    actions = _ACTIONS.get(fact.name)
    if actions is None:
        return fact.status == status
    return any(
        (entry.kind, entry.status, entry.transition.target) == (kind, status, fact.status)
        and entry.transition.action in actions
        for entry in table().entries.values()
    )


def at_rest(final: Final, held: frozenset[str]) -> Iterator[Violation]:
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


def disagreeing(final: Final) -> Iterator[Violation]:
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
