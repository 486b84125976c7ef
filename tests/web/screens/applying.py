"""Applications at the OPS, and lists from files."""

from tests.web.person import Person
from tests.web.screens import things
from tests.web.screens.registry import Screen, after, at
from tests.web.screens.world import World


async def _registering(person: Person, _: World) -> None:
    await person.opens("/applications/new")
    await person.fill("PESEL albo imię, nazwisko i data urodzenia", "Bogumiła Nieznana 17.05.1984")
    await person.press("Dalej")


async def _registering_nothing(person: Person, world: World) -> None:
    await _registering(person, world)
    await person.fill("Nazwisko", "")
    await person.press("Zarejestruj wniosek")


SCREENS = (
    Screen("applications", things.WORKER, after("/applications", things.application, things.opined), picture=True),
    Screen("applications-refused", things.WORKER, "/applications?status=refused"),
    Screen("application-whom", things.WORKER, "/applications/new"),
    Screen("application-new", things.WORKER, _registering, picture=True),
    Screen("application-new-lacking", things.WORKER, _registering_nothing),
    Screen("application", things.WORKER, at("/applications/{}", things.application)),
    Screen("application-opined", things.HEAD, at("/applications/{}", things.opined), picture=True),
    Screen("application-plan", things.WORKER, at("/applications/{}/actions/schedule_interview", things.application)),
    Screen("application-interview", things.WORKER, at("/applications/{}/actions/record_interview", things.application)),
    Screen("application-opinion", things.WORKER, at("/applications/{}/actions/give_opinion", things.interviewed)),
    Screen("application-issue", things.HEAD, at("/applications/{}/actions/issue", things.opined), picture=True),
    Screen("application-refuse", things.HEAD, at("/applications/{}/actions/refuse", things.opined)),
    Screen(
        "application-return", things.WORKER, at("/applications/{}/actions/return_for_completion", things.application)
    ),
    Screen("imports", things.ADVISER, after("/imports", things.imported)),
    Screen("imports-empty", ("pup-strzelce", "PUP_ADVISER"), "/imports"),
    Screen("import-new", things.ADVISER, "/imports/new"),
    Screen("import", things.ADVISER, at("/imports/{}", things.imported), picture=True),
)
