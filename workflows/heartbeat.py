"""The heartbeat of the path node: tells every node how fresh its copies of paths are."""

import asyncio
from datetime import datetime

from faststream.nats import NatsBroker
from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.control import HEARTBEAT, Heartbeat
from contracts.subjects import control_subject
from services.kit.plumbing import LinkHead, OutboxRow
from services.kit.service import Service
from workflows.loops import for_ever

EVERY_SECONDS = 2.0


async def heartbeats(session: AsyncSession, nodes: tuple[str, ...], now: datetime) -> dict[str, Heartbeat]:
    """The heartbeat for each of these nodes but those for which an event still waits to be sent."""
    unsent = select(col(OutboxRow.target)).where(col(OutboxRow.sent_at).is_(None)).distinct()
    waiting = set((await session.execute(unsent)).scalars())
    heads = {head.target: head.seq for head in (await session.execute(select(LinkHead))).scalars()}
    return {node: Heartbeat(at=now, linkseq=heads.get(node, 0)) for node in nodes if node not in waiting}


async def beat(service: Service, broker: NatsBroker) -> None:
    """Publish one heartbeat per node, as core NATS messages: a lost one is replaced by the next."""
    async with service.database.transaction() as session:
        now = await service.clock.now(session)
        beats = await heartbeats(session, service.directory.nodes, now)
    for node, heartbeat in beats.items():
        subject = control_subject(service.node, node, HEARTBEAT)
        await broker.publish(heartbeat.model_dump_json().encode(), subject)


async def run(service: Service, broker: NatsBroker) -> None:
    """Beat for ever."""

    async def step() -> None:
        await beat(service, broker)
        await asyncio.sleep(EVERY_SECONDS)

    await for_ever("heartbeat", step)
