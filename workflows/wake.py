"""The wake relay: brings facts to the workflow of their path, in order, starting the workflow when there is none.

All that waits for one path goes in one signal: a signal, and the step of the workflow that follows it, cost far more
than a fact. Temporal may be away for any time: the facts wait in the database and are tried again for ever. A fact that
arrives twice is known by its event id.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, Interval, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RetryConfig, RPCError

from contracts.ids import workflow_id
from contracts.paths import PathFact
from services.kit import crash, tracing
from services.kit.loops import for_ever
from services.kit.service import Service
from services.kit.wake import Bell
from workflows.agenda import Agenda
from workflows.path import ClientPath

log = structlog.get_logger()

TASK_QUEUE = "paths"

DELAYS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before the next attempt, by the number of attempts so far; the last one repeats for ever."""

ONE_ATTEMPT = RetryConfig(max_retries=1)
"""How the relay's client must try: the relay tries again itself, without holding a transaction open meanwhile."""

GATHER_SECONDS = 1.0
"""How long further facts are waited for, when few wait. Reminders are exact to the minute: nobody waits for this."""

_FACTS_AT_ONCE = 500
"""So many in a round: that more wait is then likely, and they go at once."""

_FACTS_A_SIGNAL = 100
"""At most: far below what Temporal takes."""

_CALLS_AT_ONCE = 32
_POLL_SECONDS = 2.0
_ATTEMPT_SECONDS = 5.0

_TURN = "hashtext('path wake')"
_BEGIN_TURN, _END_TURN = text(f"select pg_advisory_lock({_TURN})"), text(f"select pg_advisory_unlock({_TURN})")
_WAITING = text("""
    select wake.pos, wake.path_id, wake.attempts, wake.trace, fact.fact::text as fact
    from wake join fact on fact.event_id = wake.event_id
    where sent_at is null and not exists (
        select from wake as earlier
        where earlier.path_id = wake.path_id and earlier.sent_at is null
        and earlier.pos <= wake.pos and earlier.next_at > now()
    )
    order by wake.pos limit :most
""")
_SENT = text("update wake set sent_at = now() where pos = any (:rows)").bindparams(
    bindparam("rows", type_=ARRAY(BigInteger))
)
_POSTPONE = text("""
    update wake set attempts = attempts + 1, next_at = clock_timestamp() + delay
    from unnest(:rows, :delays) as given (place, delay) where pos = place
""").bindparams(bindparam("rows", type_=ARRAY(BigInteger)), bindparam("delays", type_=ARRAY(Interval)))


@dataclass(frozen=True)
class Round:
    """How many facts one round of the relay brought to Temporal, and how many paths it could not reach."""

    sent: int
    failed: int


@dataclass(frozen=True)
class Waiting:
    """A fact on its way to its workflow."""

    pos: int
    path_id: UUID
    attempts: int
    trace: str | None
    fact: str


class WakeRelay:
    """The relay of all paths."""

    def __init__(self, service: Service, client: Client, bell: Bell, *, delays: Sequence[float] = DELAYS) -> None:
        self._service = service
        self._client = client
        self._bell = bell
        self._delays = delays
        self._calls = asyncio.Semaphore(_CALLS_AT_ONCE)

    async def run(self) -> None:
        """Relay for ever."""
        await for_ever("wake", self._step, outages=(RPCError,))

    async def _step(self) -> None:
        done = await self.round()
        if done.failed:
            await asyncio.sleep(self._delays[0])
        elif not done.sent:
            await self._bell.wait(_POLL_SECONDS)
        if done.sent < _FACTS_AT_ONCE:
            await asyncio.sleep(GATHER_SECONDS)

    async def round(self) -> Round:
        """Send the oldest unsent facts, those of one path together.

        No transaction is open while Temporal is asked: what is whole is whole as of the oldest open one.
        """
        async with self._turn() as connection:
            paths = await _waiting(connection)
            await connection.commit()
            crash.point("K11", self._service.node)
            arrived = await asyncio.gather(*(self._send(facts) for facts in paths))
            crash.point("K12", self._service.node)
            sent = [fact.pos for facts, there in zip(paths, arrived, strict=True) if there for fact in facts]
            failed = [facts[0] for facts, there in zip(paths, arrived, strict=True) if not there]
            if sent:
                await connection.execute(_SENT, {"rows": sent})
            if failed:
                await self._postpone(connection, failed)
        return Round(sent=len(sent), failed=len(failed))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[AsyncConnection]:
        """A connection; nobody else sends meanwhile. Closed after a failure: in the pool it would keep its turn."""
        async with self._service.database.engine.connect() as connection:
            try:
                await connection.execute(_BEGIN_TURN)
                yield connection
                await connection.execute(_END_TURN)
                await connection.commit()
            except BaseException:
                await connection.invalidate()
                raise

    async def _send(self, facts: Sequence[Waiting]) -> bool:
        """Whether these facts of one path have arrived: signal its workflow, after starting it if need be."""
        first = facts[0]
        codes: dict[str, str | int] = {
            "sciezka.node": self._service.node,
            "sciezka.path": str(first.path_id),
            "sciezka.facts": len(facts),
        }
        try:
            async with self._calls, asyncio.timeout(_ATTEMPT_SECONDS):
                with tracing.span("wake", codes, kind="producer", parent=first.trace):
                    await self._signal(first.path_id, tuple(PathFact.model_validate_json(one.fact) for one in facts))
        except (RPCError, TimeoutError) as error:
            log.warning("wake_failed", path=str(first.path_id), attempts=first.attempts + 1, cause=type(error).__name__)
            return False
        return True

    async def _signal(self, path_id: UUID, facts: tuple[PathFact, ...]) -> None:
        await self._client.start_workflow(
            ClientPath.run,
            Agenda(path_id=path_id),
            id=workflow_id(path_id),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            # A workflow that somebody ended starts again: the path goes on, and its facts are in the database.
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="facts",
            start_signal_args=[facts],
        )

    async def _postpone(self, connection: AsyncConnection, heads: Sequence[Waiting]) -> None:
        """Try again later; what comes after a fact on its path waits with it."""
        delays = [self._delay(head.attempts) for head in heads]
        await connection.execute(_POSTPONE, {"rows": [head.pos for head in heads], "delays": delays})

    def _delay(self, attempts: int) -> timedelta:
        return timedelta(seconds=self._delays[min(attempts, len(self._delays) - 1)])


async def take_turn(session: AsyncSession) -> None:
    """Let nobody else send facts until this transaction ends: those of a path must not overtake each other."""
    await session.execute(text(f"select pg_advisory_xact_lock({_TURN})"))


async def _waiting(connection: AsyncConnection) -> list[list[Waiting]]:
    """The facts to send now, by path: the oldest first, and none whose path waits for its time to come."""
    of_path: dict[UUID, list[Waiting]] = defaultdict(list)
    for row in (await connection.execute(_WAITING, {"most": _FACTS_AT_ONCE})).mappings():
        of_path[row["path_id"]].append(Waiting(**row))
    return [facts[:_FACTS_A_SIGNAL] for facts in of_path.values()]
