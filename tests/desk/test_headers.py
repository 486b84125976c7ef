"""Every answer of the desk, whatever it is, lets the browser run only what is ours."""

import re

import httpx2
import pytest
from fastapi import APIRouter

from services.desk.app import desk_app
from services.desk.context import Desk
from services.desk.headers import HEADERS, POLICY
from services.desk.static import build
from stack.desk import interface_in_process
from tests.desk.conftest import SignedIn
from tests.nodes import Network

HANDLER = re.compile(r"\son\w+\s*=|\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def test_policy_allows_nothing_that_is_written_into_a_page() -> None:
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


@pytest.mark.parametrize(
    "address", ["/", "/sign-in", "/help", "/accessibility", "/state", "/no/such/page", "/referrals/not-an-id", "/work"]
)
async def test_stranger_gets_every_header(network: Network, address: str) -> None:
    http = httpx2.AsyncClient(transport=network.client_of("ops-poraj")._transport, base_url="https://node")
    answer = await http.get(address)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert not HANDLER.search(answer.text)


async def test_only_what_never_changes_is_kept(network: Network) -> None:
    http = httpx2.AsyncClient(transport=network.client_of("ops-poraj")._transport, base_url="https://node")
    answer = await http.get(build().address("desk.js"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-security-policy"] == POLICY


async def test_page_of_a_person_is_written_without_scripts_and_styles(at_desk: SignedIn) -> None:
    page = await (await at_desk("ops-poraj", "OPS_HEAD")).open("/help")
    assert page.answer.headers["cache-control"] == "no-store"
    assert not HANDLER.search(page.html)


async def test_page_that_breaks_says_so_with_every_header(network: Network) -> None:
    router = APIRouter()

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a fault of ours")

    base = network.bases["ops"]
    api = interface_in_process(network.apps["ops"])
    desk = Desk("ops", base.directory, True, api, base.database("desk"), base.clock)
    app = desk_app(desk, [router])
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    answer = await httpx2.AsyncClient(transport=transport, base_url="https://node").get("/broken")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "Wystąpił błąd po naszej stronie" in answer.text
    assert "a fault of ours" not in answer.text
