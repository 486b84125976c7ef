"""Answers of the interface, kept as rows. An item is as new as its revision and its deadline as its path's version, so
answers may come in any order and any number of times: what is kept is the newest of each."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.work import WorkItem

CHANNEL = "desk_work"
"""Tells the institution of which something has changed."""

_STORE = text("""
    with given as (
        select item - 'deadline' - 'path_version' as item,
            case when jsonb_typeof(item -> 'deadline') = 'object' then item -> 'deadline' end as deadline,
            (item ->> 'revision')::integer as revision, (item ->> 'path_version')::integer as path_version
        from jsonb_array_elements(cast(:items as jsonb)) as item
    )
    insert into work as known (
        agency, id, what, kind, status, urgency, path_id, sender, receiver, unit, claimed_by, version, revision,
        path_version, began_at, due_at, item, deadline
    )
    select :agency, (item ->> 'id')::uuid, item ->> 'what', item ->> 'kind', item ->> 'status', item ->> 'urgency',
        (item ->> 'path_id')::uuid, item ->> 'sender', item ->> 'receiver', item ->> 'unit', item ->> 'claimed_by',
        (item ->> 'version')::integer, revision, path_version,
        coalesce(case when item ->> 'what' = 'received' then item -> 'times' ->> 'delivered' end,
            item -> 'times' ->> 'submitted')::timestamptz,
        (deadline ->> 'due_at')::timestamptz, item, deadline
    from given order by 2
    on conflict (agency, id) do update set
        status = case when excluded.revision > known.revision then excluded.status else known.status end,
        path_id = case when excluded.revision > known.revision then excluded.path_id else known.path_id end,
        receiver = case when excluded.revision > known.revision then excluded.receiver else known.receiver end,
        claimed_by = case when excluded.revision > known.revision then excluded.claimed_by else known.claimed_by end,
        item = case when excluded.revision > known.revision then excluded.item else known.item end,
        version = greatest(excluded.version, known.version),
        revision = greatest(excluded.revision, known.revision),
        due_at = case when excluded.path_version > known.path_version then excluded.due_at else known.due_at end,
        deadline = case when excluded.path_version > known.path_version then excluded.deadline else known.deadline end,
        path_version = greatest(excluded.path_version, known.path_version),
        stored_at = now()
    where excluded.revision > known.revision or excluded.path_version > known.path_version
    returning id
""")

_GONE = text("""
    delete from work where agency = :agency and path_id = any(:paths) and id <> all(:present) and stored_at < :asked_at
    returning id
""").bindparams(bindparam("paths", type_=ARRAY(Uuid)), bindparam("present", type_=ARRAY(Uuid)))

_NOT_THERE = text("""
    delete from work where agency = :agency and id <> all(:present) and stored_at < :asked_at returning id
""").bindparams(bindparam("present", type_=ARRAY(Uuid)))

_DROP = text("delete from work where agency = :agency and id = :id")

_TELL = text("select pg_notify(:channel, :agency)")


async def store(session: AsyncSession, agency: str, items: Sequence[WorkItem]) -> bool:
    """Keep what is newer than what is kept; whether anything was."""
    rows = [item.model_dump(mode="json") for item in items]
    changed = (await session.execute(_STORE, {"agency": agency, "items": to_json(rows).decode()})).all()
    return bool(changed)


async def drop_gone(
    session: AsyncSession, agency: str, paths: Sequence[UUID], present: Collection[UUID], asked_at: datetime
) -> bool:
    """Delete items of these paths that the answer does not have; what was stored since the question stays."""
    told = {"agency": agency, "paths": list(paths), "present": list(present), "asked_at": asked_at}
    return bool((await session.execute(_GONE, told)).all())


async def drop(session: AsyncSession, agency: str, identity: UUID) -> None:
    """Delete one item, and tell of it."""
    await session.execute(_DROP, {"agency": agency, "id": identity})
    await tell(session, agency)


async def drop_all_but(session: AsyncSession, agency: str, present: Collection[UUID], asked_at: datetime) -> bool:
    """Delete all items that were not there when everything was asked for."""
    told = {"agency": agency, "present": list(present), "asked_at": asked_at}
    return bool((await session.execute(_NOT_THERE, told)).all())


async def tell(session: AsyncSession, agency: str) -> None:
    """Tell the pages that are open, when the transaction commits."""
    await session.execute(_TELL, {"channel": CHANNEL, "agency": agency})
