"""Streams and consumers, made from the table in `contracts.subjects`. Idempotent; nothing else ever declares them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import nats
import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from contracts.subjects import StreamSpec, stream_specs
from services.kit.broker import Drift, check_drift, consumer_config, stream_config
from services.kit.loops import end_if_told

log = structlog.get_logger()

KEEP_SECONDS = 2.0


async def provision(url: str, user: str, password: str, nodes: Iterable[str]) -> None:
    """Make every stream and consumer as the table says, as a user who may. Raises what nats-py raises."""
    async with _administering(url, user, password) as jetstream:
        for spec in stream_specs(nodes):
            await _provision(jetstream, spec)


async def keep(
    url: str,
    user: str,
    password: str,
    nodes: Iterable[str],
    told: Callable[[str], None],
    *,
    every: float = KEEP_SECONDS,
) -> None:
    """Keep every stream and consumer as the table says, for ever, whoever deletes or changes them and whatever the
    server loses. `told` is given each thing that was mended."""
    specs = stream_specs(nodes)
    while True:
        try:
            async with _administering(url, user, password) as jetstream:
                while True:
                    for spec in specs:
                        await _mend(jetstream, spec, told)
                    end_if_told()
                    await asyncio.sleep(every)
        except (OSError, nats.errors.Error, JetStreamError) as error:
            log.warning("keeper_paused", cause=type(error).__name__)
            end_if_told()
            await asyncio.sleep(every)


@asynccontextmanager
async def _administering(url: str, user: str, password: str) -> AsyncIterator[JetStreamContext]:
    """One connection, given up when it breaks: the next one starts with a new look."""
    client = await nats.connect(url, user=user, password=password, allow_reconnect=False, error_cb=_silent)
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def _silent(_error: Exception) -> None:
    """What it says is raised as well, to whoever asked."""


async def _mend(jetstream: JetStreamContext, spec: StreamSpec, told: Callable[[str], None]) -> None:
    try:
        await check_drift(jetstream, spec.node)
    except Drift as drift:
        await _provision(jetstream, spec)
        told(str(drift))
    await _set_back(jetstream, spec, told)


async def _set_back(jetstream: JetStreamContext, spec: StreamSpec, told: Callable[[str], None]) -> None:
    """Make anew each consumer that is further than its stream, as one is after the stream lost its end.

    The server would never deliver to it what is then written under numbers that it believes to have passed. A new one
    is given everything again, and its service knows what it has; the desk asks for everything again. Consumers are
    looked at first: what arrives meanwhile must not make them seem to be ahead.
    """
    infos = [await jetstream.consumer_info(spec.name, consumer.durable) for consumer in spec.consumers]
    last = (await jetstream.stream_info(spec.name)).state.last_seq
    for consumer, info in zip(spec.consumers, infos, strict=True):
        if info.delivered is not None and info.delivered.stream_seq > last:
            await jetstream.delete_consumer(spec.name, consumer.durable)
            await jetstream.add_consumer(spec.name, consumer_config(consumer))
            told(f"{spec.name}.{consumer.durable} was further than its stream")


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
