"""Every screen, in Polish and in English: accessible, well-formed, light, and whole at 320 px and in forced colours."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from services.desk.language import COOKIE
from tests.web.desks import Desks, set_cookie
from tests.web.looks import accessible, adapting, reflowing, well_formed
from tests.web.person import Person
from tests.web.screens import SCREENS
from tests.web.screens.registry import Screen
from tests.web.screens.world import World

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass
class Room:
    """Who has sat down, so that each person takes one window for all screens; the titles seen, by kind of address."""

    desks: Desks
    world: World
    stack: AsyncExitStack
    seated: dict[tuple[str, str] | None, Person] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    async def person(self, who: tuple[str, str] | None) -> Person:
        if who not in self.seated:
            slug, role = who or ("ops-poraj", "")
            self.seated[who] = await self.stack.enter_async_context(
                self.desks.person(slug, role, signed_in=who is not None)
            )
        return self.seated[who]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def room(all_desks: Desks) -> AsyncIterator[Room]:
    async with AsyncExitStack() as stack:
        yield Room(all_desks, World(all_desks.network), stack)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
async def test_screen(room: Room, screen: Screen) -> None:
    person = await room.person(screen.who)
    person.watch.faults.clear()
    await screen.show(person, room.world)
    page = person.page
    faults = [*await well_formed(page, "pl"), *await accessible(page), *await adapting(page), *await reflowing(page)]
    kind = _ID.sub("{id}", urlsplit(page.url).path)
    if room.titles.setdefault(await page.title(), kind) != kind:
        faults.append(f"its title is also that of {room.titles[await page.title()]}")
    await set_cookie(page.context, COOKIE, "en")
    await page.reload()
    faults += [f"in English: {fault}" for fault in (*await well_formed(page, "en"), *await accessible(page))]
    await page.context.clear_cookies(name=COOKIE)
    assert faults + person.watch.faults == []
