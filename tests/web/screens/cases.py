"""A referral from both sides in each state, and the page of a client."""

from tests.web.person import Person
from tests.web.screens import things
from tests.web.screens.registry import Screen, at
from tests.web.screens.world import World


async def _declining_for_no_reason(person: Person, world: World) -> None:
    await person.opens(f"/referrals/{await world.id(things.in_review)}")
    await person.touch("Odmów")
    await person.press("Odmów")


async def _every_action(person: Person, world: World) -> None:
    """With all of its forms unfolded."""
    await person.opens(f"/referrals/{await world.id(things.accepted)}")
    await person.page.evaluate("document.querySelectorAll('.sciezka-acts details').forEach(each => each.open = true)")


async def _found(person: Person, world: World) -> None:
    known = await things.client_of(world.network, await world.id(things.delivered))
    await person.opens("/clients")
    await person.fill("Szukaj osoby albo sprawy", known["pesel"])
    await person.press("Szukaj")


async def _not_found(person: Person, _: World) -> None:
    await person.opens("/clients")
    await person.fill("Szukaj osoby albo sprawy", "Bogumiła Nieznana 17.05.1984")
    await person.press("Szukaj")


async def _client(person: Person, world: World, page: str = "") -> None:
    known = await things.client_of(world.network, await world.id(things.accepted))
    await person.opens(f"/clients/{known['client_id']}{page}")


async def _edit(person: Person, world: World) -> None:
    await _client(person, world, "/edit")


async def _merge(person: Person, world: World) -> None:
    await _client(person, world, "/merge")


async def _withdrawal(person: Person, world: World) -> None:
    await _client(person, world, "/withdrawal")
    await person.choose("Powód", "Osoba zmieniła miejsce pobytu")
    await person.press("Pokaż, co się stanie")


async def _path(person: Person, world: World) -> None:
    known = await things.client_of(world.network, await world.id(things.accepted))
    await person.opens(f"/paths/{known['path_id']}")


SCREENS = (
    Screen("referral-preview", things.CIS_WORKER, at("/referrals/{}", things.delivered), picture=True),
    Screen("referral-review", things.CIS_HEAD, at("/referrals/{}", things.in_review), picture=True),
    Screen("referral-review-by-a-worker", things.CIS_WORKER, at("/referrals/{}", things.in_review)),
    Screen("referral-declining-for-no-reason", things.CIS_HEAD, _declining_for_no_reason),
    Screen("referral-accepted", things.CIS_HEAD, at("/referrals/{}", things.accepted)),
    Screen("referral-every-action", things.CIS_HEAD, _every_action),
    Screen("referral-cancel-requested", things.CIS_HEAD, at("/referrals/{}", things.cancel_requested)),
    Screen("referral-cancel-asked", things.HEAD, at("/referrals/{}", things.cancel_requested)),
    Screen("referral-waiting-at-the-sender", things.WORKER, at("/referrals/{}", things.waitlisted)),
    Screen("referral-waitlisted", things.CIS_HEAD, at("/referrals/{}", things.waitlisted)),
    Screen("referral-in-service", things.CIS_HEAD, at("/referrals/{}", things.in_service)),
    Screen("referral-suspended", things.CIS_WORKER, at("/referrals/{}", things.suspended)),
    Screen("referral-return-proposed", things.HEAD, at("/referrals/{}", things.return_proposed)),
    Screen("referral-sent-back", things.HEAD, at("/referrals/{}", things.sent_back)),
    Screen("referral-completed", things.WORKER, at("/referrals/{}", things.completed)),
    Screen("referral-sent", things.WORKER, at("/referrals/{}", things.delivered), picture=True),
    Screen("referral-asked", things.WORKER, at("/referrals/{}", things.asked)),
    Screen("referral-declined", things.WORKER, at("/referrals/{}", things.declined)),
    Screen("clients", things.WORKER, "/clients"),
    Screen("clients-found", things.WORKER, _found),
    Screen("clients-none", things.WORKER, _not_found),
    Screen("client", things.HEAD, _client, picture=True),
    Screen("client-edit", things.WORKER, _edit),
    Screen("client-merge", things.HEAD, _merge),
    Screen("client-withdrawal", things.HEAD, _withdrawal),
    Screen("path", things.WORKER, _path),
)
