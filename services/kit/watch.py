"""What a NATS server says of itself: whether a write is on the disk when it is acknowledged, and how full the disk is.

The server tells it to a user of its system account only, who may ask this one question and nothing else. The user's
password follows from the administrator's, so that there is one secret less to keep.
"""

import hmac
import json
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client

USER = "watch"
SUBJECT = "$SYS.REQ.SERVER.PING.VARZ"
INBOX = f"_INBOX_{USER}"

_SECONDS = 2


@dataclass(frozen=True)
class ServerState:
    """`synced`: every write is on the disk before it is acknowledged. Storage in bytes."""

    synced: bool
    storage: int
    max_storage: int


def watch_password(admin_password: str) -> str:
    """The password of the user who may ask."""
    return hmac.digest(admin_password.encode(), USER.encode(), "sha256").hex()


async def server_state(url: str, admin_password: str) -> ServerState:
    """Ask the server. Raises nats.errors.Error or OSError, also when it does not know the user."""
    client = Client()
    try:
        await client.connect(
            url,
            user=USER,
            password=watch_password(admin_password),
            inbox_prefix=INBOX,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=_SECONDS,
            error_cb=_silent,
        )
        answer = await client.request(SUBJECT, timeout=_SECONDS)
    finally:
        await client.close()  # also one that was refused: it has kept its socket
    return _read(json.loads(answer.data)["data"]["jetstream"])


def _read(jetstream: dict[str, Any]) -> ServerState:
    config = jetstream["config"]
    return ServerState(
        synced=bool(config.get("sync_always")),
        storage=jetstream["stats"]["storage"],
        max_storage=config["max_storage"],
    )


async def _silent(_error: Exception) -> None:
    """A refusal is the answer here, not an event to print."""
