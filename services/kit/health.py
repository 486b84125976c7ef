"""Is this process alive, and can it do its work? Liveness asks nobody else; readiness asks everybody it needs."""

from collections.abc import Mapping

from faststream.nats import NatsBroker
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.kit.database import Database


async def unready(broker: NatsBroker, databases: Mapping[str, Database]) -> list[str]:
    """The parts this process needs and cannot reach now; empty when it is ready."""
    missing = [] if await broker.ping(timeout=2) else ["nats"]
    for service, database in databases.items():
        try:
            await database.ping()
        except (DBAPIError, PoolTimeout, OSError):
            missing.append(f"database {service}")
    return missing
