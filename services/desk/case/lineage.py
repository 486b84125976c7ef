"""The referral in whose place one was sent, and the one sent in its place, by the numbers people know."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from contracts.api import Referral
from services.desk.context import Desk
from services.desk.visitors import Visitor

_NUMBERED = text("select id, item ->> 'number' as number from work where agency = :agency and id = any(:ids)")


@dataclass(frozen=True)
class Related:
    """A referral of our own, and its page. One that is not ours is not named."""

    number: str
    link: str


async def lineage(desk: Desk, who: Visitor, referral: Referral) -> tuple[Related | None, Related | None]:
    """What it follows, and what followed it."""
    ids = [each for each in (referral.follows, referral.followed_by) if each is not None]
    if not ids:
        return None, None
    async with desk.database.transaction(who.agency.slug) as session:
        rows = (await session.execute(_NUMBERED, {"agency": who.agency.slug, "ids": ids})).all()
    found = {row.id: Related(row.number, f"/referrals/{row.id}") for row in rows}
    return _of(found, referral.follows), _of(found, referral.followed_by)


def _of(found: dict[UUID, Related], referral_id: UUID | None) -> Related | None:
    return None if referral_id is None else found.get(referral_id)
