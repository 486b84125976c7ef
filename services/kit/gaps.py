"""Gaps: a reader compares what arrived with what the writer says it wrote, and asks again for exactly what is missing.

Missing is a number behind which others arrived, and one that the writer's heartbeat tells of while the broker has
nothing left for this service. What arrived and could not be handled is not missing: it is a dead letter.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import nats.errors
import structlog
from nats.js.errors import Error as JetStreamError
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.control import MOST_AT_ONCE, Heartbeat, Replay
from contracts.subjects import stream_name
from services.kit.alarms import CHAIN_DIFFERS, Link, alarm
from services.kit.loops import for_ever
from services.kit.patience import Patience, Waits
from services.kit.service import Service
from services.kit.talk import Talk

log = structlog.get_logger()

EVERY_SECONDS = 1.0

CALM_SECONDS = 10.0
"""Where nothing was missing and no heartbeat tells of more, the database is asked again after so long."""

Whole = Callable[[Heartbeat], Awaitable[None]]
"""Told of each heartbeat up to whose number everything is here."""

_AT_HEARTBEAT = text("""
    select link_cursor.seq, case when link_cursor.seq = :seq then link_cursor.hash else (
        select linkhash from inbox where inbox.source = :source and inbox.family = :family and linkseq = :seq
    ) end as hash
    from link_cursor where source = :source and family = :family
""")

_LINKS = text("""
    select source, family, seq, coalesce((
        select max(linkseq) from inbox
        where inbox.source = link_cursor.source and inbox.family = link_cursor.family and linkseq is not null
    ), 0) as last
    from link_cursor
""")

_MISSING = text("""
    select number, now() as at from generate_series(
        cast(:cursor as bigint) + 1, least(cast(:upto as bigint), cast(:cursor as bigint) + :window)
    ) as expected (number)
    where not exists (
        select from inbox where inbox.source = :source and inbox.family = :family and linkseq = number
    ) and not exists (
        select from dead_letter
        where state in ('failing', 'dead') and subject like :subjects and headers ->> 'ce-linkseq' = number::text
    )
    order by number limit :most
""")
_WINDOW = 100_000
"""Numbers behind the cursor that are looked at; what lies further behind has its turn later."""


@dataclass(frozen=True)
class _Behind:
    """A link that has not everything. `arrived`: the highest number here; `written`: the highest ever heard of."""

    source: str
    family: str
    cursor: int
    arrived: int
    written: int


class Gaps:
    """The reading ends of one service's links. Where all is well, an idle link costs nearly no transaction."""

    def __init__(self, service: Service, talk: Talk, *, whole: Whole | None = None, waits: Waits | None = None) -> None:
        self._service = service
        self._talk = talk
        self._whole = whole
        self._written: dict[tuple[str, str], int] = {}
        self._compared: dict[tuple[str, str], tuple[int, str]] = {}
        self._calm_until = 0.0
        waiting = waits or Waits()
        self._patience: dict[tuple[str, str], Patience] = defaultdict(lambda: Patience(waiting))

    async def run(self, *, every: float = EVERY_SECONDS) -> None:
        """Look for ever."""
        await for_ever("gaps", self.look, every)

    async def hear(self, heartbeat: Heartbeat) -> None:
        """Remember how far the writer is; compare the chains where both have come."""
        key = heartbeat.writer, heartbeat.family
        self._written[key] = max(self._written.get(key, 0), heartbeat.seq)
        head = heartbeat.seq, heartbeat.hash
        if self._compared.get(key) != head:
            async with self._service.database.transaction() as session:
                same = await self._compare(session, heartbeat)
            if not same:
                self._calm_until = 0.0
                return
            self._compared[key] = head
        if self._whole is not None:
            await self._whole(heartbeat)

    async def _compare(self, session: AsyncSession, heartbeat: Heartbeat) -> bool:
        """Whether everything up to the heartbeat's number is here, and the same."""
        if heartbeat.seq == 0:
            return True
        values = {"source": heartbeat.writer, "family": heartbeat.family, "seq": heartbeat.seq}
        own = (await session.execute(_AT_HEARTBEAT, values)).one_or_none()
        if own is None or own.seq < heartbeat.seq:
            return False
        if own.hash == heartbeat.hash:
            return True
        await alarm(session, CHAIN_DIFFERS, Link(heartbeat.writer, heartbeat.reader, heartbeat.family), heartbeat.seq)
        return False

    async def look(self) -> int:
        """Ask for what has been missing for too long; returns how many numbers were asked for."""
        now = asyncio.get_running_loop().time()
        if now < self._calm_until:
            return 0
        self._calm_until = now + CALM_SECONDS
        behind = await self._behind()
        if not behind:
            return 0
        self._calm_until = 0.0
        for link in behind:
            self._compared.pop((link.source, link.family), None)
        if not self._talk.possible:
            return 0
        empty = await self._nothing_on_the_way()
        return sum([await self._ask(link, empty) for link in behind]) if empty is not None else 0

    async def _behind(self) -> Sequence[_Behind]:
        async with self._service.database.transaction() as session:
            rows = (await session.execute(_LINKS)).all()
        found = {(row.source, row.family): (row.seq, row.last) for row in rows}
        links = (
            _Behind(*key, *found.get(key, (0, 0)), written=self._written.get(key, 0))
            for key in {**found, **self._written}
        )
        return [link for link in links if link.cursor < max(link.arrived, link.written)]

    async def _nothing_on_the_way(self) -> bool | None:
        """Whether the broker has given this service everything it has; None when it has no stream to send again on."""
        jetstream = self._talk.broker.connection.jetstream()
        try:
            info = await jetstream.consumer_info(stream_name(self._service.node), self._service.name)
        except (nats.errors.Error, JetStreamError) as error:
            log.warning("consumer_not_seen", service=self._service.name, cause=type(error).__name__)
            return None
        return not info.num_pending and not info.num_ack_pending

    async def _ask(self, link: _Behind, empty: bool) -> int:
        now = asyncio.get_running_loop().time()
        patience = self._patience[link.source, link.family]
        if not patience.is_over(now, link.cursor, plain=empty or link.arrived > link.cursor):
            return 0
        upto = link.arrived if link.arrived > link.cursor and not empty else max(link.arrived, link.written)
        requests = await self._missing(link, upto)
        if not requests:
            return 0
        for request in requests:
            await self._talk.tell(request)
        patience.asked(now, requests[-1].last)
        count = sum(request.last - request.first + 1 for request in requests)
        log.warning("replay_asked", source=link.source, family=link.family, first=requests[0].first, numbers=count)
        return count

    async def _missing(self, link: _Behind, upto: int) -> Sequence[Replay]:
        values = {
            "source": link.source,
            "family": link.family,
            "cursor": link.cursor,
            "upto": upto,
            "window": _WINDOW,
            "most": MOST_AT_ONCE,
            "subjects": f"ev.{link.source}.{self._service.node}.{link.family}.%",
        }
        async with self._service.database.transaction() as session:
            rows = (await session.execute(_MISSING, values)).all()
        return [
            Replay(
                writer=link.source,
                reader=self._service.node,
                family=link.family,
                at=rows[0].at,
                first=first,
                last=last,
            )
            for first, last in runs([row.number for row in rows])
        ]


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each stretch without a gap, of ascending numbers."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
