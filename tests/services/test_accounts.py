"""The people of an institution: its administrator lets them in, changes what they are, and shuts them out."""

from typing import Any

import httpx2
import pytest

from services.edge import accounts
from services.edge.tokens import MEMORY
from tests.nodes import Network, eventually
from tests.services.steps import errors, refused

TYCHY = "ops-tychy"


async def _admin(network: Network, slug: str = TYCHY) -> httpx2.AsyncClient:
    return (await network.person(slug, "ADMIN")).http


async def _add(network: Network, login: str, role: str = "OPS_SOCIAL_WORKER", slug: str = TYCHY) -> dict[str, Any]:
    new = {"login": login, "name": "Ewa Próbna", "role": role}
    answer = await (await _admin(network, slug)).post("/accounts", json=new)
    assert answer.status_code == 201, answer.text
    added: dict[str, Any] = answer.json()
    return added


async def _signed_in(network: Network, added: dict[str, Any], slug: str = TYCHY) -> httpx2.AsyncClient:
    body = {"login": added["account"]["login"], "password": added["password"]}
    answer = await network.client_of(slug).post("/session", json=body)
    assert answer.status_code == 201, answer.text
    return network.office(slug, answer.json()["token"]).http


async def _act(network: Network, added: dict[str, Any], action: str, **body: Any) -> httpx2.Response:
    admin = await _admin(network)
    return await admin.post(f"/accounts/{added['account']['id']}/actions/{action}", json=body)


async def test_who_is_let_in_signs_in_with_the_password_that_is_told_once(network: Network) -> None:
    added = await _add(network, "ewa.probna")
    assert added["account"]["login"] == "ewa.probna@ops-tychy"
    assert [post["role"] for post in added["account"]["posts"]] == ["OPS_SOCIAL_WORKER"]
    http = await _signed_in(network, added)
    assert (await http.get("/session")).json()["name"] == "Ewa Próbna"
    listed = (await (await _admin(network)).get("/accounts")).json()["items"]
    (mine,) = (each for each in listed if each["id"] == added["account"]["id"])
    assert mine["signed_in_at"] is not None
    assert added["password"] not in str(listed)


async def test_everybody_at_an_institution_learns_who_works_there_and_in_which_unit(network: Network) -> None:
    worker = await network.person(TYCHY, "OPS_SOCIAL_WORKER")
    items = (await worker.http.get("/colleagues")).json()["items"]
    (own,) = (each for each in items if each["login"] == "ops-social-worker@ops-tychy")
    assert own["units"] == ["praca_socjalna"]
    assert [post["label"] for post in own["posts"]] == ["pracownik socjalny OPS"]
    assert own["active"] is True


async def test_who_left_keeps_a_name_among_colleagues_and_is_told_as_gone(network: Network) -> None:
    worker = await network.person(TYCHY, "OPS_SOCIAL_WORKER")
    barred, idle = await _add(network, "ewa.odeszla"), await _add(network, "ewa.przeszla")
    await _act(network, barred, "disable")
    await _act(network, idle, "take_post", role="OPS_SOCIAL_WORKER")
    items = {each["id"]: each for each in (await worker.http.get("/colleagues")).json()["items"]}
    told = [(items[each["account"]["id"]]["name"], items[each["account"]["id"]]["active"]) for each in (barred, idle)]
    assert told == [("Ewa Próbna", False)] * 2


async def test_a_login_is_given_once(network: Network) -> None:
    await _add(network, "ewa.pierwsza")
    again = {"login": "ewa.pierwsza", "name": "Inna Próbna", "role": "OPS_HEAD"}
    assert refused(await (await _admin(network)).post("/accounts", json=again)) == (409, "login_taken")


@pytest.mark.parametrize("role", ["CIS_HEAD", "NOBODY"])
async def test_a_role_must_be_one_of_this_kind_of_institution(network: Network, role: str) -> None:
    answer = await (await _admin(network)).post("/accounts", json={"login": "kto.to", "name": "Kto To", "role": role})
    assert (refused(answer), errors(answer)) == ((422, "invalid"), [("role", "role_unknown_here")])


@pytest.mark.parametrize("action", ["disable", "new_password", "take_post"])
async def test_what_shuts_somebody_out_ends_their_sessions(network: Network, action: str) -> None:
    added = await _add(network, f"ewa.{action.replace('_', '-')}")
    http = await _signed_in(network, added)
    assert (await http.get("/notifications")).status_code == 200
    body = {"role": "OPS_SOCIAL_WORKER"} if action == "take_post" else {}
    answer = await _act(network, added, action, **body)
    assert answer.status_code == 200, answer.text

    async def out() -> bool:
        return (await http.get("/notifications")).status_code == 401

    await eventually(out, within=MEMORY + 3)
    credentials = {"login": added["account"]["login"], "password": added["password"]}
    again = await network.client_of(TYCHY).post("/session", json=credentials)
    assert (
        refused(again)
        == {
            "disable": (403, "account_disabled"),
            "new_password": (401, "wrong_password"),
            "take_post": (403, "post_not_held"),
        }[action]
    )
    if action == "new_password":
        await _signed_in(network, {**added, "password": answer.json()["password"]})


async def test_a_disabled_account_is_enabled_again_and_keeps_its_password(network: Network) -> None:
    added = await _add(network, "ewa.wraca")
    assert (await _act(network, added, "disable")).json()["account"]["disabled_at"] is not None
    assert (await _act(network, added, "enable")).json()["account"]["disabled_at"] is None
    await _signed_in(network, added)


async def test_a_person_gets_another_post_and_another_name(network: Network) -> None:
    added = await _add(network, "ewa.awans")
    given = (await _act(network, added, "give_post", role="OPS_HEAD")).json()["account"]
    assert {post["role"] for post in given["posts"]} == {"OPS_HEAD", "OPS_SOCIAL_WORKER"}
    assert (await _act(network, added, "rename", name="Ewa Nowa-Próbna")).json()["account"]["name"] == "Ewa Nowa-Próbna"
    told = (await (await _signed_in(network, added)).get("/session")).json()
    assert (told["name"], len(told["posts"])) == ("Ewa Nowa-Próbna", 2)


async def test_nobody_changes_what_they_are_themselves(network: Network) -> None:
    admin = await _admin(network)
    (own,) = (each for each in (await admin.get("/accounts")).json()["items"] if each["login"] == "admin@ops-tychy")
    for action, body in (("disable", {}), ("take_post", {"role": "ADMIN"}), ("give_post", {"role": "OPS_HEAD"})):
        answer = await admin.post(f"/accounts/{own['id']}/actions/{action}", json=body)
        assert refused(answer) == (409, "own_account"), action


async def test_a_borrowed_person_is_given_and_loses_posts_here_and_nothing_else(network: Network) -> None:
    worker = "ops-social-worker@ops-tychy"
    admin = await _admin(network, "ops-strzelce")
    unknown = await admin.post("/accounts/borrowed", json={"login": "nobody@ops-tychy", "role": "OPS_HEAD"})
    assert errors(unknown) == [("login", "login_unknown")]
    answer = await admin.post("/accounts/borrowed", json={"login": worker, "role": "OPS_SOCIAL_WORKER"})
    assert (answer.status_code, answer.json()["home"]) == (200, TYCHY)
    address = f"/accounts/{answer.json()['id']}/actions"
    for action, body in (("disable", {}), ("enable", {}), ("new_password", {}), ("rename", {"name": "Ktoś Inny"})):
        assert refused(await admin.post(f"{address}/{action}", json=body)) == (403, "account_elsewhere")
    taken = await admin.post(f"{address}/take_post", json={"role": "OPS_SOCIAL_WORKER"})
    assert taken.json()["account"]["posts"] == []
    assert refused(await admin.post(f"{address}/take_post", json={"role": "OPS_SOCIAL_WORKER"})) == (404, "not_found")
    own = (await (await _admin(network)).get("/accounts")).json()["items"]
    assert [len(each["posts"]) for each in own if each["login"] == worker] == [1]


async def test_a_long_list_of_people_comes_page_by_page(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = await _admin(network)
    every = [each["id"] for each in (await admin.get("/accounts")).json()["items"]]
    monkeypatch.setattr(accounts, "PAGE_SIZE", 2)
    found, cursor = [], None
    while True:
        page = (await admin.get("/accounts", params={"cursor": cursor} if cursor else {})).json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == every
    assert len(found) > 2


async def test_an_administrator_sees_the_people_of_their_own_institution_only(network: Network) -> None:
    added = await _add(network, "ewa.tylko-tu")
    elsewhere = await _admin(network, "ops-strzelce")
    listed = (await elsewhere.get("/accounts")).json()["items"]
    assert {each["home"] for each in listed} <= {"ops-strzelce", TYCHY}
    assert added["account"]["id"] not in {each["id"] for each in listed}
    answer = await elsewhere.post(f"/accounts/{added['account']['id']}/actions/disable", json={})
    assert refused(answer) == (404, "not_found")
