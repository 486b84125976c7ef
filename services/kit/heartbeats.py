"""Heartbeats: every two seconds a writer tells each of its readers how far it has come, and as of when that is all."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.control import Heartbeat
from contracts.envelope import FIRST_LINK
from contracts.subjects import PATH_NODE, readers_of
from services.kit.loops import for_ever
from services.kit.service import Service
from services.kit.talk import Talk

EVERY_SECONDS = 2.0

Untold = Callable[[AsyncSession], Awaitable[datetime | None]]
"""Since when a service has had something to tell that is not even in its outbox yet; None when it has not."""

# An event bears the time at which its transaction began, and nobody sees it before the commit. So what is whole is
# whole as of the oldest transaction still open. Read in a statement of its own, before the outbox: a transaction that
# ends between the two has its events seen, one that begins between them has a later time. Left out is a relay that
# waits for its turn, for which no event can come, and might wait for days.
_OPEN_SINCE = text("""
    select now() as now, least(now(), min(xact_start)) as since from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
    and (backend_xid is not null or coalesce(wait_event, '') <> 'advisory')
""")

# Heads and rows without a number in one statement: the relay may number some at any moment. A row counts from the time
# of what it tells, which may be long before it was written.
_HEADS = text("""
    with unnumbered as (
        select target, min(least(created_at, (headers ->> 'ce-time')::timestamptz)) as since from outbox
        where sent_at is null and linkseq is null and numbered
        group by target
    )
    select target, coalesce(seq, 0) as seq, coalesce(hash, :first) as hash, since
    from unnest(:targets) as reader (target)
    left join link_head using (target)
    left join unnumbered using (target)
""").bindparams(bindparam("targets", type_=ARRAY(Text)))


async def nothing(_: AsyncSession) -> datetime | None:
    """Of a service that has told everything once it is in its outbox."""
    return None


async def heartbeats(session: AsyncSession, service: Service, untold: Untold = nothing) -> Sequence[Heartbeat]:
    """The heartbeat for each reader of this service. The session must not have read anything yet."""
    moment = (await session.execute(_OPEN_SINCE)).one()
    waiting = await untold(session)
    readers = readers_of(service.name, (*service.directory.nodes, PATH_NODE))
    heads = (await session.execute(_HEADS, {"targets": list(readers), "first": FIRST_LINK})).all()
    return [
        Heartbeat(
            writer=service.node,
            reader=head.target,
            family=service.name,
            seq=head.seq,
            hash=head.hash,
            at=moment.now,
            as_of=min(instant for instant in (moment.since, waiting, head.since) if instant is not None),
        )
        for head in heads
    ]


async def beat(service: Service, talk: Talk, untold: Untold = nothing) -> None:
    """One heartbeat to each reader, as core NATS messages: a lost one is replaced by the next."""
    if not talk.possible:
        return
    async with service.database.transaction() as session:
        beats = await heartbeats(session, service, untold)
    for heartbeat in beats:
        await talk.tell(heartbeat)


async def run(service: Service, talk: Talk, untold: Untold = nothing, *, every: float = EVERY_SECONDS) -> None:
    """Beat for ever."""
    await for_ever("heartbeat", partial(beat, service, talk, untold), every)
