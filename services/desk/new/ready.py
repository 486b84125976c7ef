"""Drafts that lack nothing: they wait for somebody who may send them."""

from contracts.api import ReferralPage
from services.desk.api import Calls, Refused, Unreachable


async def to_send(calls: Calls) -> int:
    """How many of the drafts on the first page of the list whoever asks could send as they are; 0 when that cannot be
    learned."""
    try:
        page = await calls.get("/referrals", ReferralPage, box="sent", status="draft")
    except (Refused, Unreachable):
        return 0
    return sum(
        not draft.missing and any(offered.action == "submit" for offered in draft.available_actions)
        for draft in page.items
    )
