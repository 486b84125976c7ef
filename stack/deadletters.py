"""Dead letters of all nodes from outside: what waits for a person, and what the person decides.

A decision is only noted here; the service that could not handle the message carries it out, now or when it runs again.
"""

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from contracts.subjects import PATH_NODE, services_of
from contracts.worklist import DeadLetterDetail, DeadLetterItem, Decision, Wish
from services.kit.database import Database
from services.kit.decisions import NotWaiting, decide
from services.kit.letters import DEAD, EVERY, Place, Waiting, detail, item, letter, letters
from services.kit.settings import Settings
from stack.databases import node_database
from stack.errors import StackError
from stack.institutions import read_directory


async def list_(data: Path, *, every: bool = False) -> list[DeadLetterItem]:
    """What waits for a person at all nodes, oldest first; with `every` also what is still tried or was dealt with.

    Raises StackError.
    """
    found: list[DeadLetterItem] = []
    for place in _places(data):
        async with _database(data, place) as database, database.transaction() as session:
            waiting = await letters(session, states=EVERY if every else DEAD)
            found += [item(each, place, "pl") for each in waiting]
    return sorted(found, key=lambda each: each.first_at)


async def show(data: Path, given: str) -> DeadLetterDetail:
    """One letter, as far as it may be shown. Raises StackError."""
    wanted = _id(given)
    for place in _places(data):
        async with _database(data, place) as database, database.transaction() as session:
            if found := await letter(session, wanted):
                return detail(found, place, "pl")
    raise _unknown(given)


async def retry(data: Path, given: str) -> DeadLetterDetail:
    """Have the event handled once more; the letter with what came of it. Raises StackError."""
    return await _decide(data, given, "retry", None)


async def drop(data: Path, given: str, reason: str) -> DeadLetterDetail:
    """Give the event up, so that what waits behind it follows; the letter with what came of it. Raises StackError."""
    try:
        decision = Decision(reason=reason)
    except ValidationError:
        raise StackError("Powód musi mieć od 3 do 500 znaków.", "Podaj go: --reason 'dlaczego'.") from None
    return await _decide(data, given, "drop", decision.reason)


async def _decide(data: Path, given: str, what: Wish, reason: str | None) -> DeadLetterDetail:
    wanted = _id(given)
    for place in _places(data):
        async with _database(data, place) as database:
            if found := await _decided(database, wanted, what, reason):
                return detail(found, place, "pl")
    raise _unknown(given)


async def _decided(database: Database, wanted: UUID, what: Wish, reason: str | None) -> Waiting | None:
    try:
        return await decide(database, wanted, what, by=_operator(), reason=reason)
    except NotWaiting:
        raise StackError(
            "To zdarzenie nie czeka na decyzję: jest jeszcze ponawiane albo zostało już załatwione.",
            f"Sprawdź: sciezka deadletters show {wanted}.",
        ) from None


def _operator() -> str:
    """Whoever runs the command, as the operating system knows them."""
    try:
        return f"operator {getpass.getuser()}"
    except KeyError:  # an account without a name, as in containers
        return f"operator {os.getuid()}"


def _places(data: Path) -> list[Place]:
    nodes = (*read_directory(data).nodes, PATH_NODE)
    return [Place(node, service) for node in nodes for service in services_of(node)]


@asynccontextmanager
async def _database(data: Path, place: Place) -> AsyncIterator[Database]:
    database = node_database(Settings().database_url, data, place.node, place.service)
    try:
        yield database
    except (DBAPIError, OSError) as error:
        raise StackError(f"Baza węzła {place.node} nie odpowiada.", "Sprawdź: sciezka doctor.") from error
    finally:
        await database.close()


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise _unknown(given) from None


def _unknown(given: str) -> StackError:
    return StackError(f"Nie ma takiego zdarzenia: {given}.", "Sprawdź listę: sciezka deadletters list --all.")
