"""Open pages are told of changes in their institution, of nothing else, and as long as somebody is signed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256

import httpx2
import pytest
import pytest_asyncio

from contracts.sessions import PASSIVE
from services.desk import live
from services.desk.live import MOST_OF_ONE, Hub, TooMany
from services.desk.visitors import cookie_name
from tests.desk.conftest import SignedIn
from tests.desk.test_work import row_of
from tests.nodes import Network, quickest
from tests.services.database import change
from tests.services.steps import delivered
from tests.serving import serving

PATIENCE = 20.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(network: Network) -> AsyncIterator[str]:
    """The address of node ops over HTTP: a stream needs a real connection."""
    async with serving({"ops": network.apps["ops"]}) as urls:
        yield urls["ops"]


@asynccontextmanager
async def _following(served: str, token: str) -> AsyncIterator[AsyncIterator[bytes]]:
    async with (
        asyncio.timeout(PATIENCE),
        httpx2.AsyncClient(timeout=PATIENCE, cookies={cookie_name("ops"): token}) as http,
        http.stream("GET", f"{served}/live") as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        words = answer.aiter_raw()
        assert (await anext(words)).startswith(b"retry:")
        yield words


async def _token(network: Network) -> str:
    person = await network.person("ops-poraj", "OPS_HEAD")
    return person.http.headers["Authorization"].removeprefix("Bearer ")


async def test_a_decision_elsewhere_is_on_the_senders_list_within_two_seconds(
    network: Network, at_desk: SignedIn, served: str
) -> None:
    referrals = iter([await delivered(network.office("ops-poraj"), "cis-poraj") for _ in range(3)])
    cis, desk = await network.person("cis-poraj", "CIS_HEAD"), await at_desk("ops-poraj", "OPS_HEAD")
    async with _following(served, await _token(network)) as words:

        async def decided() -> None:
            referral = next(referrals)
            assert (await cis.act(referral, "accept")).status_code == 200
            while True:
                word = await anext(words)
                row = row_of(await desk.open("/sent?page=1"), referral) if b"event: work" in word else None
                if "Zaakceptowane" in (row or ""):
                    return

        assert await quickest(decided, within=2) < 2


async def test_a_page_that_begins_to_follow_looks_once_for_what_it_missed(network: Network, served: str) -> None:
    async with _following(served, await _token(network)) as words:
        assert await anext(words) == b"event: work\ndata: changed\n\n"


async def test_the_stream_ends_with_the_session(network: Network, served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    user = next(user for user in network.credentials["ops-poraj"]["users"] if user["role"] == "OPS_DEPUTY")
    signed = await network.client_of("ops-poraj").post(
        "/session", json={key: user[key] for key in ("login", "password")}
    )
    token = signed.json()["token"]
    async with _following(served, token) as words:
        ended = await network.client_of("ops-poraj").delete("/session", headers={"Authorization": f"Bearer {token}"})
        assert ended.status_code == 204
        assert all([word == b": \n\n" or b"event" in word async for word in words])


async def test_nobody_follows_without_signing_in(served: str) -> None:
    async with httpx2.AsyncClient() as http:
        answer = await http.get(f"{served}/live")
    assert "text/event-stream" not in answer.headers.get("content-type", "")


def test_a_page_is_told_of_its_own_institution_only() -> None:
    hub = Hub()
    with hub.page("ops-poraj", "anna") as mine, hub.page("cis-poraj", "jan") as other:
        hub.heard("ops-poraj")
        assert (mine.is_set(), other.is_set()) == (True, False)
        mine.clear()
        hub.heard("")
        assert mine.is_set()
        assert other.is_set()


def test_pages_of_one_person_are_bounded_and_make_room_when_they_close() -> None:
    hub = Hub()
    pages = [hub.page("ops-poraj", "anna") for _ in range(MOST_OF_ONE)]
    for page in pages:
        page.__enter__()
    with pytest.raises(TooMany), hub.page("ops-poraj", "anna"):
        pass
    pages[0].__exit__(None, None, None)
    with hub.page("ops-poraj", "anna"), hub.page("ops-poraj", "jan"):
        pass


async def test_following_keeps_no_session_going(network: Network, served: str) -> None:
    person = await network.person("ops-poraj", "OPS_HEAD")
    token = person.http.headers["Authorization"].removeprefix("Bearer ")
    digest = sha256(token.encode()).digest()
    await change(
        network, "ops", "update edge.token set last_seen = now() - interval '28 minutes' where hash = $1", digest
    )
    async with _following(served, token):
        pass
    left = (await person.http.get("/session", headers={PASSIVE: "1"})).json()["seconds_left"]
    assert left <= 120


async def test_one_page_too_many_is_told_to_stop_asking(network: Network, served: str) -> None:
    token = await _token(network)
    async with AsyncExitStack() as open_pages:
        for _ in range(MOST_OF_ONE):
            await open_pages.enter_async_context(_following(served, token))
        async with httpx2.AsyncClient(cookies={cookie_name("ops"): token}) as http:
            answer = await http.get(f"{served}/live")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.content == b"event: full\ndata: full\n\n"
