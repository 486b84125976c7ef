"""Whether the picture of a path knows already how one of its referrals stands, which comes a moment after a change."""

from collections.abc import Mapping
from functools import cache

from contracts.api import Path, Referral
from contracts.codes import Status
from rules.lifecycle_table import table


@cache
def stands() -> Mapping[str, frozenset[Status]]:
    """In which states a referral may be after an entry of the timeline; other entries leave it as it was."""
    found: dict[str, set[Status]] = {"submitted": {"submitted"}}
    for entry in table().entries.values():
        row = entry.transition
        if row.tells is None or row.target == "same":
            continue
        leads = _before(entry.status) if row.target == "previous" else {row.target}
        found.setdefault(row.tells, set()).update(leads)
    return {name: frozenset(states) for name, states in found.items()}


def knows(path: Path, referral: Referral) -> bool:
    """Whether the last entry about the referral is one that leads to its state."""
    told = [each for each in path.timeline if each.referral_id == referral.id and each.type in stands()]
    # The sending is told by another node than all that follows: its clock may be ahead.
    last = max(told, key=lambda each: (each.type != "submitted", each.at), default=None)
    return last is not None and referral.status in stands()[last.type]


@cache
def _before(status: Status) -> frozenset[Status]:
    """From which states one comes into this one, and so back to; by way of a pause too, to what was paused."""
    came = {entry.status for entry in table().entries.values() if entry.transition.target == status} - {status}
    return frozenset(came.union(*(_before(each) for each in came if table().states[each].passing)))
