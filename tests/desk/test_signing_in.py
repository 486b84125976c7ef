"""Signing in at the desk, staying, changing to another post, leaving; and forms that outlive their session."""

from hashlib import sha256

from contracts.sessions import PASSIVE
from tests.desk.browser import Browser, Form, Page, page_of
from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.database import change, rows

OWN = {"Sec-Fetch-Site": "same-origin"}
OVER = "update edge.token set last_seen = now() - interval '1 hour' where hash = $1"
MOPS = "Miejski Ośrodek Pomocy Społecznej w Zduńskiej Woli"
KIS = "Klub Integracji Społecznej w Zduńskiej Woli"
BORROW, NOBODY = "/accounts/borrow", "nikt.taki@ops-poraj"
COOKIE = "__Host-sciezka-ops"


def _stranger(network: Network, slug: str = "ops-poraj") -> Browser:
    browser = Browser(network.client_of(slug)._transport)
    browser.http.headers |= OWN
    return browser


def _user(network: Network, slug: str, role: str) -> dict[str, str]:
    user: dict[str, str] = next(user for user in network.credentials[slug]["users"] if user["role"] == role)
    return user


async def _signed_in(network: Network, slug: str = "ops-poraj", role: str = "OPS_SOCIAL_WORKER") -> Browser:
    browser, user = _stranger(network, slug), _user(network, slug, role)
    await browser.sign_in(user["login"], user["password"])
    return browser


async def _end(network: Network, browser: Browser) -> None:
    token = browser.http.cookies[COOKIE]
    await change(network, "ops", OVER, sha256(token.encode()).digest())


def _where(page: Page) -> str:
    """The institution that the head of the page names first."""
    return min((MOPS, KIS), key=lambda name: page.text.find(name) if name in page.text else len(page.text))


async def _post(browser: Browser, address: str, **fields: str) -> Page:
    return page_of(await browser.http.post(address, data=fields))


async def test_a_page_is_shown_after_signing_in_and_an_address_of_another_host_is_not(network: Network) -> None:
    user = _user(network, "ops-poraj", "OPS_SOCIAL_WORKER")
    for asked, shown in (("/institutions?kind=cis", "/institutions"), ("//example.org/", "/work")):
        browser = _stranger(network)
        page = await browser.open(asked if asked == "/institutions?kind=cis" else f"/sign-in?next={asked}")
        assert page.address == "/sign-in"
        page = await browser.send(page.form("/sign-in"), login=user["login"], password=user["password"])
        assert page.address == shown


async def test_a_wrong_password_is_told_and_the_login_stays_typed(network: Network) -> None:
    login = _user(network, "ops-poraj", "OPS_HEAD")["login"]
    page = await _stranger(network).sign_in(login, "wrong")
    assert page.status == 401
    assert "Niepoprawny login lub hasło." in page.text
    assert page.form("/sign-in").fields["login"] == [login]
    assert page.form("/sign-in").fields["password"] == [""]


async def test_a_login_that_rests_says_for_how_long_and_a_disabled_account_that_it_is(network: Network) -> None:
    admin = (await network.person("ops-myszkow", "ADMIN")).http
    new = {"login": "ewa.odpoczywa", "name": "Ewa Próbna", "role": "OPS_HEAD"}
    added = (await admin.post("/accounts", json=new)).json()
    login = added["account"]["login"]
    blocked = "update edge.account set blocked_until = now() + interval '7 minutes' where login = $1"
    await change(network, "ops", blocked, login)
    page = await _stranger(network).sign_in(login, added["password"])
    assert (page.status, "Spróbuj ponownie za 7 min." in page.text) == (429, True)
    await admin.post(f"/accounts/{added['account']['id']}/actions/disable", json={})
    await change(network, "ops", "update edge.account set blocked_until = null where login = $1", login)
    page = await _stranger(network).sign_in(login, added["password"])
    assert (page.status, "To konto jest wyłączone." in page.text) == (403, True)


async def test_the_page_of_somebody_else_signs_nobody_in(network: Network) -> None:
    user, browser = _user(network, "ops-poraj", "OPS_HEAD"), _stranger(network)
    browser.http.headers |= {"Sec-Fetch-Site": "cross-site"}
    page = await _post(browser, "/sign-in", login=user["login"], password=user["password"])
    assert page.address == "/sign-in"
    assert COOKIE not in browser.http.cookies


async def test_signing_out_ends_the_session_and_leaves_nothing(network: Network) -> None:
    browser = await _signed_in(network)
    token = browser.http.cookies[COOKIE]
    page = await browser.send((await browser.open("/institutions")).form("/sign-out"))
    assert (page.address, page.answer.headers["clear-site-data"]) == ("/signed-out", '"cache"')
    assert COOKIE not in browser.http.cookies
    kept = await rows(network, "ops", "select 1 from edge.token where hash = $1", sha256(token.encode()).digest())
    assert kept == []


async def test_a_person_changes_to_their_other_post_and_works_there(network: Network) -> None:
    browser = await _signed_in(network, "ops-zdunska-wola")
    seen = []
    for _ in range(3):
        page = await browser.open("/password")
        seen.append(_where(page))
        await browser.send(page.form("/switch"))
    assert seen[0] == seen[2]
    assert {*seen} == {MOPS, KIS}


async def _typing(network: Network) -> tuple[Browser, Form]:
    """An administrator with a form on the screen, and their session over."""
    browser = await _signed_in(network, role="ADMIN")
    form = (await browser.open(BORROW)).form(BORROW)
    await _end(network, browser)
    return browser, form


async def test_a_form_sent_after_the_session_comes_back_to_its_person_and_is_sent_with_one_click(
    network: Network,
) -> None:
    browser, form = await _typing(network)
    asked = await browser.send(form, login=NOBODY, role="OPS_HEAD")
    assert asked.status == 401
    assert "To, co wpisano, nie zginęło." in asked.text
    user = _user(network, "ops-poraj", "ADMIN")
    offered = await browser.send(asked.form("/sign-in"), login=user["login"], password=user["password"])
    again = offered.form(BORROW)
    assert (again.fields["login"], again.fields["_key"]) == ([NOBODY], form.fields["_key"])
    assert "Nie ma konta z takim loginem." in (await browser.send(again)).text, "it has arrived, and was judged"


async def test_a_form_of_one_person_is_not_offered_to_another(network: Network) -> None:
    browser, form = await _typing(network)
    asked = await browser.send(form, login=NOBODY, role="OPS_HEAD")
    other = _user(network, "ops-poraj", "OPS_HEAD")
    page = await browser.send(asked.form("/sign-in"), login=other["login"], password=other["password"])
    assert page.address == "/work"
    assert NOBODY not in page.html


async def test_a_form_of_a_strangers_page_is_not_kept(network: Network) -> None:
    browser = _stranger(network)
    browser.http.headers |= {"Sec-Fetch-Site": "cross-site"}
    page = await _post(browser, BORROW, login=NOBODY)
    assert page.status == 401
    assert NOBODY not in page.html


async def test_a_form_of_an_earlier_session_is_offered_to_who_has_signed_in_again_in_another_tab(
    network: Network,
) -> None:
    browser, form = await _typing(network)
    user = _user(network, "ops-poraj", "ADMIN")
    await browser.sign_in(user["login"], user["password"])
    offered = await browser.send(form, login=NOBODY, role="OPS_HEAD")
    assert offered.form(BORROW).fields["login"] == [NOBODY]
    assert offered.form(BORROW).fields["_csrf"] != form.fields["_csrf"]


async def test_a_form_begun_in_another_post_is_sent_in_that_one(network: Network) -> None:
    browser = await _signed_in(network, "ops-zdunska-wola")
    page = await browser.open("/password")
    here, form = _where(page), page.form("/password")
    await browser.send(page.form("/switch"))
    offered = await browser.send(form, password="wrong", new_password="cztery długie słowa")
    (back,) = (each for each in offered.forms if "_waiting" in each.fields)
    there = await browser.send(back)
    assert there.form("/password").fields["_key"] == form.fields["_key"]
    assert _where(there) == here != _where(offered)


async def test_passwords_are_not_kept_in_a_page(network: Network) -> None:
    browser = await _signed_in(network)
    form = (await browser.open("/password")).form("/password")
    await _end(network, browser)
    asked = await browser.send(form, password="wrong", new_password="cztery długie słowa")
    assert "cztery długie słowa" not in asked.html


async def test_a_part_of_a_page_is_not_answered_with_a_page_to_sign_in_at(network: Network) -> None:
    answer = await _stranger(network).http.get("/institutions", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (401, "")


async def test_staying_keeps_the_session_going_and_asking_does_not(network: Network) -> None:
    browser = await _signed_in(network)
    form = (await browser.open("/institutions")).form("/stay")
    digest = sha256(browser.http.cookies[COOKIE].encode()).digest()
    await change(
        network, "ops", "update edge.token set last_seen = now() - interval '28 minutes' where hash = $1", digest
    )
    for _ in range(2):
        assert (await browser.http.get("/stay", headers={PASSIVE: "1"})).json()["left"] <= 120
    told = await browser.http.post("/stay", data=form.fields, headers={"Accept": "application/json"})
    assert told.json()["left"] > 1700


async def test_the_password_of_a_demo_person_is_filled_in_for_whoever_comes_from_the_landing_page(
    network: Network,
) -> None:
    user = _user(network, "ops-poraj", "OPS_HEAD")
    page = await _post(_stranger(network), "/sign-in/filled", login=user["login"], password=user["password"])
    assert page.form("/sign-in").fields["password"] == [user["password"]]
    assert (await _stranger(network).send(page.form("/sign-in"))).address == "/work"


async def test_every_form_names_its_session_and_none_its_token(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_HEAD")
    page = await browser.open("/password")
    assert all("_csrf" in form.fields for form in page.forms if form.action != "/language")
    assert browser.http.cookies[COOKIE] not in page.html
