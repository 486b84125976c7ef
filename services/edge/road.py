"""The links of a node, read from the tables of its services: how far each has come, and what stands."""

from collections.abc import Mapping

from sqlalchemy import TextClause, text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.road import IncomingLink, LinkAlarm, OutgoingLink, Road
from services.kit.alarms import Raised, raised
from services.kit.clock import Clock
from services.kit.database import Database
from services.kit.measures import GAPS

_OUTGOING = text("""
    select link_head.target, link_head.seq as last, coalesce(link_receipt.seq, 0) as receipted,
        link_receipt.at as receipt_at, unsent.count as unsent, waiting.since as waiting_since,
        delay.half as delay_seconds, delay.most as slowest_seconds
    from link_head left join link_receipt on link_receipt.target = link_head.target
    cross join lateral (
        select count(*) as count from outbox where outbox.target = link_head.target and sent_at is null
    ) as unsent
    cross join lateral (
        select min(created_at) as since from outbox
        where outbox.target = link_head.target and linkseq > coalesce(link_receipt.seq, 0)
    ) as waiting
    cross join lateral (
        select percentile_cont(0.5) within group (order by seconds) as half, max(seconds) as most from (
            select extract(epoch from covered.at - recent.created_at)::double precision as seconds
            from (
                select linkseq, created_at from outbox
                where outbox.target = link_head.target and linkseq <= link_receipt.seq
                order by linkseq desc limit 100
            ) as recent cross join lateral (
                select min(at) as at from past_receipt
                where past_receipt.target = link_head.target and past_receipt.seq >= recent.linkseq
            ) as covered
            where covered.at is not null
        ) as each
    ) as delay
    order by link_head.target
""")
_INCOMING = text(f"""
    select link_cursor.source, link_cursor.family, link_cursor.seq as last, gap.missing, newest.at as arrived_at
    from link_cursor join ({GAPS}) as gap using (source, family)
    left join lateral (
        select received_at as at from inbox
        where inbox.source = link_cursor.source and inbox.family = link_cursor.family and linkseq is not null
        order by linkseq desc limit 1
    ) as newest on true
    order by link_cursor.source, link_cursor.family
""")


class RoadDesk:
    """What the edge offers about the links of its node."""

    def __init__(self, node: str, databases: Mapping[str, Database], clock: Clock) -> None:
        self._node = node
        self._databases = databases
        self._clock = clock

    async def show(self) -> Road:
        """Every link as it is now."""
        outgoing: list[OutgoingLink] = []
        incoming: list[IncomingLink] = []
        alarms: list[LinkAlarm] = []
        for service, database in self._databases.items():
            async with database.transaction(snapshot=True) as session:
                now = await self._clock.now(session)
                outgoing += [OutgoingLink(service=service, **row) for row in await _rows(session, _OUTGOING)]
                incoming += [IncomingLink(service=service, **row) for row in await _rows(session, _INCOMING)]
                alarms += [_alarm(service, one) for one in await raised(session)]
        return Road(
            node=self._node, as_of=now, outgoing=tuple(outgoing), incoming=tuple(incoming), alarms=tuple(alarms)
        )


async def _rows(session: AsyncSession, query: TextClause) -> list[dict[str, object]]:
    return [dict(row) for row in (await session.execute(query)).mappings()]


def _alarm(service: str, one: Raised) -> LinkAlarm:
    return LinkAlarm(
        service=service,
        kind=one.kind,
        source=one.source,
        target=one.target,
        family=one.family,
        seq=one.seq,
        count=one.count,
        since=one.since,
    )
