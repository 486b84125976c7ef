"""The one cookie: for this host, over TLS, for no script; and worth nothing once the account is disabled."""

from tests.desk.browser import Browser
from tests.desk.conftest import SignedIn
from tests.nodes import Network

GUARDED = {"httponly", "secure", "samesite=lax", "path=/"}
"""And nothing else: no other host, no day until which it would outlive the browser."""


def _set(header: str) -> tuple[str, set[str]]:
    """Name and attributes of a cookie that an answer sets."""
    first, *attributes = (part.strip() for part in header.split(";"))
    return first.partition("=")[0], {attribute.lower() for attribute in attributes}


async def test_the_cookie_is_for_this_host_over_tls_and_for_no_script(network: Network) -> None:
    user = network.credentials["ops-poraj"]["users"][0]
    browser = Browser(network.client_of("ops-poraj")._transport)
    typed = {key: user[key] for key in ("login", "password")}
    answer = await browser.http.post("/sign-in", data=typed, follow_redirects=False)
    assert answer.status_code == 303
    assert _set(answer.headers["set-cookie"]) == ("__Host-sciezka-ops", GUARDED)


async def test_the_cookie_of_another_post_is_guarded_alike(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-zdunska-wola", "OPS_SOCIAL_WORKER")
    form = (await browser.open("/password")).form("/switch")
    answer = await browser.http.post(form.action, data=form.fields, follow_redirects=False)
    assert _set(answer.headers["set-cookie"]) == ("__Host-sciezka-ops", GUARDED)


async def test_a_disabled_person_is_asked_to_sign_in_at_their_next_page(network: Network) -> None:
    admin = (await network.person("ops-poraj", "ADMIN")).http
    new = {"login": "ewa.zwolniona", "name": "Ewa Próbna", "role": "OPS_SOCIAL_WORKER"}
    added = (await admin.post("/accounts", json=new)).json()
    browser = Browser(network.client_of("ops-poraj")._transport)
    await browser.sign_in(added["account"]["login"], added["password"])
    assert (await browser.open("/sent?page=1")).address == "/sent"
    gone = await admin.post(f"/accounts/{added['account']['id']}/actions/disable", json={})
    assert gone.status_code == 200
    assert (await browser.open("/sent?page=1")).address == "/sign-in"
