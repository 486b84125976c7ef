"""Dead letters from outside: what waits for a person, and sending one again once its cause is mended."""

from pathlib import Path
from typing import Any
from uuid import UUID

import nats
from sqlmodel import select

from contracts.directory import Directory
from contracts.subjects import PATH_NODE, services_of, stream_name
from services.kit.database import Database
from services.kit.dead_letters import DeadLetters
from services.kit.plumbing import DeadLetter
from services.kit.settings import Settings
from stack.databases import node_database
from stack.errors import StackError
from stack.institutions import read_directory
from stack.secrets import read
from stack.servers.nats import ADMIN


async def list_(data: Path) -> list[dict[str, Any]]:
    """The dead letters of all services, oldest first: where, why, since when. Bodies are not shown."""
    letters = []
    for node, service in _services(read_directory(data)):
        database = node_database(Settings().database_url, data, node, service)
        try:
            waiting = await DeadLetters(database).waiting()
        finally:
            await database.close()
        letters += [
            {"id": row.id, "node": node, "service": service, "subject": row.subject, "cause": row.cause}
            | {"attempts": row.attempts, "first_at": row.first_at, "last_at": row.last_at}
            for row in waiting
        ]
    return sorted(letters, key=lambda letter: letter["first_at"])


async def retry(data: Path, letter: str) -> None:
    """Send the message again, under a new message id and its own event id. Raises StackError."""
    try:
        wanted = UUID(letter)
    except ValueError:
        raise _unknown(letter) from None
    for node, service in _services(read_directory(data)):
        database = node_database(Settings().database_url, data, node, service)
        try:
            if await _send_again(data, database, node, wanted):
                return
        finally:
            await database.close()
    raise _unknown(letter)


async def _send_again(data: Path, database: Database, node: str, wanted: UUID) -> bool:
    async with database.transaction() as session:
        row = (await session.exec(select(DeadLetter).where(DeadLetter.id == wanted).with_for_update())).one_or_none()
        if row is None or row.state != "dead":
            return False
        client = await nats.connect(Settings().nats_url, user=ADMIN, password=read(data).nats_admin)
        try:
            headers = row.headers | {"Nats-Msg-Id": f"{row.id}.r{row.attempts}"}
            await client.jetstream().publish(row.subject, row.body, stream=stream_name(node), headers=headers)
        finally:
            await client.close()
        row.state = "resolved"
        session.add(row)
    return True


def _services(directory: Directory) -> list[tuple[str, str]]:
    return [(node, service) for node in (*directory.nodes, PATH_NODE) for service in services_of(node)]


def _unknown(letter: str) -> StackError:
    return StackError(f"Nie ma takiego zdarzenia: {letter}.", "Sprawdź listę: sciezka deadletters list.")
