"""Applications and lists from files in states that are met seldom."""

from tests.web.person import Person
from tests.web.screens import things
from tests.web.screens.registry import Screen
from tests.web.screens.things import WORKER
from tests.web.screens.world import World


async def _form(person: Person, world: World) -> None:
    """The form for somebody who is not known."""
    await person.opens("/applications/new")
    client = world.network.office("ops-poraj").body("cis-poraj")["client"]
    await person.fill("PESEL albo imię, nazwisko i data urodzenia", client["pesel"])
    await person.press("Dalej")


async def _form_wrong(person: Person, world: World) -> None:
    await _form(person, world)
    await person.press("Zarejestruj wniosek")


async def _step_wrong(person: Person, world: World) -> None:
    await person.opens(f"/applications/{await world.id(things.application)}/actions/return_for_completion")
    await person.press("Zwróć do uzupełnienia")


SCREENS = (
    Screen("applications-none", WORKER, "/applications?status=returned"),
    Screen("application-new-wrong", WORKER, _form_wrong),
    Screen("application-returned-wrong", WORKER, _step_wrong),
    Screen("imports-new", WORKER, "/imports/new"),
)
