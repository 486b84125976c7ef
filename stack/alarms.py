"""Alarms of links at all nodes from outside: what stands, and that a person has looked at it."""

from dataclasses import asdict
from pathlib import Path

from contracts.base import Instant, Message
from services.kit.alarms import Raised, raised, settle
from services.kit.letters import Place
from stack.databases import opened, places
from stack.deciding import operator, why
from stack.errors import StackError
from stack.findings import wrong


class Alarm(Message):
    """What a person looks at: all alarms of one kind and link at one service. `id` names them at this command.

    `seq` is the lowest number of the link that they tell of, `since` when the first was raised.
    """

    id: str
    kind: str
    source: str
    target: str
    family: str
    seq: int
    count: int
    since: Instant
    sentence: str
    remedy: str
    settled_at: Instant | None
    settled_by: str | None
    reason: str | None


async def list_(data: Path, *, every: bool = False) -> list[Alarm]:
    """The alarms that stand at all nodes, oldest first; with `every` also the settled ones. Raises StackError."""
    found: list[Alarm] = []
    for place in places(data):
        async with opened(data, place) as database, database.transaction() as session:
            found += [_alarm(place, one) for one in await raised(session, every=every)]
    return sorted(found, key=lambda each: each.since)


async def settled(data: Path, given: str, reason: str) -> int:
    """Note that a person has looked at these alarms; returns how many they were. Raises StackError."""
    place, number = _place(data, given)
    kept = why(reason)
    async with opened(data, place) as database, database.transaction() as session:
        count = await settle(session, number, by=operator(), reason=kept)
    if not count:
        raise _unknown(given)
    return count


def _alarm(place: Place, one: Raised) -> Alarm:
    words = wrong(one.kind, "", source=one.source, target=one.target, family=one.family, seq=one.seq)
    name = {"id": f"{place.node}/{place.service}/{one.id}"}
    return Alarm(**asdict(one) | name, sentence=words.sentence, remedy=words.remedy)


def _place(data: Path, given: str) -> tuple[Place, int]:
    """`cis/referral/7` is alarm 7 of the service `referral` of the node `cis`."""
    name, _, number = given.rpartition("/")
    for place in places(data):
        if name == f"{place.node}/{place.service}" and number.isascii() and number.isdigit() and len(number) < 19:
            return place, int(number)
    raise _unknown(given)


def _unknown(given: str) -> StackError:
    return StackError(f"Nie ma takiego alarmu, który czeka: {given}.", "Sprawdź listę: sciezka alarms list.")
