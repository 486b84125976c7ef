"""Telling an outage from a fault: an outage mends with time, a fault needs a person."""

import nats.errors
from asyncpg.exceptions import InterfaceError as ConnectionEnded
from asyncpg.exceptions import InternalClientError as EndedAmidAReply
from nats.js.errors import Error as JetStreamError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

DATABASE_ERRORS = (DBAPIError, PoolTimeout, OSError, ConnectionEnded, EndedAmidAReply)
"""Whatever a database may raise: what it answers, no connection free, none to be had, and one that ended while it was
being set up or answered, which SQLAlchemy hands on as the driver says it."""

_DOWN_STATES = ("08", "53", "57P", "XX000")
"""SQLSTATE: no connection; out of connections, memory or disk; starting up or shutting down; a server that is killed in
the middle of a statement may still say that something in it broke."""


def is_down(error: BaseException) -> bool:
    """Whether the failure is that of a dependency (database, broker, network), which time will mend."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or state.startswith(_DOWN_STATES):
            return True
    if isinstance(error, ConnectionEnded | EndedAmidAReply):
        return True
    return isinstance(
        error, OperationalError | InterfaceError | PoolTimeout | OSError | nats.errors.Error | JetStreamError
    )
