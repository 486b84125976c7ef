"""The version gate: the events of one aggregate are applied in the order of their versions, each once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.events import Event
from services.kit.plumbing import InboxRow, KnownVersion

_ARRAYS = (bindparam("aggregates", type_=ARRAY(Uuid)), bindparam("versions", type_=ARRAY(Integer)))

_STEP = text("""
    insert into known_version as known (aggregate_id, version)
    select aggregate, next from unnest(:aggregates, :versions) as wanted (aggregate, next)
    where next = 1 or exists (select from known_version where aggregate_id = aggregate and version = next - 1)
    order by aggregate
    on conflict (aggregate_id) do update set version = excluded.version where known.version = excluded.version - 1
    returning aggregate_id
""").bindparams(*_ARRAYS)

_FOLLOWING = text("""
    select inbox.id from inbox
    join unnest(:aggregates, :versions) as applied (aggregate, version)
    on inbox.aggregate_id = aggregate and inbox.version = applied.version + 1 and inbox.state = 'parked'
""").bindparams(*_ARRAYS)


async def step(session: AsyncSession, events: Sequence[Event]) -> set[UUID]:
    """Go on to these versions of different aggregates, where each is the very next one; returns these aggregates.

    They are locked until the transaction ends.
    """
    return set((await session.execute(_STEP, _pairs(events))).scalars())


async def following(session: AsyncSession, events: Sequence[Event]) -> Sequence[InboxRow]:
    """The parked events that come right after these."""
    found = (await session.execute(_FOLLOWING, _pairs(events))).scalars().all()
    return [await session.get_one(InboxRow, row_id) for row_id in found]


def _pairs(events: Sequence[Event]) -> dict[str, list[object]]:
    return {"aggregates": [event.aggregate_id for event in events], "versions": [event.version for event in events]}


async def known_version(session: AsyncSession, aggregate_id: UUID) -> int:
    """The last version applied here, 0 for an aggregate never heard of; locked until the transaction ends."""
    await session.execute(insert(KnownVersion).values(aggregate_id=aggregate_id, version=0).on_conflict_do_nothing())
    query = select(KnownVersion.version).where(KnownVersion.aggregate_id == aggregate_id).with_for_update()
    return (await session.exec(query)).one()


async def set_known_version(session: AsyncSession, aggregate_id: UUID, version: int) -> None:
    """Record that everything up to `version` is known here; the sender calls it for the version it wrote itself."""
    upsert = insert(KnownVersion).values(aggregate_id=aggregate_id, version=version)
    await session.execute(
        upsert.on_conflict_do_update(index_elements=["aggregate_id"], set_={"version": upsert.excluded.version})
    )
