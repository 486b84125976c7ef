"""The wake relay: brings each fact to the workflow of its path, in order, starting the workflow when there is none.

Temporal may be away for any time: the facts wait in the database and are tried again for ever. A fact that arrives
twice is known by its event id.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Interval, bindparam, exists, func, select, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RetryConfig, RPCError

from contracts.ids import workflow_id
from contracts.paths import PathFact
from services.kit.service import Service
from services.kit.wake import Bell
from workflows.agenda import Agenda
from workflows.loops import for_ever
from workflows.path import ClientPath
from workflows.tables import WakeRow

log = structlog.get_logger()

TASK_QUEUE = "paths"

DELAYS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before the next attempt, by the number of attempts so far; the last one repeats for ever."""

ONE_ATTEMPT = RetryConfig(max_retries=1)
"""How the relay's client must try: the relay tries again itself, without holding a transaction open meanwhile."""

_AT_ONCE = 32
_POLL_SECONDS = 2.0
_ATTEMPT_SECONDS = 5.0


@dataclass(frozen=True)
class Round:
    """How many facts one round of the relay brought to Temporal, and how many it could not."""

    sent: int
    failed: int


class WakeRelay:
    """The relay of all paths."""

    def __init__(self, service: Service, client: Client, bell: Bell, *, delays: Sequence[float] = DELAYS) -> None:
        self._service = service
        self._client = client
        self._bell = bell
        self._delays = delays

    async def run(self) -> None:
        """Relay for ever."""
        await for_ever("wake", self._step)

    async def _step(self) -> None:
        done = await self.round()
        if done.failed:
            await asyncio.sleep(self._delays[0])
        elif not done.sent:
            await self._bell.wait(_POLL_SECONDS)

    async def round(self) -> Round:
        """Send the oldest unsent fact of each of some paths."""
        async with self._service.database.transaction() as session:
            await take_turn(session)
            rows = await _heads(session)
            arrived = await asyncio.gather(*(self._send(row) for row in rows))
            sent = [row.pos for row, there in zip(rows, arrived, strict=True) if there]
            failed = [row for row, there in zip(rows, arrived, strict=True) if not there]
            await session.execute(update(WakeRow).where(col(WakeRow.pos).in_(sent)).values(sent_at=func.now()))
            await self._postpone(session, failed)
        return Round(sent=len(sent), failed=len(failed))

    async def _send(self, row: WakeRow) -> bool:
        """Whether the fact has arrived: signal its workflow, after starting it if need be."""
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                await self._client.start_workflow(
                    ClientPath.run,
                    Agenda(path_id=row.path_id),
                    id=workflow_id(row.path_id),
                    task_queue=TASK_QUEUE,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    # A workflow that somebody ended starts again: the path goes on, and its facts are in the database.
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                    start_signal="fact",
                    start_signal_args=[PathFact.model_validate(row.fact)],
                )
        except (RPCError, TimeoutError) as error:
            log.warning("wake_failed", path=str(row.path_id), attempts=row.attempts + 1, cause=type(error).__name__)
            return False
        return True

    async def _postpone(self, session: AsyncSession, rows: Sequence[WakeRow]) -> None:
        if not rows:
            return
        table = WakeRow.__table__  # type: ignore[attr-defined]
        delay = bindparam("delay", type_=Interval)
        statement = (
            update(table)
            .where(table.c.pos == bindparam("row"))
            .values(attempts=table.c.attempts + 1, next_at=func.clock_timestamp() + delay)
        )
        await session.execute(statement, [{"row": row.pos, "delay": self._delay(row.attempts)} for row in rows])

    def _delay(self, attempts: int) -> timedelta:
        return timedelta(seconds=self._delays[min(attempts, len(self._delays) - 1)])


async def take_turn(session: AsyncSession) -> None:
    """Let nobody else send facts until this transaction ends: those of a path must not overtake each other."""
    await session.execute(text("select pg_advisory_xact_lock(hashtext('path wake'))"))


async def _heads(session: AsyncSession) -> Sequence[WakeRow]:
    """The facts to send now: of each path the oldest unsent one, and only when its time has come."""
    earlier = aliased(WakeRow)
    overtaken = exists().where(
        col(earlier.path_id) == col(WakeRow.path_id),
        col(earlier.sent_at).is_(None),
        col(earlier.pos) < col(WakeRow.pos),
    )
    query = (
        select(WakeRow)
        .where(col(WakeRow.sent_at).is_(None), col(WakeRow.next_at) <= func.now(), ~overtaken)
        .order_by(col(WakeRow.pos))
        .limit(_AT_ONCE)
    )
    return (await session.execute(query)).scalars().all()
