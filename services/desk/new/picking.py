"""Receivers as a list to pick from: those who may take the person on, near ones first; the others with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.codes import AgencyKind, ReferralKind
from contracts.directory import Agency, Edition, Workshop
from contracts.receivers import Receiver

_ORDER: tuple[AgencyKind, ...] = ("cis", "kis", "owes", "pup", "ops")


@dataclass(frozen=True)
class Pick:
    """`near`: of the sender's county, or serving the person's gmina, by kind of institution; `far`: the others who may
    take the person on; `against`: who may not."""

    near: tuple[tuple[AgencyKind, tuple[Receiver, ...]], ...]
    far: tuple[Receiver, ...]
    against: tuple[Receiver, ...]


def pick(receivers: Sequence[Receiver], *, sender: Agency, chosen: str, kind: ReferralKind | None) -> Pick:
    """The list for this sender. The chosen one is always in it, whatever stands against it."""
    offered = [each for each in receivers if kind in (None, each.judged_as) or each.slug == chosen]
    able = [each for each in offered if each.eligible or each.slug == chosen]
    near = [each for each in able if _near(each, sender) or each.slug == chosen]
    kinds = ((code, tuple(each for each in near if each.kind == code)) for code in _ORDER)
    return Pick(
        near=tuple((code, found) for code, found in kinds if found),
        far=tuple(each for each in able if each not in near),
        against=tuple(each for each in offered if each not in able),
    )


def _near(receiver: Receiver, sender: Agency) -> bool:
    """An OWES works for a whole region."""
    return receiver.county == sender.county or receiver.kind == "owes" or receiver.territory in ("served", "agreement")


def next_edition(workshop: Workshop, today: date) -> Edition | None:
    """The first group that has not begun yet."""
    coming = [each for each in workshop.editions if each.starts_on >= today]
    return min(coming, key=lambda each: each.starts_on, default=None)
