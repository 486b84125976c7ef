"""Databases of nodes as their own services reach them, for the commands that look in from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from contracts.subjects import PATH_NODE, services_of
from services.kit.database import Database, service_url
from services.kit.letters import Place
from services.kit.settings import Settings
from stack.errors import StackError
from stack.institutions import read_directory
from stack.secrets import read


def node_database(admin_url: str, data: Path, node: str, service: str) -> Database:
    """The tables of one service of a node. To be closed by the caller. Raises StackError."""
    return Database(service_url(admin_url, node, service, read(data).database_password(node, service)))


def places(data: Path) -> list[Place]:
    """Every service of every node. Raises StackError."""
    nodes = (*read_directory(data).nodes, PATH_NODE)
    return [Place(node, service) for node in nodes for service in services_of(node)]


@asynccontextmanager
async def opened(data: Path, place: Place) -> AsyncIterator[Database]:
    """The tables of one service for a while. Raises StackError, also when the database does not answer."""
    database = node_database(Settings().database_url, data, place.node, place.service)
    try:
        yield database
    except (DBAPIError, OSError) as error:
        raise StackError(f"Baza węzła {place.node} nie odpowiada.", "Sprawdź: sciezka doctor.") from error
    finally:
        await database.close()
