"""Dead letters of all nodes from outside: what waits for a person, and what the person decides.

A decision is only noted here; the service that could not handle the message carries it out, now or when it runs again.
"""

from pathlib import Path
from uuid import UUID

from contracts.worklist import DeadLetterDetail, DeadLetterItem, Wish
from services.kit.database import Database
from services.kit.decisions import NotWaiting, decide
from services.kit.letters import DEAD, EVERY, Waiting, detail, item, letter, letters
from stack.databases import opened, places
from stack.deciding import operator, why
from stack.errors import StackError


async def list_(data: Path, *, every: bool = False) -> list[DeadLetterItem]:
    """What waits for a person at all nodes, oldest first; with `every` also what is still tried or was dealt with.

    Raises StackError.
    """
    found: list[DeadLetterItem] = []
    for place in places(data):
        async with opened(data, place) as database, database.transaction() as session:
            waiting = await letters(session, states=EVERY if every else DEAD)
            found += [item(each, place, "pl") for each in waiting]
    return sorted(found, key=lambda each: each.first_at)


async def show(data: Path, given: str) -> DeadLetterDetail:
    """One letter, as far as it may be shown. Raises StackError."""
    wanted = _id(given)
    for place in places(data):
        async with opened(data, place) as database, database.transaction() as session:
            if found := await letter(session, wanted):
                return detail(found, place, "pl")
    raise _unknown(given)


async def retry(data: Path, given: str) -> DeadLetterDetail:
    """Have the event handled once more; the letter with what came of it. Raises StackError."""
    return await _decide(data, given, "retry", None)


async def drop(data: Path, given: str, reason: str) -> DeadLetterDetail:
    """Give the event up, so that what waits behind it follows; the letter with what came of it. Raises StackError."""
    return await _decide(data, given, "drop", why(reason))


async def _decide(data: Path, given: str, what: Wish, reason: str | None) -> DeadLetterDetail:
    wanted = _id(given)
    for place in places(data):
        async with opened(data, place) as database:
            if found := await _decided(database, wanted, what, reason):
                return detail(found, place, "pl")
    raise _unknown(given)


async def _decided(database: Database, wanted: UUID, what: Wish, reason: str | None) -> Waiting | None:
    try:
        return await decide(database, wanted, what, by=operator(), reason=reason)
    except NotWaiting:
        raise StackError(
            "To zdarzenie nie czeka na decyzję: jest jeszcze ponawiane albo zostało już załatwione.",
            f"Sprawdź: sciezka deadletters show {wanted}.",
        ) from None


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise _unknown(given) from None


def _unknown(given: str) -> StackError:
    return StackError(f"Nie ma takiego zdarzenia: {given}.", "Sprawdź listę: sciezka deadletters list --all.")
