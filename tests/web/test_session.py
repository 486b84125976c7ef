"""The end of a session in a browser: a person is asked in time, stays by one key, and loses nothing typed."""

from hashlib import sha256

from services.desk.visitors import cookie_name
from tests.services.database import change
from tests.web.desks import Desks
from tests.web.person import Person

SEEN = "update edge.token set last_seen = now() - make_interval(secs => $2) where hash = $1"
IDLE_SECONDS = 1800
FIELD = "Pełny login tej osoby"
OF = ("ops-tychy", "ADMIN")


async def _sign_in(desks: Desks, person: Person) -> None:
    user = next(user for user in desks.network.credentials[OF[0]]["users"] if user["role"] == OF[1])
    await person.fill("Login", user["login"])
    await person.fill("Hasło", user["password"])
    await person.press("Zaloguj się")


async def _leave_for(desks: Desks, person: Person, left: int) -> None:
    """As if nothing had been done, so that the session ends in so many seconds; and a look at the page again."""
    (token,) = (each["value"] for each in await person.context.cookies() if each["name"] == cookie_name("ops"))
    await change(desks.network, "ops", SEEN, sha256(str(token).encode()).digest(), IDLE_SECONDS - left)
    await person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def _typing(desks: Desks, person: Person) -> None:
    await person.opens("/sign-in?next=/accounts/borrow")
    await _sign_in(desks, person)
    await person.fill(FIELD, "nikt.taki@ops-tychy")
    await person.choose("Rola", "kierownik OPS lub dyrektor CUS")


async def test_a_person_is_asked_before_the_session_ends_and_stays_by_one_key(desks: Desks) -> None:
    async with desks.person(*OF, signed_in=False) as person:
        await _typing(desks, person)
        await _leave_for(desks, person, 150)
        await person.sees("Czy nadal tu pracujesz?")
        await person.sees("3 min")
        await person.page.keyboard.press("Enter")
        await person.page.locator("[data-session-warning]").wait_for(state="hidden")
        assert await person.value(FIELD) == "nikt.taki@ops-tychy"


async def test_what_is_typed_outlives_the_session_and_is_sent_from_the_same_page(desks: Desks) -> None:
    async with desks.person(*OF, signed_in=False) as person:
        await _typing(desks, person)
        await _leave_for(desks, person, 0)
        await person.sees("Sesja się skończyła.")
        async with person.another_tab() as tab:
            await tab.opens("/sign-in")
            await _sign_in(desks, tab)
        await person.press("Nadaj rolę")
        await person.sees("Formularz czeka na wysłanie")
        await person.press("Wyślij teraz")
        await person.sees("Nie ma konta z takim loginem.")
