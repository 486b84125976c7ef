"""Marks: what is known to have changed and is still to be asked for. Ids and versions only, so they have no tenant."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel.ext.asyncio.session import AsyncSession

from services.kit.database import notify

CHANNEL = "desk_mark"

LONGEST_WAIT = 30.0
"""Seconds between two questions about something that has not come, at most; the first comes after a tenth of one."""

BEHIND_SECONDS = 2.0
"""A list that is behind for no longer than this says nothing of it: it is being brought up to date."""

# An event that is nobody's item, or became a dead letter, leaves a mark that no answer satisfies.
_GIVE_UP = text("delete from mark where since < now() - interval '1 day'")

_PUT = text("""
    insert into mark as known (agency, path_id, about, version)
    select agency, path_id, about, max(version)
    from jsonb_to_recordset(cast(:hints as jsonb))
        as hint (agency text, path_id uuid, about uuid, version integer)
    group by agency, path_id, about order by agency, path_id, about
    on conflict (agency, path_id, about) do update
    set version = excluded.version, asked = 0, due_at = now()
    where known.version < excluded.version or excluded.version = 0
""")

_DUE = text("""
    select path_id from mark where agency = :agency and due_at <= now()
    group by path_id order by min(due_at) limit :most
""")

_AGENCIES = text("select agency from mark where due_at <= now() group by agency order by min(due_at)")

_MET = text("""
    delete from mark where agency = :agency and path_id = any(:paths) and case when version = 0
    then due_at <= :asked_at
    when about = path_id
    then not exists (
        select from work where work.agency = mark.agency and work.path_id = mark.path_id
        and work.path_version < mark.version
    )
    else exists (
        select from work where work.agency = mark.agency and work.id = mark.about and work.version >= mark.version
    ) end
    returning since < now() - :behind * interval '1 second' as late
""").bindparams(bindparam("paths", type_=ARRAY(Uuid)))

_LATER = text("""
    update mark set asked = asked + 1,
        due_at = now() + least(:longest, 0.1 * 2 ^ least(asked, 16)) * interval '1 second'
    where agency = :agency and path_id = any(:paths) and due_at <= :asked_at
""").bindparams(bindparam("paths", type_=ARRAY(Uuid)))

_NEXT = text("select extract(epoch from min(due_at) - now())::double precision from mark")

_OLDEST = text("select min(since) from mark where agency = :agency")


class Hint(NamedTuple):
    """Something of this path, or the path itself, has changed at least to this version, for this institution."""

    agency: str
    path_id: UUID
    about: UUID
    version: int


def anything(agency: str, path_id: UUID) -> Hint:
    """Something of this path has changed just now: met by any answer to a question that was asked later."""
    return Hint(agency, path_id, UUID(int=0), 0)


async def put(session: AsyncSession, hints: Sequence[Hint]) -> None:
    """Keep what was hinted at, all in one statement; what is known to be that new already changes nothing."""
    rows = [hint._asdict() for hint in hints]
    await session.execute(_PUT, {"hints": to_json(rows).decode()})
    await notify(session, CHANNEL)


async def agencies(session: AsyncSession) -> Sequence[str]:
    """The institutions of which something is to be asked for now, the longest waiting first."""
    await session.execute(_GIVE_UP)
    return (await session.execute(_AGENCIES)).scalars().all()


async def due(session: AsyncSession, agency: str, most: int) -> Sequence[UUID]:
    """The paths to ask for now."""
    return (await session.execute(_DUE, {"agency": agency, "most": most})).scalars().all()


async def settle(session: AsyncSession, agency: str, paths: Sequence[UUID], asked_at: datetime) -> bool:
    """Take away the marks that the stored rows satisfy; ask for the others again later. Whether lists were behind."""
    told = {"agency": agency, "paths": list(paths), "behind": BEHIND_SECONDS, "asked_at": asked_at}
    met = await session.execute(_MET, told)
    late = any(met.scalars().all())
    await later(session, agency, paths, asked_at)
    return late


async def later(session: AsyncSession, agency: str, paths: Sequence[UUID], asked_at: datetime) -> None:
    """What was asked for at this time and has not come is asked for again, after a while that doubles."""
    told = {"agency": agency, "paths": list(paths), "asked_at": asked_at, "longest": LONGEST_WAIT}
    await session.execute(_LATER, told)


async def next_due(session: AsyncSession) -> float | None:
    """Seconds until something is to be asked for, None when nothing is."""
    found: float | None = (await session.execute(_NEXT)).scalar_one_or_none()
    return found


async def oldest(session: AsyncSession, agency: str) -> datetime | None:
    """Since when something of this institution is known to have changed and not in its list."""
    found: datetime | None = (await session.execute(_OLDEST, {"agency": agency})).scalar_one_or_none()
    return found
