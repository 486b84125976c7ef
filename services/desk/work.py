"""The lists of work, from the rows of the desk: what waits, what came in, what was sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, TextClause, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.work import WorkItem, WorkKind
from services.desk.tasks import IN_CHARGE, UNDECIDED, Bounds, Group, Place

ORDERS: Mapping[str, str] = {
    "due": "due_at nulls last, began_at, id",
    "oldest": "began_at, id",
    "newest": "began_at desc, id desc",
    "line": "item ->> 'edition' nulls last, began_at, id",
}


@dataclass(frozen=True)
class Reader:
    """For whom a list is: `all_of_it` for whoever may decide about everything, also what another has claimed."""

    login: str
    units: frozenset[str]
    all_of_it: bool


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to, and its order. `person`: a login, or "" for what nobody has claimed."""

    what: WorkKind | None = None
    unit: str | None = None
    person: str | None = None
    group: Group | None = None
    order: str = "due"


@dataclass(frozen=True)
class Listed:
    """A page of a list, how many rows there are in all, and how many in each group."""

    items: tuple[WorkItem, ...]
    total: int
    groups: Mapping[Group, int]


_GROUP = """case when due_at is null or due_at > :soon_until then 'later' when due_at >= :now then 'soon'
    when due_at >= :critical_before then 'overdue' else 'critical' end"""

_MINE = """(what <> 'received' or (
    (claimed_by is null or claimed_by = :login or :all_of_it)
    and (unit is null or :all_of_it or cardinality(:units) = 0 or unit = any(:units))
)) and jsonb_typeof(item -> 'pending') <> 'object'"""

_NARROWED = """(:what is null or what = :what) and (:unit is null or (what = 'received' and unit = :unit))
    and (:person is null or coalesce(claimed_by, '') = :person)"""

_PLACES = """exists (
    select from unnest(:whats, :kinds, :statuses, :whens) as place (what, kind, status, waits)
    where (place.what, place.kind, place.status) = (work.what, work.kind, work.status)
    and case place.waits when 'due' then due_at <= :soon_until when 'asked' then due_at is not null
        when 'silent' then (item -> 'times' ->> 'delivered')::timestamptz < :silent_before else true end
)"""


async def waiting(
    session: AsyncSession,
    reader: Reader,
    places: Collection[Place],
    wanted: Wanted,
    bounds: Bounds,
    skip: int,
    most: int,
    *,
    only_mine: bool,
) -> Listed:
    """What waits in these places; `only_mine`: not what another has claimed, nor what is another unit's."""
    where = f"{_PLACES} and {_NARROWED}" + (f" and {_MINE}" if only_mine else "")
    told: dict[str, Any] = {**_of_places(places), **_of_wanted(wanted), **_of_bounds(bounds)}
    told["silent_before"] = bounds.silent_before
    if only_mine:
        told |= {"login": reader.login, "all_of_it": reader.all_of_it, "units": sorted(reader.units)}
    return await _listed(session, where, told, wanted, skip, most)


async def inbox(
    session: AsyncSession, statuses: Collection[str], wanted: Wanted, bounds: Bounds, skip: int, most: int
) -> Listed:
    """Everything received that is in one of these states, whoever works on it."""
    where = f"what = 'received' and status = any(:statuses) and {_NARROWED}"
    told = {**_of_wanted(wanted), **_of_bounds(bounds), "statuses": sorted(statuses)}
    return await _listed(session, where, told, wanted, skip, most)


async def sent(session: AsyncSession, statuses: Collection[str], bounds: Bounds, skip: int, most: int) -> Listed:
    """What was sent, newest first; only these states, if any are named."""
    where = "what = 'sent' and (cardinality(:statuses) = 0 or status = any(:statuses))"
    told = {**_of_bounds(bounds), "statuses": sorted(statuses)}
    return await _listed(session, where, told, Wanted(order="newest"), skip, most)


async def in_line(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """The places of these items in the lines of those who wait, one line for each edition, the first is 1."""
    query = text("""
        with waiting as (
            select id, row_number() over (partition by item ->> 'edition' order by began_at, id) as place
            from work where what = 'received' and status = 'waitlisted'
        )
        select id, place from waiting where id = any(:ids)
    """).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
    return {row.id: row.place for row in (await session.execute(query, {"ids": list(ids)})).all()}


async def refused_lately(session: AsyncSession, now: datetime, days: int) -> int:
    """How many of the institution's referrals were declined lately."""
    query = text("""
        select count(*) from work where what = 'sent' and status = 'declined'
        and (item -> 'times' ->> 'decided')::timestamptz > :since
    """)
    found: int = (await session.execute(query, {"since": now - timedelta(days=days)})).scalar_one()
    return found


async def items_of(session: AsyncSession, ids: Collection[UUID]) -> list[WorkItem]:
    """The items with these ids, as far as they are the institution's own."""
    query = text("""
        select item || jsonb_build_object('deadline', deadline, 'path_version', path_version)
        from work where id = any(:ids)
    """).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
    rows = (await session.execute(query, {"ids": list(ids)})).scalars().all()
    return [WorkItem.model_validate(row) for row in rows]


async def people_at_work(session: AsyncSession) -> Sequence[str]:
    """The logins of those who have claimed something that goes on."""
    query = text("select distinct claimed_by from work where claimed_by is not null and status = any(:going_on)")
    return sorted((await session.execute(query, {"going_on": [*UNDECIDED, *IN_CHARGE]})).scalars().all())


async def _listed(
    session: AsyncSession, where: str, told: Mapping[str, Any], wanted: Wanted, skip: int, most: int
) -> Listed:
    counted = _typed(f"select {_GROUP} as name, count(*) as items from work where {where} group by 1", told)
    groups = {row.name: row.items for row in (await session.execute(counted, told)).all()}
    narrow = f" and {_GROUP} = :group" if wanted.group else ""
    query = _typed(
        f"""
        with page as materialized (
            select item, deadline, path_version, due_at, began_at, id from work
            where {where}{narrow} order by {ORDERS[wanted.order]} limit :most offset :skip
        )
        select item || jsonb_build_object('deadline', deadline, 'path_version', path_version) from page
        order by {ORDERS[wanted.order]}
        """,
        told,
    )
    given = {**told, "most": most, "skip": skip, **({"group": wanted.group} if wanted.group else {})}
    rows = (await session.execute(query, given)).scalars().all()
    total = groups.get(wanted.group, 0) if wanted.group else sum(groups.values())
    return Listed(tuple(WorkItem.model_validate(row) for row in rows), total, groups)


_LISTS = ("whats", "kinds", "statuses", "whens", "units")
_TEXTS = ("what", "unit", "person")


def _typed(query: str, told: Mapping[str, Any]) -> TextClause:
    """Lists are arrays of texts, also empty ones; what may be missing is a text all the same."""
    arrays = [bindparam(name, type_=ARRAY(Text)) for name in _LISTS if name in told]
    texts = [bindparam(name, type_=Text) for name in _TEXTS if name in told]
    return text(query).bindparams(*arrays, *texts)


def _of_places(places: Collection[Place]) -> dict[str, list[str]]:
    ordered = sorted(places)
    return {
        "whats": [place.what for place in ordered],
        "kinds": [place.kind for place in ordered],
        "statuses": [place.status for place in ordered],
        "whens": [place.when for place in ordered],
    }


def _of_wanted(wanted: Wanted) -> dict[str, str | None]:
    return {"what": wanted.what, "unit": wanted.unit, "person": wanted.person}


def _of_bounds(bounds: Bounds) -> dict[str, datetime]:
    return {"now": bounds.now, "critical_before": bounds.critical_before, "soon_until": bounds.soon_until}
