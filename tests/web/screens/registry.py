"""A screen: a page of the desk in a state that a caseworker meets, with who meets it and the way there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.web.person import Person
from tests.web.screens.world import Make, World

Way = Callable[[Person, World], Awaitable[None]]


@dataclass(frozen=True)
class Screen:
    """`name`: of the test, and of the picture where there is one. `who`: institution and role, None for a stranger.

    `reach`: an address, or what to do to get there.
    """

    name: str
    who: tuple[str, str] | None
    reach: str | Way
    picture: bool = False

    async def show(self, person: Person, world: World) -> None:
        """Bring the person there, and wait until the page has come to rest."""
        if isinstance(self.reach, str):
            await person.opens(self.reach)
        else:
            await self.reach(person, world)
        await person.page.evaluate("document.fonts.ready")


def at(address: str, make: Make) -> Way:
    """The page of this thing; its id goes into the address."""

    async def reach(person: Person, world: World) -> None:
        await person.opens(address.format(await world.id(make)))

    return reach


def after(address: str, *make: Make) -> Way:
    """A list, once these things are there."""

    async def reach(person: Person, world: World) -> None:
        for each in make:
            await world.id(each)
        await person.opens(address)

    return reach
