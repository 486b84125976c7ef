"""Databases of a node as its own services reach them, for the commands that look in from outside."""

from pathlib import Path

from services.kit.database import Database, service_url
from stack.secrets import read


def node_database(admin_url: str, data: Path, node: str, service: str) -> Database:
    """The tables of one service of a node. To be closed by the caller. Raises StackError."""
    return Database(service_url(admin_url, node, service, read(data).database_password(node, service)))
