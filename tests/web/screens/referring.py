"""A new referral: looking for the person, the form, what is wrong with it, checking, the receipt."""

from tests.web.person import Person
from tests.web.screens import things
from tests.web.screens.registry import Screen, at
from tests.web.screens.world import World

_NOBODY = "04871012345"


async def _looked(person: Person, world: World) -> None:
    known = await things.client_of(world.network, await world.id(things.delivered))
    await person.opens("/referrals/new")
    await person.fill("Kogo dotyczy skierowanie", known["pesel"])
    await person.sees("ten sam PESEL")


async def _wrong(person: Person, _: World) -> None:
    await person.opens("/referrals/new")
    await person.fill("Kogo dotyczy skierowanie", _NOBODY)
    await person.sees("Popraw")


async def _lacking(person: Person, world: World) -> None:
    await person.opens(f"/drafts/{await world.id(things.draft)}")
    await person.press("Dalej: sprawdź")


SCREENS = (
    Screen("new", things.WORKER, "/referrals/new"),
    Screen("new-found", things.WORKER, _looked, picture=True),
    Screen("new-wrong", things.WORKER, _wrong),
    Screen("new-form", things.ADVISER, at("/drafts/{}", things.draft), picture=True),
    Screen("new-form-lacking", things.ADVISER, _lacking),
    Screen("new-check", things.HEAD, at("/drafts/{}/check", things.whole_draft), picture=True),
    Screen("new-check-by-another", things.WORKER, at("/drafts/{}/check", things.whole_draft)),
    Screen("new-receipt", things.WORKER, at("/referrals/{}/receipt", things.accepted), picture=True),
    Screen("new-discard", things.ADVISER, at("/drafts/{}/discard", things.draft)),
)
