"""Which kind of referral goes between two institutions, and who may send it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import get_args

from contracts.base import Message
from contracts.codes import AgencyKind, ReferralKind, Side
from rules.data import Raw, Wording, read, refuse_doubles, rows, wrong

FILE = "kinds.toml"


class Kind(Message):
    """One kind of referral and the institutions on its two sides. `exclusive`: no other kind goes between them."""

    code: ReferralKind
    senders: tuple[AgencyKind, ...]
    receivers: tuple[AgencyKind, ...]
    exclusive: bool = False
    wording: Wording

    def agencies(self, side: Side) -> tuple[AgencyKind, ...]:
        """The kinds of agency that may stand on this side; none on the side of the system."""
        return {"sender": self.senders, "receiver": self.receivers, "system": ()}[side]


@dataclass(frozen=True)
class Kinds:
    """The whole table: the kinds by code, and for every pair of sender and receiver the kind when none is told."""

    by_code: dict[ReferralKind, Kind]
    between: dict[tuple[AgencyKind, AgencyKind], ReferralKind]


def build(raw: Raw) -> Kinds:
    """Raises RulesError when a kind is doubled or missing, or a pair of agencies has none."""
    found = rows(FILE, raw, "kinds", Kind)
    refuse_doubles(FILE, "kinds", (kind.code for kind in found))
    missing = set(get_args(ReferralKind)) - {kind.code for kind in found}
    if missing:
        raise wrong(FILE, "kinds", None, f"no row for {', '.join(sorted(missing))}")
    between: dict[tuple[AgencyKind, AgencyKind], ReferralKind] = {}
    for kind in found:
        for pair in product(kind.senders, kind.receivers):
            between.setdefault(pair, kind.code)
    for sender, receiver in product(get_args(AgencyKind), repeat=2):
        if (sender, receiver) not in between:
            raise wrong(FILE, "kinds", None, f"no kind of referral from {sender} to {receiver}")
    return Kinds(by_code={kind.code: kind for kind in found}, between=between)


@cache
def kinds() -> Kinds:
    """The table that ships with this package."""
    return build(read(FILE))


def kind_between(sender: AgencyKind, receiver: AgencyKind) -> ReferralKind:
    """The kind of a referral between these two when none is told."""
    return kinds().between[sender, receiver]


def may_send(sender: AgencyKind, receiver: AgencyKind, kind: ReferralKind) -> bool:
    """Whether this sender may send a referral of this kind to this receiver."""
    usual = kinds().by_code[kind_between(sender, receiver)]
    asked = kinds().by_code[kind]
    return asked == usual or (not usual.exclusive and sender in asked.senders and receiver in asked.receivers)


def kinds_from(sender: AgencyKind, receiver: AgencyKind) -> Iterator[ReferralKind]:
    """Every kind of referral that this sender may send to this receiver, the usual one first."""
    usual = kind_between(sender, receiver)
    yield usual
    yield from (kind for kind in get_args(ReferralKind) if kind != usual and may_send(sender, receiver, kind))
