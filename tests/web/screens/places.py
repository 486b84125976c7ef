"""Questions on places: asking, the answers, what others ask, and each list when there is nothing in it."""

from tests.web.person import Person
from tests.web.screens import things
from tests.web.screens.lists import EMPTY
from tests.web.screens.registry import Screen, after
from tests.web.screens.world import World


async def _asking_nobody(person: Person, _: World) -> None:
    await person.opens("/places/new")
    await person.press("Wyślij pytanie")


async def _answering_nothing(person: Person, world: World) -> None:
    await world.id(things.to_answer)
    await person.opens("/places?box=received")
    await person.press("Wyślij odpowiedź")


SCREENS = (
    Screen("places-asked", things.WORKER, after("/places?box=asked", things.places_asked), picture=True),
    Screen("places-asked-empty", EMPTY, "/places?box=asked"),
    Screen("places-new", things.WORKER, "/places/new"),
    Screen("places-asking-nobody", things.WORKER, _asking_nobody),
    Screen("places-received", things.CIS_WORKER, after("/places", things.places_asked, things.to_answer)),
    Screen("places-received-empty", EMPTY, "/places?box=received"),
    Screen("places-answering-nothing", things.CIS_HEAD, _answering_nothing),
)
