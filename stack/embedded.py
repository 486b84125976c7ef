"""Which servers run here and which the environment gives; where all of them are."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from stack.environment import DATABASE, NATS, TEMPORAL, Addresses, given
from stack.errors import StackError
from stack.parts import Part
from stack.ports import free_ports
from stack.probes import accepts
from stack.secrets import Secrets
from stack.servers.nats import nats_part, nats_url
from stack.servers.postgres import database_url, postgres_part
from stack.servers.temporal import temporal_address, temporal_part

_PORTS = {NATS: 4222, DATABASE: 5432, TEMPORAL: 7233}


@dataclass(frozen=True)
class Servers:
    """The addresses of all three servers, and the parts for those that are run here."""

    addresses: Addresses
    parts: tuple[Part, ...]


def embedded(data: Path, secrets: Secrets) -> Servers:
    """Parts on free ports for the servers whose address the environment does not give. Raises StackError."""
    database, nats, temporal = given(DATABASE), given(NATS), given(TEMPORAL)
    database_port, nats_port, temporal_port, temporal_http_port = free_ports(4)
    parts = []
    if database is None:
        database = database_url(database_port, secrets.postgres_admin)
        parts.append(postgres_part(data, database_port, secrets.postgres_admin))
    if nats is None:
        nats = nats_url(nats_port)
        parts.append(nats_part(data, nats_port, secrets))
    if temporal is None:
        temporal = temporal_address(temporal_port)
        parts.append(temporal_part(data, temporal_port, temporal_http_port))
    return Servers(Addresses(nats=nats, temporal=temporal, database=database), tuple(parts))


async def require_given() -> None:
    """Raises StackError when a server that the environment gives does not take connections."""
    for name, usual_port in _PORTS.items():
        address = given(name)
        if address is not None:
            split = urlsplit(address if "//" in address else f"//{address}")
            host, port = split.hostname or "", split.port or usual_port
            if not await accepts(host, port):
                raise StackError(
                    f"Serwer ze zmiennej {name} nie odpowiada ({host}:{port}).",
                    "Uruchom go, popraw adres albo usuń zmienną: wtedy Ścieżka uruchomi własny.",
                )
