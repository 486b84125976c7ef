"""The banner tells what waits and what works: facts with their time, and nothing when all is well."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from contracts.connections import Connections, Unanswered
from services.desk import health
from services.desk.api import Api
from services.desk.context import Desk
from services.desk.health import sentences
from stack.institutions import read_directory
from tests.desk.conftest import SignedIn
from tests.nodes import Network, eventually
from tests.services.database import road_closed

NOW = datetime(2026, 12, 3, 10, 12, tzinfo=UTC)  # 11:12 in Poland
WELL = Connections(as_of=NOW, road=True, paths_as_of=NOW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"unsent_since": NOW - timedelta(seconds=59), "paths_as_of": NOW - timedelta(seconds=59)}, []),
        (
            {"road": False},
            [
                "Łączność z innymi instytucjami jest przerwana. To, co zostanie wysłane teraz, będzie zapisane i"
                " pójdzie samo."
            ],
        ),
        (
            {"road": False, "unsent_since": NOW - timedelta(seconds=1)},
            ["Łączność z innymi instytucjami jest przerwana. To, co wysłano od 11:11, jest zapisane i pójdzie samo."],
        ),
        (
            {"unsent_since": NOW - timedelta(minutes=12)},
            ["Wysyłanie się opóźnia. To, co wysłano od 11:00, jest zapisane i pójdzie samo."],
        ),
        (
            {"unanswered": (Unanswered(node="cis", since=NOW - timedelta(days=1)),)},
            ["Od 02.12.2026, 11:12 odbioru nie potwierdzają: CIS. To, co do nich wysłano, jest zapisane i dotrze."],
        ),
        (
            {"paths_as_of": NOW - timedelta(minutes=2)},
            ["Etapy i terminy pokazują stan z 11:10. Nowsze pojawią się same."],
        ),
    ],
)
def test_each_fact_has_its_sentence(network: Network, change: dict[str, object], said: list[str]) -> None:
    known = WELL.model_copy(update=change)
    assert sentences(known, read_directory(network.data), "pl") == said
    assert len(sentences(known, read_directory(network.data), "en")) == len(said)


async def test_desk_whose_events_cannot_leave_says_since_when_and_stops_saying_so(
    network: Network, at_desk: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SECONDS", 0.0)
    monkeypatch.setattr(health, "limit", lambda name, on: 0)
    sender = network.office("ops-poraj")
    browser = await at_desk("ops-poraj", "OPS_HEAD")
    async with road_closed(network, "ops"):
        await sender.send("cis-poraj")
        page = await browser.open("/help")
        assert "To, co wysłano od" in page.text

    async def well() -> bool:
        return "To, co wysłano od" not in (await browser.open("/help")).text

    await eventually(well)


async def test_open_page_is_told_only_what_it_does_not_show_yet(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_HEAD")
    page = await browser.open("/help")
    seen = page.html.partition("/state?seen=")[2].partition('"')[0]
    assert len(seen) == 12
    assert (await browser.open(f"/state?seen={seen}")).status == 204
    assert (await browser.open("/state?seen=other")).status == 200


async def test_an_interface_that_does_not_answer_is_not_asked_again_by_the_next_page(network: Network) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        raise httpx2.ConnectTimeout("")

    base = network.bases["ops"]
    api = Api(httpx2.AsyncClient(transport=httpx2.MockTransport(answer), base_url="http://node/api/v1"))
    desk = Desk("ops", base.directory, True, api, base.database("desk"), base.clock)
    known = health.Health(base.directory)
    await known.look(desk, "token")
    await known.look(desk, "token")
    assert asked == ["/api/v1/connections"]
