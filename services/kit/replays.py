"""Replays: the writer sends again what a reader misses, exactly those numbers, as long as it has their bodies."""

from sqlalchemy import text

from contracts.control import Replay
from services.kit.alarms import CANNOT_REPLAY, Link, alarm
from services.kit.database import notify
from services.kit.outbox import outbox_channel
from services.kit.service import Service

# Rows that wait to be sent are on their way already.
_AGAIN = text("""
    update outbox set sent_at = null, replays = replays + 1
    where target = :target and linkseq between :first and :last and sent_at is not null and body is not null
    returning pos
""")

_LOST = text("""
    select number from link_head
    cross join lateral generate_series(
        cast(:first as bigint), least(cast(:last as bigint), link_head.seq)
    ) as asked (number)
    where link_head.target = :target and not exists (
        select from outbox where outbox.target = :target and linkseq = number and body is not null
    )
    order by number limit 1
""")


async def again(service: Service, replay: Replay) -> int:
    """Have these numbers leave once more, each under a message id of its own; returns how many will."""
    values = {"target": replay.reader, "first": replay.first, "last": replay.last}
    async with service.database.transaction() as session:
        rows = (await session.execute(_AGAIN, values)).all()
        lost = (await session.execute(_LOST, values)).scalar_one_or_none()
        if lost is not None:
            await alarm(session, CANNOT_REPLAY, Link(replay.writer, replay.reader, replay.family), lost)
        if rows:
            await notify(session, outbox_channel(service.name))
    return len(rows)
