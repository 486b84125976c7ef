"""The people of an institution, at the desk of its administrator."""

import asyncio
import re

from fastapi import APIRouter
from fastapi.routing import APIRoute

from services.desk import routes
from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network

SLUG = "ops-kozieglowy"


async def _admin(at_desk: SignedIn) -> Browser:
    return await at_desk(SLUG, "ADMIN")


async def _added(browser: Browser, login: str, name: str = "Ewa Próbna") -> Page:
    page = await browser.open("/accounts/new")
    return await browser.send(page.form("/accounts/new"), name=name, login=login, role="OPS_SOCIAL_WORKER")


def _account(page: Page) -> str:
    """The address of the account that a page leads on to."""
    return next(link for link in page.links if link.startswith("/accounts/") and len(link) > 40)


def _password(page: Page) -> str:
    return page.text.partition("Hasło ")[2].split()[0]


async def test_an_administrator_begins_with_the_accounts_and_sees_no_cases(at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    page = await browser.open("/")
    assert page.address == "/accounts"
    assert {"/accounts", "/operator", "/institutions"} <= set(page.links)
    assert not {"/work", "/inbox", "/sent", "/clients", "/applications", "/notices"} & set(page.links)
    assert (await browser.open("/notices")).status == 403


async def test_a_person_who_is_added_signs_in_with_the_password_that_is_shown_once(
    network: Network, at_desk: SignedIn
) -> None:
    browser = await _admin(at_desk)
    shown = await _added(browser, "ewa.nowa")
    assert "Hasło jest widoczne tylko teraz." in shown.text
    person = Browser(network.client_of(SLUG)._transport)
    assert (await person.sign_in("ewa.nowa@ops-kozieglowy", _password(shown))).address == "/work"
    page = await browser.open(_account(shown))
    assert _password(shown) not in page.html
    assert "pracownik socjalny OPS" in page.text


async def test_a_new_person_who_is_sent_twice_is_added_once_and_leads_to_their_account(at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    form = (await browser.open("/accounts/new")).form("/accounts/new")
    typed = {"name": "Ewa Podwójna", "login": "ewa.dwa", "role": "OPS_SOCIAL_WORKER"}
    first, second = await browser.send(form, **typed), await browser.send(form, **typed)
    assert "Hasło jest widoczne tylko teraz." in first.text
    assert (second.status, second.address) == (200, _account(first))
    assert f"{second.address}/new_password" in {each.action for each in second.forms}


async def test_what_is_wrong_with_a_new_person_is_told_at_its_field_and_stays_typed(at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    page = await browser.open("/accounts/new")
    page = await browser.send(page.form("/accounts/new"), name="Łucja Próbna", login="Łucja", role="OPS_HEAD")
    assert page.status == 422
    assert "Login to małe litery" in page.text
    assert page.form("/accounts/new").fields["name"] == ["Łucja Próbna"]
    assert page.form("/accounts/new").fields["role"] == ["OPS_HEAD"]


async def test_a_role_is_given_and_taken(at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    address = _account(await _added(browser, "ewa.role"))
    page = await browser.open(address)
    page = await browser.send(page.form(f"{address}/give_post"), role="OPS_DEPUTY")
    assert "upoważniony zastępca kierownika OPS" in page.text
    page = await browser.send(page.form(f"{address}/take_post"))
    assert "upoważniony zastępca kierownika OPS Odbierz" not in page.text


async def test_an_account_is_disabled_and_enabled(at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    address = _account(await _added(browser, "ewa.przerwa"))
    page = await browser.open(address)
    page = await browser.send(page.form(f"{address}/disable"))
    assert "wyłączone" in page.text
    page = await browser.send(page.form(f"{address}/enable"))
    assert "czynne" in page.text


async def test_nobody_is_offered_to_change_their_own_account(network: Network, at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    listed = await browser.open("/accounts")
    own = next(link for link in listed.links if link.startswith("/accounts/") and len(link) > 40)
    for link in [link for link in listed.links if link.startswith("/accounts/") and len(link) > 40]:
        page = await browser.open(link)
        if "To Twoje konto." in page.text:
            own = link
            assert [form.action for form in page.forms if form.action.startswith(link)] == []
    assert own


async def test_a_role_for_somebody_of_another_institution_is_given_once_however_often_it_is_sent(
    at_desk: SignedIn,
) -> None:
    browser = await _admin(at_desk)
    form = (await browser.open("/accounts/borrow")).form("/accounts/borrow")
    wrong = await browser.send(form, login="nikt@ops-poraj", role="OPS_HEAD")
    assert "Nie ma konta z takim loginem." in wrong.text
    again = wrong.form("/accounts/borrow")
    first = await browser.send(again, login="ops-deputy@ops-poraj", role="OPS_DEPUTY")
    second = await browser.send(again, login="ops-deputy@ops-poraj", role="OPS_DEPUTY")
    assert first.address == second.address
    assert "Gminny Ośrodek Pomocy Społecznej w Poraju" in first.text
    assert f"{first.address}/disable" not in {form.action for form in first.forms}
    await browser.send(first.form(f"{first.address}/take_post"))


async def test_accounts_are_for_administrators_only(at_desk: SignedIn) -> None:
    browser = await at_desk(SLUG, "OPS_HEAD")
    for address in ("/accounts", "/operator"):
        assert (await browser.open(address)).status == 403


def _routes() -> set[tuple[str, str]]:
    """Every page and form there is, by method and address; without what would end the session that looks."""
    found = [each for each in vars(routes).values() if isinstance(each, APIRouter) and each is not routes.static]
    pages = [route for router in found for route in router.routes if isinstance(route, APIRoute)]
    return {(method, page.path) for page in pages for method in page.methods if page.path != "/sign-out"}


async def test_an_administrator_opens_no_page_about_cases(at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    proof = (await browser.open("/accounts/new")).form("/accounts/new").fields["_csrf"][0]
    opened = set()
    for method, path in _routes():
        address = re.sub(r"\{\w+\}", "019f0000-0000-7000-8000-000000000000", path)
        told = {"_csrf": proof} if method == "POST" else None
        async with asyncio.timeout(10):  # changes that are followed would have no end
            answer = await browser.http.request(method, address, data=told, follow_redirects=False)
        if answer.status_code != 403:
            opened.add(path.split("/")[1])
    assert opened == {
        "",
        "accessibility",
        "accounts",
        "help",
        "institution",
        "institutions",
        "language",
        "operator",
        "password",
        "problem",
        "sign-in",
        "signed-out",
        "state",
        "stay",
        "switch",
    }


async def test_the_number_of_a_case_leads_an_administrator_nowhere(at_desk: SignedIn) -> None:
    browser = await _admin(at_desk)
    proof = (await browser.open("/accounts/new")).form("/accounts/new").fields["_csrf"][0]
    assert (await browser.http.post("/clients", data={"_csrf": proof, "q": "S26-ZZZZ-ZZZZ"})).status_code == 403
