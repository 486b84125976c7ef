"""Receipts: a reader signs how far its links have arrived; the writer checks it against its own chain and keeps it.

Read from committed rows only, so that nothing is ever receipted that could still be lost.
"""

import asyncio
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.control import Receipt
from services.kit.alarms import CHAIN_DIFFERS, READER_AHEAD, Link, alarm
from services.kit.loops import for_ever
from services.kit.service import Service
from services.kit.talk import Talk
from services.kit.wake import Bell

MOVING_SECONDS = 1.0
"""Between two receipts of a link that moves."""

IDLE_SECONDS = 30.0
"""Between two receipts of a link that does not: one may have been lost, or the writer have lost what it kept."""

_CURSORS = text("select source, family, seq, hash, now() as at from link_cursor where seq > 0")


class Receipts:
    """The receipts of one reading service. `arrived` rings after each commit of what its inbox took in."""

    def __init__(
        self,
        service: Service,
        talk: Talk,
        arrived: Bell,
        *,
        moving: float = MOVING_SECONDS,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._service = service
        self._talk = talk
        self._arrived = arrived
        self._moving = moving
        self._idle = idle
        self._told: dict[tuple[str, str], _Told] = {}

    async def run(self) -> None:
        """Give receipts for ever; at first for every link there is, then when something has arrived or it is time."""
        self._arrived.ring()
        await for_ever("receipts", self._round, self._moving)

    async def _round(self) -> None:
        await self._arrived.wait(self._idle)
        told = False
        try:
            told = await self.give() is not None
        finally:
            if not told:
                self._arrived.ring()  # as soon as it can be told

    async def give(self) -> int | None:
        """Give those that are due; returns how many, None when nobody could be told."""
        if not self._talk.possible:
            return None
        async with self._service.database.transaction() as session:
            cursors = (await session.execute(_CURSORS)).all()
        now = asyncio.get_running_loop().time()
        due = [cursor for cursor in cursors if self._due(cursor.source, cursor.family, cursor.seq, now)]
        for cursor in due:
            receipt = Receipt(
                writer=cursor.source,
                reader=self._service.node,
                family=cursor.family,
                at=cursor.at,
                seq=cursor.seq,
                hash=cursor.hash,
            )
            await self._talk.tell(receipt)
            self._told[cursor.source, cursor.family] = _Told(cursor.seq, now)
        return len(due)

    def _due(self, source: str, family: str, seq: int, now: float) -> bool:
        told = self._told.get((source, family))
        return told is None or told.seq != seq or now - told.at >= self._idle


@dataclass(frozen=True)
class _Told:
    """`at`: by the loop's clock."""

    seq: int
    at: float


_OWN = text("""
    select seq as head, (select linkhash from outbox where outbox.target = :target and linkseq = :seq) as hash
    from link_head where target = :target
""")

# Every receipt that moved the link stays: the first that covers an event proves its arrival. The newest is beside.
_KEEP = text("""
    with moved as (
        insert into past_receipt (target, seq, hash, at, token) values (:target, :seq, :hash, :at, :token)
        on conflict do nothing
    )
    insert into link_receipt as known (target, seq, hash, at, token) values (:target, :seq, :hash, :at, :token)
    on conflict (target) do update
    set seq = excluded.seq, hash = excluded.hash, at = excluded.at, token = excluded.token
    where (known.seq, known.at) < (excluded.seq, excluded.at)
""")


async def keep(service: Service, receipt: Receipt, token: str) -> None:
    """Keep what a reader has signed, or raise an alarm when it does not fit what was written here."""
    async with service.database.transaction() as session:
        if await _fits(session, receipt):
            values = {"target": receipt.reader, **receipt.model_dump(include={"seq", "hash", "at"})}
            await session.execute(_KEEP, {**values, "token": token})


async def _fits(session: AsyncSession, receipt: Receipt) -> bool:
    own = (await session.execute(_OWN, {"target": receipt.reader, "seq": receipt.seq})).one_or_none()
    link = Link(receipt.writer, receipt.reader, receipt.family)
    if own is None or receipt.seq > own.head:
        await alarm(session, READER_AHEAD, link, receipt.seq)
        return False
    if receipt.hash != own.hash:
        await alarm(session, CHAIN_DIFFERS, link, receipt.seq)
        return False
    return True
