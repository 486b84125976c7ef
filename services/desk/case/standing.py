"""Whether the picture of a path knows already how one of its referrals stands, which comes a moment after a change."""

from collections.abc import Mapping

from contracts.api import Path, Referral
from contracts.codes import Status

STANDS: Mapping[str, Status] = {
    "submitted": "submitted",
    "delivered": "delivered",
    "released": "delivered",
    "claimed": "in_review",
    "decision_undone": "in_review",
    "info_answered": "in_review",
    "info_requested": "info_requested",
    "accepted": "accepted",
    "declined": "declined",
    "withdrawn": "withdrawn",
}
"""How a referral stands after an entry of the timeline; other entries leave it as it was."""


def knows(path: Path, referral: Referral) -> bool:
    """Whether the last entry about the referral is the one that led to its state."""
    told = [each for each in path.timeline if each.referral_id == referral.id and each.type in STANDS]
    # The sending is told by another node than all that follows: its clock may be ahead.
    last = max(told, key=lambda each: (each.type != "submitted", each.at), default=None)
    return last is not None and STANDS[last.type] == referral.status
