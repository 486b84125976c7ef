"""What somebody sees who is not signed in, and what anybody sees who asks for what is not there."""

from tests.web.person import Person
from tests.web.screens.registry import Screen
from tests.web.screens.things import WORKER
from tests.web.screens.world import World


async def _wrong_password(person: Person, _: World) -> None:
    await person.opens("/sign-in")
    await person.fill("Login", "nikogo-takiego@ops-poraj")
    await person.fill("Hasło", "nie to")
    await person.press("Zaloguj się")


SCREENS = (
    Screen("sign-in", None, "/sign-in", picture=True),
    Screen("sign-in-wrong", None, _wrong_password),
    Screen("accessibility", None, "/accessibility"),
    Screen("help", None, "/help"),
    Screen("problem", WORKER, "/problem"),
    Screen("not-found", WORKER, "/nic-takiego"),
)
