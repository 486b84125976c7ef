"""Is this process alive, and can it do its work? Liveness asks nobody else; readiness asks everybody it needs."""

from collections.abc import Mapping

import nats.errors
import structlog
from faststream.nats import NatsBroker

from services.kit.database import Database
from services.kit.outages import DATABASE_ERRORS
from services.kit.watch import server_state

log = structlog.get_logger()

UNSYNCED = "nats sync_interval is not always: what it acknowledges may be lost with the power"


async def unready(broker: NatsBroker, databases: Mapping[str, Database]) -> list[str]:
    """The parts this process needs and cannot reach now; empty when it is ready."""
    missing = [] if await broker.ping(timeout=2) else ["nats"]
    for service, database in databases.items():
        try:
            await database.ping()
        except DATABASE_ERRORS:
            missing.append(f"database {service}")
    return missing


class Syncing:
    """Whether the server writes to the disk before it acknowledges. Asked once in the life of each server: it reads its
    settings when it starts."""

    def __init__(self, broker: NatsBroker, url: str, admin_password: str) -> None:
        self._broker = broker
        self._url = url
        self._admin_password = admin_password
        self._asked: str | None = None
        self._synced = False

    async def __call__(self) -> list[str]:
        """What is wrong, in words; nothing when all is well."""
        server = self._broker.connection._server_info.get("server_id")
        if server != self._asked:
            try:
                state = await server_state(self._url, self._admin_password)
            except (nats.errors.Error, OSError) as error:
                return [f"nats does not tell its sync_interval ({type(error).__name__})"]
            self._asked, self._synced = server, state.synced
            if not state.synced:
                log.error("nats_unsynced", said=UNSYNCED)
        return [] if self._synced else [UNSYNCED]
