"""Alarms of links: the two ends do not tell the same. Each is told once per kind, link and number, in table and log.

One stands until a person has looked at it. What is wrong still raises the next one with the next number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

log = structlog.get_logger()

CHAIN_DIFFERS = "chain_differs"
"""At this number the chains of the two ends have different hashes."""

READER_AHEAD = "reader_ahead"
"""The reader has more than the writer ever numbered: the writer lost what it had sent, or somebody wrote for it."""

CANNOT_REPLAY = "cannot_replay"
"""The reader asks for an event again whose body is gone here."""

_RAISE = text("""
    insert into link_alarm (kind, source, target, family, seq) values (:kind, :source, :target, :family, :seq)
    on conflict do nothing
    returning id
""")
_RAISED = text("""
    select max(id) as id, kind, source, target, family, min(seq) as seq, count(*) as count, min(at) as since,
        settled_at, settled_by, reason
    from link_alarm where settled_at is null or :every
    group by kind, source, target, family, settled_at, settled_by, reason order by max(id)
""")
_SETTLE = text("""
    update link_alarm set settled_at = now(), settled_by = :by, reason = :reason
    from (select kind, source, target, family from link_alarm where id = :id) as looked_at
    where (link_alarm.kind, link_alarm.source, link_alarm.target, link_alarm.family)
        = (looked_at.kind, looked_at.source, looked_at.target, looked_at.family)
    and link_alarm.id <= :id and settled_at is null
    returning id
""")


@dataclass(frozen=True)
class Link:
    """From one node's service to another node."""

    source: str
    target: str
    family: str


@dataclass(frozen=True)
class Raised:
    """The alarms of one kind and link that a person looks at together; `id` of the newest, `seq` the lowest number."""

    id: int
    kind: str
    source: str
    target: str
    family: str
    seq: int
    count: int
    since: datetime
    settled_at: datetime | None
    settled_by: str | None
    reason: str | None


async def alarm(session: AsyncSession, kind: str, link: Link, seq: int) -> None:
    """Raise the alarm, unless it was raised before."""
    values = {"source": link.source, "target": link.target, "family": link.family, "seq": seq}
    if (await session.execute(_RAISE, {"kind": kind, **values})).first() is not None:
        log.error("link_alarm", kind=kind, **values)


async def raised(session: AsyncSession, *, every: bool = False) -> Sequence[Raised]:
    """The alarms of this service that stand; with `every` also the settled ones."""
    return [Raised(**row) for row in (await session.execute(_RAISED, {"every": every})).mappings()]


async def settle(session: AsyncSession, alarm_id: int, *, by: str, reason: str) -> int:
    """A person has looked at this alarm and at the earlier ones of its kind and link; returns how many stood."""
    values = {"id": alarm_id, "by": by, "reason": reason}
    return len((await session.execute(_SETTLE, values)).all())
