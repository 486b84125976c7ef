"""The raw chain: what the same servers do with the same bodies when nothing of ours stands between.

Hand-over: PostgreSQL commit, JetStream publish with receipt, PostgreSQL commit at the reader.
Path: a signal to a workflow and one local activity for it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
import nats
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import StorageType, StreamConfig
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker

from bench.measure import Latency

T = TypeVar("T")
_USE_EXISTING = WorkflowIDConflictPolicy.USE_EXISTING
_STREAM = "BENCH"
_SUBJECT = "bench.raw"
_TABLES = """
drop table if exists bench_sent, bench_received;
create table bench_sent (id uuid primary key, body bytea not null);
create table bench_received (id uuid primary key, body bytea not null);
"""


@dataclass
class RawChain:
    """Two tables and a stream, with one reader that takes batches."""

    pool: asyncpg.Pool
    jetstream: JetStreamContext
    body: bytes
    arrived: dict[UUID, float] = field(default_factory=dict)
    expected: dict[UUID, asyncio.Future[None]] = field(default_factory=dict)

    async def hand_over(self) -> float:
        """One message through the chain; seconds from before the first commit to after the second."""
        identity, begun = uuid4(), time.perf_counter()
        self.expected[identity] = asyncio.get_running_loop().create_future()
        await self.pool.execute("insert into bench_sent values ($1, $2)", identity, self.body)
        await self.jetstream.publish(_SUBJECT, self.body, stream=_STREAM, headers={"Nats-Msg-Id": str(identity)})
        await self.expected[identity]
        return self.arrived[identity] - begun

    async def read(self) -> None:
        """Take messages until cancelled."""
        subscription = await self.jetstream.pull_subscribe(_SUBJECT, durable="bench", stream=_STREAM)
        while True:
            try:
                batch = await subscription.fetch(32, timeout=1)
            except TimeoutError:
                continue
            await asyncio.gather(*(self._take(message) for message in batch))

    async def _take(self, message: Msg) -> None:
        identity = UUID((message.headers or {})["Nats-Msg-Id"])
        await self.pool.execute("insert into bench_received values ($1, $2)", identity, message.data)
        await message.ack()
        self.arrived[identity] = time.perf_counter()
        self.expected[identity].set_result(None)


async def measure_chain(
    *, database_url: str, nats_url: str, nats_password: str, body: bytes, clients: int, count: int, per_second: int
) -> tuple[float, Latency]:
    """Hand-overs a second with so many clients, and the latency at a quiet rate."""
    pool = await asyncpg.create_pool(database_url, min_size=8, max_size=8)
    connection = await nats.connect(nats_url, user="admin", password=nats_password)
    try:
        await pool.execute(_TABLES)
        jetstream = connection.jetstream()
        await jetstream.add_stream(StreamConfig(name=_STREAM, subjects=[_SUBJECT], storage=StorageType.FILE))
        chain = RawChain(pool, jetstream, body)
        reader = asyncio.create_task(chain.read())
        rate = await throughput(chain.hand_over, clients, count)
        latency = Latency.of(await paced(chain.hand_over, per_second, count // 4))
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        await jetstream.delete_stream(_STREAM)
        return rate, latency
    finally:
        await connection.close()
        await pool.close()


async def throughput(once: Callable[[], Awaitable[object]], clients: int, count: int) -> float:
    """How often a second `once` is done by so many clients, each beginning again when it has finished."""
    left = iter(range(count))
    begun = time.perf_counter()

    async def client() -> None:
        for _ in left:
            await once()

    await asyncio.gather(*(client() for _ in range(clients)))
    return count / (time.perf_counter() - begun)


async def paced(once: Callable[[], Coroutine[Any, Any, T]], per_second: int, count: int) -> list[T]:
    """What `once` returns, begun at even intervals whether or not the one before has finished."""
    running = []
    begun = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
        running.append(asyncio.create_task(once()))
    return list(await asyncio.gather(*running))


@activity.defn
async def bench_effect(number: int) -> None:
    """Nothing: what is measured is the way to it.

    It touches no database, and neither does a workflow of ours for a fact on which nothing is due. That PostgreSQL has
    kept ours before it is on its way, and that institutions are told of it, is on our side of the comparison only.
    """


@workflow.defn(sandboxed=False)
class BenchPath:
    """Takes signals, does one local activity for each, and ends after the number it was told."""

    @workflow.init
    def __init__(self, expected: int) -> None:
        self._inbox: list[int] = []
        self._expected = expected

    @workflow.run
    async def run(self, expected: int) -> None:
        done = 0
        while done < self._expected:
            await workflow.wait_condition(lambda: bool(self._inbox))
            await workflow.execute_local_activity(
                bench_effect, self._inbox.pop(0), start_to_close_timeout=timedelta(seconds=10)
            )
            done += 1

    @workflow.signal
    def fact(self, number: int) -> None:
        self._inbox.append(number)


async def measure_facts(address: str, *, paths: int, facts: int, at_once: int) -> float:
    """Signals with one local activity each, a second: so many paths with so many facts each."""
    client = await Client.connect(address)
    turns = asyncio.Semaphore(at_once)
    async with Worker(client, task_queue="bench", workflows=[BenchPath], activities=[bench_effect]):
        begun = time.perf_counter()

        async def travel() -> None:
            identity = f"bench-{uuid4()}"
            for number in range(facts):
                async with turns:
                    handle = await client.start_workflow(
                        BenchPath.run, facts, id=identity, task_queue="bench",
                        id_conflict_policy=_USE_EXISTING, start_signal="fact", start_signal_args=[number],
                    )  # fmt: skip
            await handle.result()

        await asyncio.gather(*(travel() for _ in range(paths)))
        return paths * facts / (time.perf_counter() - begun)
