"""Streams and consumers, made from the table in `contracts.subjects`. Idempotent; nothing else ever declares them."""

from collections.abc import Iterable

import nats
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from contracts.subjects import StreamSpec, stream_specs
from services.kit.broker import consumer_config, stream_config


async def provision(url: str, user: str, password: str, nodes: Iterable[str]) -> None:
    """Make every stream and consumer as the table says, as a user who may. Raises what nats-py raises."""
    client = await nats.connect(url, user=user, password=password)
    try:
        jetstream = client.jetstream()
        for spec in stream_specs(nodes):
            await _provision(jetstream, spec)
    finally:
        await client.close()


async def _provision(jetstream: JetStreamContext, spec: StreamSpec) -> None:
    wanted = stream_config(spec)
    try:
        await jetstream.stream_info(spec.name)
    except NotFoundError:
        await jetstream.add_stream(wanted)
    else:
        await jetstream.update_stream(wanted)
    for consumer in spec.consumers:
        await jetstream.add_consumer(spec.name, consumer_config(consumer))
