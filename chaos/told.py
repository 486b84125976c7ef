"""What the clients were told, held against what is: nothing is lost (I1), doubled (I2) or shown too early (I12)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from chaos.final import Final
from chaos.history import Entry, answered
from chaos.violation import Violation


def lost(history: Sequence[Entry], final: Final) -> Iterator[Violation]:
    """I1: whatever was answered 201 is with its sender and has reached its receiver."""
    sent, received = ({view.referral for view in box} for box in (final.sent, final.received))
    for entry in _submitted(history):
        if entry.referral not in sent:
            yield Violation("I1", f"{entry.referral} was accepted and its sender does not have it")
        if entry.referral not in received:
            yield Violation("I1", f"{entry.referral} was accepted and never reached its receiver")


def doubled(history: Sequence[Entry], final: Final) -> Iterator[Violation]:
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


def dishonest(history: Sequence[Entry], final: Final) -> Iterator[Violation]:
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


def _submitted(history: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in answered(history) if entry.action == "submit"]
