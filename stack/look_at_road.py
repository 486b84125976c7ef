"""The doctor at NATS: is it there, does it write at once, has it room, is the road as it was laid."""

from collections.abc import Iterable

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError

from contracts.subjects import stream_name
from services.kit.broker import OLDEST_SERVER, Drift, check_drift
from services.kit.watch import server_state
from stack.findings import Check, judged, well, wrong
from stack.probes import ask_nats
from stack.servers.nats import ADMIN

FULL = 0.85
"""Part of the space that may be taken."""


async def look_at_nats(url: str, admin_password: str, nodes: Iterable[str]) -> list[Check]:
    """Everything that can be asked of NATS."""
    try:
        client = await ask_nats(url, ADMIN, admin_password)
        try:
            found = client.connected_server_version
            jetstream = client.jetstream()
            await jetstream.account_info()
            road = [check for node in nodes for check in await _stream(jetstream, node)]
        finally:
            await client.close()
    except (NatsError, JetStreamError, OSError, TimeoutError) as error:
        return [wrong("nats", "nats", cause=type(error).__name__)]
    version, oldest = (found.major, found.minor, found.patch), OLDEST_SERVER
    texts = {"version": ".".join(map(str, version)), "oldest": ".".join(map(str, oldest))}
    checks = [well("nats", "nats", **texts), judged("nats_old", "nats/version", version >= oldest, **texts)]
    return [*checks, *await _server(url, admin_password), *road]


async def _server(url: str, admin_password: str) -> list[Check]:
    try:
        state = await server_state(url, admin_password)
    except (NatsError, OSError) as error:
        return [wrong("nats_silent", "nats/sync", cause=type(error).__name__)]
    return [judged("nats_sync", "nats/sync", state.synced), _room("nats/storage", state.storage, state.max_storage)]


async def _stream(jetstream: JetStreamContext, node: str) -> list[Check]:
    """The stream of one node and its consumers."""
    part = f"nats/{stream_name(node)}"
    try:
        await check_drift(jetstream, node)
    except Drift as error:
        return [wrong("road", part, what=error)]
    info = await jetstream.stream_info(stream_name(node))
    return [well("road", part), *_limited(part, info.state.bytes, info.config.max_bytes)]


def _limited(part: str, taken: int, limit: int | None) -> list[Check]:
    return [_room(part, taken, limit)] if limit and limit > 0 else []


def _room(part: str, taken: int, limit: int) -> Check:
    return judged("nats_storage", part, taken < FULL * limit, percent=round(100 * taken / limit) if limit else 0)
