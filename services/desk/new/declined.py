"""Who declined this person before, on the same path: said where it is chosen whom to ask next."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from contracts.api import Referral
from contracts.base import Slug
from rules.calendar import local_day
from services.desk.case.telling import why
from services.desk.context import Desk
from services.desk.visitors import Visitor

_DECLINED = text(
    "select id from work"
    " where agency = :agency and path_id = :path and what = 'sent' and item ->> 'status' = 'declined'"
)


@dataclass(frozen=True)
class Declined:
    """`on`: the day of the decision; `reason` in words; `note`: what the other side wrote with it."""

    on: date
    reason: str
    note: str | None


async def declined_by(desk: Desk, who: Visitor, path_id: str) -> Mapping[Slug, Declined]:
    """By receiver, of the referrals of this institution. Empty for a draft that goes on no path. Raises Refused."""
    if not path_id:
        return {}
    async with desk.database.transaction(who.agency.slug) as session:
        ids = (await session.scalars(_DECLINED, {"agency": who.agency.slug, "path": UUID(path_id)})).all()
    calls = who.calls(desk)
    found = await asyncio.gather(*(calls.get(f"/referrals/{each}", Referral) for each in ids))
    return {
        each.receiver: Declined(
            on=local_day(each.times.decided),
            reason=why("declined", each.reason, who.language) or "",
            note=each.note,
        )
        for each in found
        if each.receiver and each.status == "declined" and each.times.decided
    }
