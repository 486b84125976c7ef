"""Applications and their steps, notices, lists from files."""

from tests.nodes import Network
from tests.services import applying
from tests.web.person import Person
from tests.web.screens import things
from tests.web.screens.registry import Screen, Way
from tests.web.screens.things import ADVISER, HEAD, WORKER
from tests.web.screens.world import Make, World


def _of(make: Make, address: str) -> Way:
    """The page at this address of something that was made."""

    async def reach(person: Person, world: World) -> None:
        await person.opens(address.format(await world.id(make)))

    return reach


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


async def interviewed(network: Network) -> str:
    """After the interview, with nothing learned there yet."""
    worker, _ = await applying.people(network)
    application = await applying.registered(worker)
    await applying.step(worker, application, "record_interview", held_on=applying.HELD, place="OPS")
    return str(application["id"])


_STEP = "/applications/{}/actions/"

SCREENS = (
    Screen("applications", WORKER, "/applications", picture=True),
    Screen("applications-none", WORKER, "/applications?status=returned"),
    Screen("application-whom", WORKER, "/applications/new"),
    Screen("application-new", WORKER, _form, picture=True),
    Screen("application-new-wrong", WORKER, _form_wrong),
    Screen("application", WORKER, _of(things.application, "/applications/{}"), picture=True),
    Screen("application-interview", WORKER, _of(things.application, _STEP + "record_interview")),
    Screen("application-returned", WORKER, _of(things.application, _STEP + "return_for_completion")),
    Screen("application-returned-wrong", WORKER, _step_wrong),
    Screen("application-opinion", WORKER, _of(interviewed, _STEP + "give_opinion")),
    Screen("application-opined", HEAD, _of(things.opined, "/applications/{}")),
    Screen("application-issue", HEAD, _of(things.opined, _STEP + "issue"), picture=True),
    Screen("notices", WORKER, "/notices"),
    Screen("notices-given", WORKER, "/notices?box=given"),
    Screen("imports", WORKER, "/imports"),
    Screen("imports-new", WORKER, "/imports/new"),
    Screen("import", ADVISER, _of(things.imported, "/imports/{}"), picture=True),
)
