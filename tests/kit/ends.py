"""Both ends of the road's link at work: relay and heartbeats on one side, inbox, receipts and requests on the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from services.kit.broker import Drift, Reader, check_drift, make_broker
from services.kit.calm import calm
from services.kit.clock import DatabaseClock
from services.kit.dead_letters import DeadLetters
from services.kit.outbox import outbox_channel
from services.kit.patience import Waits
from services.kit.relay import Relay
from services.kit.service import Service
from services.kit.signing import ensure_signing_keys, load_signer
from services.kit.talk import Talk
from services.kit.wake import Bell, Listener
from stack.ends import Pace, reading_end, writing_end
from stack.provisioning import keep
from stack.servers.nats import ADMIN
from tests.kit.road import DIRECTORY, PATH, QUICK, SOURCE, TARGET, Road, ended
from tests.nodes import eventually

NODES = (SOURCE, TARGET, PATH)
PACE = Pace(heartbeat=0.1, moving=0.05, idle=0.5, look=0.1, waits=Waits(plain=0.3, unclear=3.0, first=0.5, longest=2.0))


@dataclass(frozen=True)
class End:
    """One service at one end, and what it talks with."""

    service: Service
    talk: Talk


def writer_of(road: Road) -> Service:
    return Service("intake", SOURCE, DIRECTORY, road.sender, DatabaseClock())


def reader_of(road: Road) -> Service:
    return Service("referral", TARGET, DIRECTORY, road.receiver, DatabaseClock())


def end_of(road: Road, service: Service, data: Path) -> End:
    ensure_signing_keys(data, NODES)
    broker = make_broker(service.node, road.nats.address, road.secrets.nats_password(service.node))
    return End(service, Talk(broker, load_signer(data, service.node)))


@asynccontextmanager
async def connected(end: End) -> AsyncIterator[End]:
    """The end with its voice only: for tests that call it step by step."""
    await end.talk.broker.connect()
    try:
        yield end
    finally:
        await end.talk.broker.stop()


@asynccontextmanager
async def writing(road: Road, data: Path) -> AsyncIterator[End]:
    """The writer's end at work."""
    end = end_of(road, writer_of(road), data)
    broker, listener = end.talk.broker, Listener(road.sender.url)
    relay = Relay(
        node=SOURCE,
        service="intake",
        database=road.sender,
        broker=broker,
        bell=listener.bell(outbox_channel("intake")),
    )
    async with _at_work(end, relay.run(), listener.run(), *writing_end(end.service, end.talk, pace=PACE)):
        yield end


@asynccontextmanager
async def reading(road: Road, data: Path) -> AsyncIterator[End]:
    """The reader's end at work."""
    end = end_of(road, reader_of(road), data)
    arrived = Bell()
    reader = Reader(TARGET, "referral", road.inbox(arrived), DeadLetters(road.receiver), QUICK)
    end.talk.broker.include_router(reader.router(road.effects.handlers()))
    async with _at_work(end, *reading_end(end.service, end.talk, arrived, pace=PACE)):
        yield end


@asynccontextmanager
async def _at_work(end: End, *work: object) -> AsyncIterator[None]:
    await end.talk.broker.start()
    calm(end.talk.broker)
    tasks = [asyncio.create_task(part) for part in work]  # type: ignore[arg-type]
    try:
        yield
        assert [task for task in tasks if task.done()] == []
    finally:
        await ended(*tasks)
        await end.talk.broker.stop()


@asynccontextmanager
async def kept(road: Road) -> AsyncIterator[list[str]]:
    """The keeper of streams and consumers at work, its first round done; what it has mended."""
    mended: list[str] = []
    task = asyncio.create_task(keep(road.nats.address, ADMIN, road.secrets.nats_admin, NODES, mended.append, every=0.2))
    try:
        await eventually(lambda: _as_the_table_says(road))
        yield mended
    finally:
        await ended(task)


async def _as_the_table_says(road: Road) -> bool:
    async with road.client(ADMIN) as client:
        try:
            for node in NODES:
                await check_drift(client.jetstream(), node)
        except Drift:
            return False
    return True


async def everything_arrived(road: Road, events: list[UUID], *, within: float = 40.0) -> None:
    """Return once each of these had its one effect and both ends of the link stand at the same number and hash."""

    async def both_ends_agree() -> bool:
        if sorted(await road.applied()) != sorted(events):
            return False
        heads = await road.rows(road.sender, f"select seq, hash from link_head where target = '{TARGET}'")
        return [tuple(row) for row in heads] == [
            tuple(row) for row in await road.rows(road.receiver, "select seq, hash from link_cursor")
        ]

    await eventually(both_ends_agree, within=within)
    assert await road.rows(road.receiver, "select * from dead_letter") == []
    for database in (road.sender, road.receiver):
        assert await road.rows(database, "select * from link_alarm") == []
