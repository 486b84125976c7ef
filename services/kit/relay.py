"""The relay: takes what the outbox holds, numbers it, publishes it and waits for the broker's receipt.

Rows are numbered when the relay takes them, not inside the business transaction: only committed rows are seen, so the
numbers have no gaps and writers never wait for each other. Rows stay after sending.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

import nats.errors
import structlog
from faststream.nats import NatsBroker
from nats.js.errors import Error as JetStreamError
from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import FIRST_LINK, Envelope, link_hash
from contracts.subjects import stream_name
from services.kit.database import Database
from services.kit.plumbing import LinkHead, OutboxRow
from services.kit.wake import Bell

log = structlog.get_logger()

_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]
_HEADS = LinkHead.__table__  # type: ignore[attr-defined]
_BATCH = 200
_POLL_SECONDS = 2.0
_PUBLISH_SECONDS = 5.0
_LONGEST_PAUSE = 5.0
_LOCK = "outbox relay"

_UNNUMBERED = (
    select(_TABLE)
    .where(_TABLE.c.sent_at.is_(None), _TABLE.c.linkseq.is_(None), _TABLE.c.target != bindparam("node"))
    .order_by(_TABLE.c.pos)
    .limit(_BATCH)
)
_ALL_HEADS = select(_HEADS)
_STAMP = (
    update(_TABLE)
    .where(_TABLE.c.pos == bindparam("row_pos"))
    .values(linkseq=bindparam("number"), headers=bindparam("stamped"))
)
_UPSERT = insert(_HEADS)
_KEEP_HEADS = _UPSERT.on_conflict_do_update(
    index_elements=["target"], set_={"seq": _UPSERT.excluded.seq, "hash": _UPSERT.excluded.hash}
)


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
            except (DBAPIError, PoolTimeout, OSError, nats.errors.Error, JetStreamError) as error:
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
        while True:
            numbered = await self._number(connection)
            rows = await self._waiting(connection, refused)
            outcomes = await asyncio.gather(*(self._send(row) for row in rows), return_exceptions=True)
            sent += await self._mark_sent(connection, rows, outcomes)
            for row, outcome in zip(rows, outcomes, strict=True):
                if isinstance(outcome, JetStreamError):
                    refused[row.target] = outcome
                elif isinstance(outcome, BaseException):
                    raise outcome
            if not refused:
                return sent
            if not numbered and not rows:
                raise next(iter(refused.values()))

    async def _waiting(self, connection: AsyncConnection, refused: Collection[str]) -> Sequence[Row[Any]]:
        """The oldest unsent rows. One committed since the numbering has no number yet and waits for the next round."""
        query = (
            select(_TABLE)
            .where(_TABLE.c.sent_at.is_(None), or_(_TABLE.c.linkseq.is_not(None), _TABLE.c.target == self.node))
            .where(_TABLE.c.target.not_in(refused))
            .order_by(_TABLE.c.pos)
            .limit(_BATCH)
        )
        rows = (await connection.execute(query)).all()
        await connection.commit()
        return rows

    async def _mark_sent(
        self, connection: AsyncConnection, rows: Sequence[Row[Any]], outcomes: Sequence[BaseException | None]
    ) -> int:
        done = [row.pos for row, outcome in zip(rows, outcomes, strict=True) if outcome is None]
        if done:
            await connection.execute(update(_TABLE).where(_TABLE.c.pos.in_(done)).values(sent_at=func.now()))
            await connection.commit()
        return len(done)

    async def _number(self, connection: AsyncConnection) -> int:
        """Give the next numbers of their links to rows that have none; how many. Self-links keep no ledger."""
        rows = (await connection.execute(_UNNUMBERED, {"node": self.node})).all()
        if not rows:
            await connection.commit()
            return 0
        heads = {head.target: (head.seq, head.hash) for head in await connection.execute(_ALL_HEADS)}
        numbered = [_numbered(row, heads) for row in rows]
        await connection.execute(_STAMP, numbered)
        await connection.execute(
            _KEEP_HEADS, [{"target": target, "seq": seq, "hash": head} for target, (seq, head) in heads.items()]
        )
        await connection.commit()
        return len(numbered)

    async def _send(self, row: Row[tuple[object, ...]]) -> None:
        await self._broker.publish(
            bytes(row.body),
            row.subject,
            headers=dict(row.headers),
            correlation_id=row.headers["ce-correlationid"],
            stream=stream_name(row.target),  # without it the broker sends no receipt and the loss is silent
            timeout=_PUBLISH_SECONDS,
        )


def _numbered(row: Row[tuple[object, ...]], heads: dict[str, tuple[int, str]]) -> dict[str, object]:
    """The row's place on its link; moves the link's head in `heads`."""
    seq, prev = heads.get(row.target, (0, FIRST_LINK))
    seq += 1
    heads[row.target] = (seq, link_hash(prev, seq, row.id, bytes(row.body)))
    envelope = Envelope.parse(row.headers).on_link(seq, prev)
    return {"row_pos": row.pos, "number": seq, "stamped": envelope.headers()}
