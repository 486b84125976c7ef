"""What must be there before a node can start: directory, keys, databases, streams, credentials. Idempotent."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from contracts.directory import Agency, Directory
from contracts.subjects import DESK, PATH_NODE
from services.desk.reading import reader_token
from services.edge.tokens import Tokens
from services.kit.clock import DatabaseClock
from services.kit.database import Database, service_url
from services.kit.keyring import ensure_keys
from services.kit.settings import Settings
from stack import migrations, provisioning
from stack.credentials import Credentials, ensure_credentials, register
from stack.institutions import ensure_directory, read_directory
from stack.secrets import Secrets, ensure, read
from stack.servers.nats import ADMIN


def all_nodes(directory: Directory) -> tuple[str, ...]:
    """The nodes of institutions and the path node."""
    return (*directory.nodes, PATH_NODE)


async def prepare(data: Path, urls: dict[str, str]) -> None:
    """Everything, for the nodes of the directory; `urls` are the addresses at which they will serve."""
    directory = ensure_directory(data)
    await asyncio.gather(migrate(data), provision(data))
    await _let_in(data, directory, urls)


async def migrate(data: Path) -> None:
    """Keys, databases, roles and migrations."""
    nodes = all_nodes(ensure_directory(data))
    ensure_keys(data, nodes)
    await migrations.migrate(Settings().database_url, nodes, ensure(data, nodes))


async def provision(data: Path) -> None:
    """Streams and consumers."""
    nodes = all_nodes(ensure_directory(data))
    await provisioning.provision(Settings().nats_url, ADMIN, ensure(data, nodes).nats_admin, nodes)


async def keep_provisioned(data: Path, told: Callable[[str], None]) -> None:
    """Keep streams and consumers as they must be, for ever; `told` is given each thing that was mended."""
    nodes = all_nodes(read_directory(data))
    await provisioning.keep(Settings().nats_url, ADMIN, read(data).nats_admin, nodes, told)


async def _let_in(data: Path, directory: Directory, urls: dict[str, str]) -> None:
    """Tokens and accounts of every institution, at its node."""
    credentials = ensure_credentials(data, directory, urls, training=Settings().training)
    secrets = ensure(data, all_nodes(directory))
    await asyncio.gather(*(_register(node, directory, credentials, secrets) for node in directory.nodes))


async def _let_the_desk_read(tokens: Tokens, agencies: list[Agency], password: str) -> None:
    """A token without any role for each institution: it opens ids and codes, and nothing about a person."""
    for agency in agencies:
        await tokens.register_agency(agency.slug, reader_token(password, agency.slug), ())


async def _register(node: str, directory: Directory, credentials: Credentials, secrets: Secrets) -> None:
    password = secrets.database_password(node, "edge")
    database = Database(service_url(Settings().database_url, node, "edge", password))
    try:
        agencies = [agency for agency in directory.agencies if agency.node == node]
        await register(database, DatabaseClock(), agencies, credentials)
        await _let_the_desk_read(Tokens(database, DatabaseClock()), agencies, secrets.database_password(node, DESK))
    finally:
        await database.close()
