"""Where the servers are: the environment says it, otherwise the record of the running `up`."""

import os
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.processes import is_alive
from stack.record import read

DATA = "SCIEZKA_DATA"
NATS, TEMPORAL, DATABASE = "NATS_URL", "TEMPORAL_ADDRESS", "DATABASE_URL"
TRAINING = "SCIEZKA_TRAINING"


@dataclass(frozen=True)
class Addresses:
    """NATS without a user, Temporal as host:port, PostgreSQL as the administrator's URL."""

    nats: str
    temporal: str
    database: str


def given(name: str) -> str | None:
    """The address of a server of our own choice, which is then not started here; empty counts as not given."""
    return os.environ.get(name) or None


def export(data: Path) -> None:
    """Put the addresses and the data folder into the environment, where settings are read.

    What the environment says already stays. Raises StackError when it does not say all and nothing runs here.
    """
    record = read(data)
    if record is not None and not is_alive(record.process):
        record = None
    nats = given(NATS) or (record.nats_url if record else None)
    temporal = given(TEMPORAL) or (record.temporal_address if record else None)
    database = given(DATABASE) or (record.database_url if record else None)
    if nats is None or temporal is None or database is None:
        raise StackError(f"Ścieżka nie działa na katalogu danych {data}.", "Uruchom ją: sciezka up.")
    put(data, Addresses(nats=nats, temporal=temporal, database=database))


def put(data: Path, addresses: Addresses) -> None:
    """Set the variables that settings read."""
    os.environ[DATA] = str(data.absolute())
    os.environ[NATS] = addresses.nats
    os.environ[TEMPORAL] = addresses.temporal
    os.environ[DATABASE] = addresses.database
