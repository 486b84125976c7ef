"""The relay: takes what the outbox holds, numbers it, publishes it and waits for the broker's receipt.

Rows are numbered when the relay takes them, not inside the business transaction: only committed rows are seen, so the
numbers have no gaps and writers never wait for each other. Rows stay after sending.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import nats.errors
import structlog
from faststream.nats import NatsBroker
from nats.js.errors import Error as JetStreamError
from sqlalchemy import BigInteger, Row, Text, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import FIRST_LINK, link_hash, on_link
from contracts.subjects import stream_name
from services.kit import crash, tracing
from services.kit.database import Database
from services.kit.outages import DATABASE_ERRORS
from services.kit.wake import Bell

log = structlog.get_logger()

_BATCH = 500
_POLL_SECONDS = 2.0
_PUBLISH_SECONDS = 5.0
_LONGEST_PAUSE = 5.0
_LOCK = "outbox relay"

_UNSENT = text("""
    select pos, id, target, subject, headers, body, numbered, linkseq, replays from outbox
    where sent_at is null and not target = any (:refused)
    order by pos limit :most
""").bindparams(bindparam("refused", type_=ARRAY(Text)))
_HEADS = text("select target, seq, hash from link_head")
_STAMP = text("""
    with stamped as (
        update outbox set linkseq = number, linkhash = head, headers = outbox.headers
            || jsonb_build_object('ce-linkseq', number::text, 'ce-linkprev', prev)
        from unnest(:places, :numbers, :prevs, :heads) as given (place, number, prev, head)
        where outbox.pos = given.place
    )
    insert into link_head as known (target, seq, hash) select * from unnest(:targets, :seqs, :hashes)
    on conflict (target) do update set seq = excluded.seq, hash = excluded.hash
""").bindparams(
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in ("places", "numbers", "seqs")),
    *(bindparam(name, type_=ARRAY(Text)) for name in ("prevs", "heads", "targets", "hashes")),
)
_SENT = text("update outbox set sent_at = now() where pos = any (:places)").bindparams(
    bindparam("places", type_=ARRAY(BigInteger))
)


@dataclass(frozen=True)
class _Outgoing:
    """One event on its way out, with its final headers."""

    pos: int
    id: UUID
    target: str
    subject: str
    headers: dict[str, str]
    body: bytes


class Relay:
    """The one relay of one outbox; a second one waits behind an advisory lock until the first is gone."""

    def __init__(self, *, node: str, service: str, database: Database, broker: NatsBroker, bell: Bell) -> None:
        self.node = node
        self.service = service
        self._database = database
        self._broker = broker
        self._bell = bell

    async def run(self) -> None:
        """Relay for ever. A database or broker that is down costs a pause, never a row."""
        pause = 0.1
        while True:
            try:
                async with self._alone() as connection:
                    while True:
                        if not await self.drain(connection):
                            await self._bell.wait(_POLL_SECONDS)
                        pause = 0.1
            except (*DATABASE_ERRORS, nats.errors.Error, JetStreamError) as error:
                log.warning("relay_paused", service=self.service, cause=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncConnection]:
        """A connection that holds the lock of this outbox; closed in the end, since in the pool it would keep it."""
        async with self._database.engine.connect() as connection:
            try:
                await connection.execute(select(func.pg_advisory_lock(func.hashtext(f"{_LOCK} {self.service}"))))
                await connection.commit()
                yield connection
            finally:
                await connection.invalidate()

    async def drain(self, connection: AsyncConnection) -> int:
        """Number and publish one batch; returns how many were sent. Raises the broker's or database's error.

        When a target's stream refuses (full, missing), the batches of all others go out before the refusal is raised.
        """
        sent = 0
        refused: dict[str, JetStreamError] = {}
        while batch := await self._take(connection, refused):
            crash.point("K4", self.node)
            outcomes = await self._publish(batch)
            sent += await self._mark_sent(connection, batch, outcomes)
            for outgoing, outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, JetStreamError):
                    refused[outgoing.target] = outcome
                elif isinstance(outcome, BaseException):
                    raise outcome
            if not refused:
                return sent
        for refusal in refused.values():
            raise refusal
        return sent

    async def _take(self, connection: AsyncConnection, refused: Collection[str]) -> Sequence[_Outgoing]:
        """The oldest unsent events, numbered in this order where they have no number yet."""
        rows = (await connection.execute(_UNSENT, {"refused": list(refused), "most": _BATCH})).all()
        fresh = [row for row in rows if row.numbered and row.linkseq is None]
        if fresh:
            crash.point("K20", self.node)
        stamps = await self._number(connection, fresh) if fresh else {}
        await connection.commit()
        return [_outgoing(row, stamps.get(row.pos, {})) for row in rows]

    async def _number(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[int, dict[str, str]]:
        """Give these rows the next numbers of their links; the headers that tell so, by row."""
        heads = {head.target: (head.seq, head.hash) for head in await connection.execute(_HEADS)}
        places, numbers, prevs, hashes = [], [], [], []
        for row in rows:
            seq, prev = heads.get(row.target, (0, FIRST_LINK))
            seq += 1
            head = link_hash(prev, seq, row.id, bytes(row.body))
            heads[row.target] = (seq, head)
            places.append(row.pos)
            numbers.append(seq)
            prevs.append(prev)
            hashes.append(head)
        values = {"places": places, "numbers": numbers, "prevs": prevs, "heads": hashes}
        ends = {"targets": list(heads), "seqs": [seq for seq, _ in heads.values()]}
        await connection.execute(_STAMP, {**values, **ends, "hashes": [head for _, head in heads.values()]})
        return {pos: on_link(seq, prev) for pos, seq, prev in zip(places, numbers, prevs, strict=True)}

    async def _publish(self, batch: Sequence[_Outgoing]) -> Sequence[BaseException | None]:
        sending = asyncio.gather(*(self._send(outgoing) for outgoing in batch), return_exceptions=True)
        if crash.armed("K5", self.node):
            await asyncio.sleep(0)  # the messages are written
            await self._broker.connection.flush()  # and have reached the broker
            crash.point("K5", self.node)
        outcomes = await sending
        crash.point("K6", self.node)
        return outcomes

    async def _send(self, outgoing: _Outgoing) -> None:
        codes = {"sciezka.node": self.node, "messaging.destination.name": outgoing.subject}
        with tracing.span("publish", codes, kind="producer", parent=outgoing.headers.get(tracing.HEADER)):
            await self._broker.publish(
                outgoing.body,
                outgoing.subject,
                headers=tracing.onward(outgoing.headers),
                correlation_id=outgoing.headers["ce-correlationid"],
                stream=stream_name(outgoing.target),  # without it the broker sends no receipt and the loss is silent
                timeout=_PUBLISH_SECONDS,
            )

    async def _mark_sent(
        self, connection: AsyncConnection, batch: Sequence[_Outgoing], outcomes: Sequence[BaseException | None]
    ) -> int:
        done = [outgoing.pos for outgoing, outcome in zip(batch, outcomes, strict=True) if outcome is None]
        if done:
            await connection.execute(_SENT, {"places": done})
            await connection.commit()
        return len(done)


def _outgoing(row: Row[Any], stamp: dict[str, str]) -> _Outgoing:
    """A row sent again has a message id of its own: under the old one the broker would drop it as a duplicate."""
    headers = row.headers | stamp
    if row.replays:
        headers["Nats-Msg-Id"] = f"{row.id}.r{row.replays}"
    return _Outgoing(row.pos, row.id, row.target, row.subject, headers, bytes(row.body))
