"""Pages of refusals and faults: in both languages, honest about what was done, and with what was typed."""

import re

import httpx2
import pytest
from fastapi import APIRouter
from starlette.exceptions import HTTPException

from services.desk.api import Refused, Unreachable
from services.desk.app import desk_app
from services.desk.context import Desk
from services.desk.faults import PAGES
from services.desk.forms import Filled
from services.desk.visitors import cookie_name
from stack.desk import interface_in_process
from tests.desk.browser import page_of
from tests.desk.conftest import SignedIn
from tests.nodes import Network

LONG = "Uzasadnienie, nad którym ktoś pracował."


def _desk_with(network: Network, router: APIRouter) -> httpx2.ASGITransport:
    """A desk that has these pages only."""
    base = network.bases["ops"]
    api = interface_in_process(network.apps["ops"])
    desk = Desk("ops", base.directory, True, api, base.database("desk"), base.clock)
    return httpx2.ASGITransport(app=desk_app(desk, [router]), raise_app_exceptions=False)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused(409, "illegal_action", "Tej czynności nie można teraz wykonać."), 409),
        (Refused(412, "changed", "Zmieniło się."), 412),
        (Refused(403, "not_for_this_role", "Nie ta rola."), 403),
        (Unreachable("ConnectError"), 503),
        (RuntimeError("a fault of ours"), 500),
    ],
)
async def test_form_that_was_refused_gives_back_what_was_typed(
    network: Network, at_desk: SignedIn, error: Exception, status: int
) -> None:
    router = APIRouter()

    @router.post("/form")
    async def form(typed: Filled) -> None:
        raise error

    browser = await at_desk("ops-poraj", "OPS_HEAD")
    proof = re.findall(r'name="_csrf" value="([^"]+)"', (await browser.open("/help")).html)[0]
    token = browser.http.cookies.get(cookie_name("ops"))
    http = httpx2.AsyncClient(
        transport=_desk_with(network, router), base_url="https://node", cookies={cookie_name("ops"): str(token)}
    )
    typed = {"_csrf": proof, "reason": LONG, "short": "krótkie", "password": "trzy tajne słowa"}
    page = page_of(await http.post("/form", data=typed))
    assert page.status == status
    assert LONG in page.text
    assert "krótkie" not in page.text
    assert "trzy tajne słowa" not in page.text
    assert "a fault of ours" not in page.text


async def test_person_who_went_astray_finds_the_way_on(at_desk: SignedIn) -> None:
    page = await (await at_desk("ops-poraj", "OPS_HEAD")).open("/no/such/page")
    assert page.status == 404
    assert "/work" in page.links


@pytest.mark.parametrize("status", PAGES)
async def test_every_status_has_its_page_in_both_languages(network: Network, status: int) -> None:
    router = APIRouter()

    @router.get("/page")
    async def page() -> None:
        raise HTTPException(status)

    http = httpx2.AsyncClient(transport=_desk_with(network, router), base_url="https://node")
    answers = [await http.get("/page", headers={"Accept-Language": language}) for language in ("pl", "en")]
    headings = [re.findall(r"<h1[^>]*>(.*?)</h1>", answer.text) for answer in answers]
    assert [answer.status_code for answer in answers] == [status, status]
    assert headings[0] != headings[1]
    assert [len(each) for each in headings] == [1, 1]


async def test_a_form_that_arrives_broken_is_told_as_that(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_HEAD")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    page = page_of(await browser.http.post("/work/view", content=b"--y\r\nnone", headers=broken))
    assert page.status == 400
    assert "Formularz nie dotarł w całości" in page.text
