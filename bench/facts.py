"""The product's path facts: from events at the path node until the workflows have taken them in."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import nats
from nats.js import JetStreamContext
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from bench.raw import throughput
from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import ReferralDelivered, ReferralFact, ReferralSubmitted
from contracts.ids import case_number, workflow_id
from contracts.subjects import PATH_NODE, inbox_prefix, stream_name, subject
from stack.secrets import Secrets
from workflows.path import ClientPath
from workflows.worker import connect

FACTS = 2
"""Facts of each path: a referral is sent, and delivered."""


@dataclass
class Road:
    """The way of two institutions' nodes to the path node, in their own names; their links stay as they are."""

    directory: Directory
    nodes: dict[str, JetStreamContext]
    sender: str
    receiver: str

    async def travel(self) -> UUID:
        """A referral on a path of its own; returns the path."""
        now, path_id, referral_id = datetime.now(UTC), uuid4(), uuid4()
        about = {"path_id": path_id, "at": now, "referral_id": referral_id, "custodian": self.sender}
        about |= {"sender": self.sender, "receiver": self.receiver}
        number = case_number(referral_id, now.year)
        first = about | {"version": 1, "number": number, "kind": "service", "urgency": "normal"}
        await self._publish(ReferralSubmitted.model_validate(first), self.sender)
        second = about | {"version": 2, "status": "delivered", "by": "system"}
        await self._publish(ReferralDelivered.model_validate(second), self.receiver)
        return path_id

    async def _publish(self, event: ReferralSubmitted | ReferralFact, writer: str) -> None:
        identity, node = uuid4(), self.directory[writer].node
        envelope = Envelope(
            id=identity, type=event.type(), source=writer, subject=event.path_id, time=event.at,
            version=event.version, correlation_id=identity,
        )  # fmt: skip
        await self.nodes[node].publish(
            subject(event, source=node, target=PATH_NODE),
            event.model_dump_json().encode(),
            stream=stream_name(PATH_NODE),
            headers=envelope.headers(),
        )


async def measure_facts(
    *, nats_url: str, secrets: Secrets, temporal_address: str, directory: Directory,
    sender: str, receiver: str, paths: int, at_once: int,
) -> float:  # fmt: skip
    """Facts a second, from the first event published until the last workflow shows both facts of its path."""
    async with AsyncExitStack() as stack:
        nodes = {}
        for node in {directory[sender].node, directory[receiver].node}:
            connection = await nats.connect(
                nats_url,
                user=node,
                password=secrets.nats_password(node),
                inbox_prefix=inbox_prefix(node).encode(),
            )
            stack.push_async_callback(connection.close)
            nodes[node] = connection.jetstream()
        road, client = Road(directory, nodes, sender, receiver), await connect(temporal_address)
        travelled: list[UUID] = []

        async def once() -> None:
            travelled.append(await road.travel())

        begun = time.perf_counter()
        await throughput(once, at_once, paths)
        end = time.perf_counter()
        # From the last one backwards: when it is done, hardly any other is not, and looking costs little.
        for path_id in reversed(travelled):
            end = max(end, await _taken_in(client, path_id))
        return paths * FACTS / (end - begun)


async def _taken_in(client: Client, path_id: UUID) -> float:
    """When the workflow was seen with all its facts; 0 when it had them at the first look, and nobody waited for it."""
    handle, seen = client.get_workflow_handle_for(ClientPath.run, workflow_id(path_id)), 0.0
    while True:
        try:
            if (await handle.query(ClientPath.view)).version >= FACTS:
                return seen
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
        await asyncio.sleep(0.5)  # looking is work for the worker, too
        seen = time.perf_counter()
