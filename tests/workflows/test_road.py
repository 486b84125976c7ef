"""The path node on the road: events in from NATS, pictures and heartbeats out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import nats
import pytest_asyncio
from faststream.nats import NatsBroker
from nats.aio.client import Client as Nats
from nats.aio.msg import Msg

from contracts.control import Heartbeat
from contracts.events import PathAdvanced
from contracts.subjects import inbox_prefix, stream_name
from services.kit.broker import Reader, make_broker
from services.kit.dead_letters import DeadLetters
from services.kit.relay import Relay
from services.kit.service import Service
from services.kit.wake import Bell
from stack.provisioning import provision
from stack.servers.nats import ADMIN
from tests.nodes import eventually
from tests.servers import EmbeddedServer, data_folder, running_nats
from tests.workflows.deliveries import deliver, delivery_of, inbox_of, rows
from tests.workflows.examples import PATH_ID, Referral, Story
from workflows import heartbeat
from workflows.bridge import handlers
from workflows.queries import path_view
from workflows.tables import FactRow


@dataclass
class Road:
    """A NATS server of these tests alone: elsewhere a path node may be reading."""

    server: EmbeddedServer
    path: NatsBroker
    ops: Nats

    async def publish(self, event: Story, service: Service, replay: int = 0) -> None:
        """Publish as the node of `ops`; a replay passes the broker's own recognition of duplicates."""
        delivery = delivery_of(event, service)
        subject = f"ev.{delivery.source}.path.{event.family}.{event.name}"
        headers = delivery.headers | {"Nats-Msg-Id": f"{delivery.envelope.id}.r{replay}"}
        await self.ops.jetstream().publish(subject, delivery.body, stream=stream_name("path"), headers=headers)


@pytest_asyncio.fixture(loop_scope="session")
async def road(service: Service) -> AsyncIterator[Road]:
    with data_folder() as data:
        async with running_nats(data) as server:
            secrets = server.secrets
            await provision(server.address, ADMIN, secrets.nats_admin, secrets.nodes)
            ops = await nats.connect(
                server.address,
                user="ops",
                password=secrets.nats_password("ops"),
                inbox_prefix=inbox_prefix("ops").encode(),
            )
            path = make_broker("path", server.address, secrets.nats_password("path"))
            path.include_router(
                Reader("path", "path", inbox_of(service), DeadLetters(service.database)).router(handlers(service))
            )
            await path.start()
            yield Road(server, path, ops)
            await path.stop()
            await ops.close()


@asynccontextmanager
async def relaying(service: Service, road: Road) -> AsyncIterator[None]:
    """The relay of the path node's outbox, at work."""
    relay = Relay(node="path", service="path", database=service.database, broker=road.path, bell=Bell())
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_event_on_the_road_comes_back_as_a_picture_of_the_path(service: Service, road: Road) -> None:
    pictures = await road.ops.jetstream().pull_subscribe_bind("paths", stream=stream_name("ops"))
    await road.publish(Referral().submitted().events[0], service)
    await eventually(lambda: _facts(service, 1))
    async with relaying(service, road):
        (message,) = await pictures.fetch(1, timeout=10)
    picture = PathAdvanced.model_validate_json(message.data)
    assert (picture.agency, picture.view) == ("ops-poraj", await path_view(service, PATH_ID))
    assert (message.headers or {})["ce-linkseq"] == "1"


async def test_an_event_that_comes_twice_on_the_road_is_one_fact(service: Service, road: Road) -> None:
    told = Referral(receiver="ops-poraj", kind="service").submitted().delivered()
    await road.publish(told.events[0], service)
    await road.publish(told.events[0], service, replay=1)
    await road.publish(told.events[1], service)
    await eventually(lambda: _facts(service, 2))


async def _facts(service: Service, wanted: int) -> bool:
    found = [row.event_id for row in await rows(service, FactRow)]
    assert len(found) == len(set(found))
    return len(found) == wanted


async def test_a_heartbeat_tells_up_to_which_number_everything_was_sent(service: Service, road: Road) -> None:
    heard = await heard_by(road.ops)
    await heartbeat.beat(service, road.path)
    assert (await next_of(heard)).linkseq == 0
    await deliver(service, Referral().submitted().delivered().events)
    async with relaying(service, road):
        await eventually(lambda: _beats_at(service, road, heard, 2))


async def _beats_at(service: Service, road: Road, heard: asyncio.Queue[Msg], linkseq: int) -> bool:
    await heartbeat.beat(service, road.path)
    return not heard.empty() and (await next_of(heard)).linkseq == linkseq


async def test_no_heartbeat_goes_to_a_node_for_which_an_event_is_unsent(service: Service, road: Road) -> None:
    heard = await heard_by(road.ops)
    await deliver(service, Referral(sender="pup-myszkow", receiver="cis-poraj").submitted().events)
    async with service.database.transaction() as session:
        now = await service.clock.now(session)
        beats = await heartbeat.heartbeats(session, service.directory.nodes, now)
    assert beats == {node: Heartbeat(at=now, linkseq=0) for node in ("ops", "owes")}
    await heartbeat.beat(service, road.path)
    assert (await next_of(heard)).at > now


async def heard_by(client: Nats) -> asyncio.Queue[Msg]:
    heard: asyncio.Queue[Msg] = asyncio.Queue()

    await client.subscribe("ctl.*.ops.heartbeat", cb=heard.put)
    await client.flush()
    return heard


async def next_of(heard: asyncio.Queue[Msg]) -> Heartbeat:
    async with asyncio.timeout(10):
        return Heartbeat.model_validate_json((await heard.get()).data)
