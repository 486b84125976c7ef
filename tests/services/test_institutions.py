"""What an institution learns of the others: whom it may send to, and what they offer."""

from typing import Any

from contracts.directory import Directory
from contracts.institutions import Institution
from services.edge import institutions
from services.edge.institutions import InstitutionsDesk
from services.kit.caller import Caller
from tests.nodes import Network
from tests.services.steps import errors, refused


async def listed(network: Network, slug: str, **params: str) -> dict[str, dict[str, Any]]:
    answer = await network.office(slug).http.get("/institutions", params=params)
    assert answer.status_code == 200, answer.text
    return {item["slug"]: item for item in answer.json()["items"]}


async def test_everybody_sees_all_institutions_with_units_workshops_and_gminas(network: Network) -> None:
    found = await listed(network, "ops-poraj")
    assert set(found) == set(network.credentials)
    centre = found["cis-myszkow"]
    assert (centre["kind"], centre["town"], centre["county"]) == ("cis", "Myszków", "myszkowski")
    assert [unit["code"] for unit in centre["units"]] == ["siedziba", "zarki"]
    assert [gmina["teryt"] for gmina in centre["gminas"]] == ["2409011", "2409032", "2409053"]
    assert centre["agreements"][0]["gmina"]["name"] == "Poraj"
    assert centre["workshops"][0]["editions"][0]["starts_on"] == "2026-09-01"


async def test_the_kinds_that_the_caller_may_send_are_told_the_usual_one_first(network: Network) -> None:
    found = await listed(network, "ops-zdunska-wola")
    assert found["cis-tychy"]["sends"] == ["statutory_cis"]
    assert found["kis-zdunska-wola"]["sends"] == ["kis"]
    assert found["pup-tychy"]["sends"] == ["service"]
    assert found["ops-tychy"]["sends"][0] == "service"
    assert found["ops-zdunska-wola"]["sends"] == []
    assert (await listed(network, "cis-tychy"))["pup-tychy"]["sends"] == ["service"]


async def test_a_kind_and_a_gmina_narrow_the_list(network: Network) -> None:
    assert set(await listed(network, "pup-myszkow", kind="kis")) == {"kis-zdunska-wola"}
    serving = await listed(network, "pup-myszkow", gmina="2409042")
    assert set(serving) == {"ops-poraj", "pup-myszkow", "cis-poraj", "cis-myszkow", "owes-jowes"}
    assert set(await listed(network, "pup-myszkow", kind="cis", gmina="2409053")) == {"cis-myszkow"}


async def test_who_is_nobody_learns_nothing_and_nonsense_is_corrected(network: Network) -> None:
    http = network.client_of("ops-poraj")
    assert refused(await http.get("/institutions")) == (401, "not_authenticated")
    office = network.office("ops-poraj")
    wrong = await office.http.get("/institutions", params={"kind": "urząd", "gmina": "Poraj"})
    assert [field for field, _ in errors(wrong)] == ["kind", "gmina"]


async def test_a_long_list_comes_in_pages(network: Network, monkeypatch: Any) -> None:
    monkeypatch.setattr(institutions, "PAGE_SIZE", 5)
    base = network.bases["ops"]
    desk = InstitutionsDesk(base.directory, base.database("edge"), base.clock)
    seen: list[Institution] = []
    cursor: str | None = None
    for _ in range(10):
        page = await desk.page(Caller("ops-poraj", frozenset(), "x"), None, None, cursor)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [item.slug for item in seen] == sorted(network.credentials)


async def test_an_institution_that_left_the_directory_may_send_nothing(network: Network) -> None:
    base = network.bases["ops"]
    rest = Directory(agencies=tuple(each for each in base.directory.agencies if each.slug != "ops-poraj"))
    desk = InstitutionsDesk(rest, base.database("edge"), base.clock)
    page = await desk.page(Caller("ops-poraj", frozenset(), "x"), "cis", None, None)
    assert {item.sends for item in page.items} == {()}
