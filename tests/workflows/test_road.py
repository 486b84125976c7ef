"""The path node on the road: events in from NATS, pictures out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import nats
import pytest_asyncio
from faststream.nats import NatsBroker
from nats.aio.client import Client as Nats

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
from tests.workflows.deliveries import delivery_of, inbox_of, rows
from tests.workflows.examples import PATH_ID, Referral, Story
from workflows.bridge import handlers
from workflows.queries import path_view
from workflows.tables import FactRow
from workflows.telling import tell


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
    await tell(service)
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
