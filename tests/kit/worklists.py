"""A worklist on a real road, poison for it, and what people decide about it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row

from contracts.directory import Directory
from contracts.events import Event
from contracts.worklist import Wish
from services.kit.clock import DatabaseClock
from services.kit.dead_letters import worklist_channel
from services.kit.decisions import decide
from services.kit.inbox import Handlers, Inbox
from services.kit.letters import DEAD, EVERY, Waiting, letters
from services.kit.service import Service
from services.kit.wake import Bell, Listener
from services.kit.worklist import Worklist
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import DIRECTORY, TARGET, Road, ended

SCHEMA = "public"
"""Of the databases of these tests; in a node it is the service's name."""


class Trouble(LookupError):
    """What a poisonous event meets."""


def worklist(road: Road, *, bell: Bell | None = None, directory: Directory = DIRECTORY) -> Worklist:
    """The worklist of the reader."""
    handlers = Handlers(tenant=lambda event: event.receiver, effects=road.effects.handlers().effects)
    service = Service("referral", TARGET, directory, road.receiver, DatabaseClock())
    inbox = Inbox(node=TARGET, database=road.receiver, directory=directory, handlers=handlers)
    return Worklist(service, handlers, inbox, bell or Bell())


@asynccontextmanager
async def working(road: Road) -> AsyncIterator[None]:
    """The reader and its worklist, woken by NOTIFY."""
    listener = Listener(road.receiver.url)
    work = worklist(road, bell=listener.bell(worklist_channel(SCHEMA)))
    tasks = [asyncio.create_task(work.run()), asyncio.create_task(listener.run())]
    async with road.reading():
        try:
            yield
        finally:
            await ended(*tasks)


async def all_letters(road: Road) -> list[Waiting]:
    async with road.receiver.transaction() as session:
        return await letters(session, states=EVERY)


async def the_letter(road: Road) -> Waiting:
    """The one that waits for a person."""
    async with road.receiver.transaction() as session:
        (found,) = await letters(session, states=DEAD)
    return found


async def decided(road: Road, what: Wish, reason: str | None = None) -> Waiting:
    """The one letter, after somebody has decided about it."""
    found = await decide(road.receiver, (await the_letter(road)).letter.id, what, by="cis.kierownik", reason=reason)
    assert found is not None
    return found


async def versions(road: Road, referral_id: UUID) -> list[int]:
    query = f"select version from effect where aggregate_id = '{referral_id}' order by pos"
    return [row.version for row in await road.rows(road.receiver, query)]


@dataclass
class Poison:
    """An event of this referral and version fails until the cause is mended."""

    referral_id: UUID
    version: int
    mended: bool = False

    async def __call__(self, event: Event, runs: int) -> None:
        if not self.mended and (event.aggregate_id, event.version) == (self.referral_id, self.version):
            raise Trouble


async def queue(road: Road, referral_id: UUID, count: int = 5) -> None:
    """One client's events, and after each one of another client's."""
    for version in range(1, count + 1):
        for event in (submitted(version, referral_id), submitted()):
            await road.put(envelope(event).headers(), body(event))


async def poisoned(road: Road) -> Poison:
    """One client's queue with poison at its second place, as far as it got."""
    poison = Poison(uuid4(), 2)
    road.effects.trouble = poison
    await queue(road, poison.referral_id)
    await road.finished()
    return poison


async def failing(road: Road) -> Sequence[Row[Any]]:
    return await road.rows(road.receiver, "select 1 from dead_letter where state = 'failing'")


async def noted(road: Road, letter_id: UUID, what: Wish) -> None:
    await road.execute(
        road.receiver, f"update dead_letter set wish = '{what}', reason = 'zbyt stare' where id = '{letter_id}'"
    )


async def closed(road: Road) -> bool:
    return {found.letter.state for found in await all_letters(road)} == {"resolved"}
