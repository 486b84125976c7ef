"""Signing out, and accounts and institutions in states that are met seldom."""

from tests.web.person import Person
from tests.web.screens.registry import Screen
from tests.web.screens.world import World

ADMIN = ("ops-strzelce", "ADMIN")
WORKER = ("cis-poraj", "CIS_SOCIAL_WORKER")


async def _wrong_person(person: Person, _: World) -> None:
    await person.opens("/accounts/new")
    await person.fill("Login", "Łucja")
    await person.press("Dodaj osobę")


async def _account(person: Person, _: World) -> None:
    await person.opens("/accounts")
    address = await person.page.get_attribute("tr:has-text('ops-deputy@ops-strzelce') a", "href")
    await person.opens(str(address))


async def _wrong_password(person: Person, _: World) -> None:
    await person.opens("/password")
    await person.fill("Obecne hasło", "nie to")
    await person.fill("Nowe hasło", "za krótkie")
    await person.press("Zmień hasło")


async def _warned(person: Person, _: World) -> None:
    await person.opens("/password")
    await person.page.evaluate("document.querySelector('[data-session-warning]').showModal()")


SCREENS = (
    Screen("signed-out", None, "/signed-out"),
    Screen("accounts-new-wrong", ADMIN, _wrong_person),
    Screen("accounts-borrow", ADMIN, "/accounts/borrow"),
    Screen("account", ADMIN, _account),
    Screen("institutions-none", WORKER, "/institutions?kind=kis&gmina=2409042"),
    Screen("password-wrong", WORKER, _wrong_password),
    Screen("session-warning", WORKER, _warned),
)
