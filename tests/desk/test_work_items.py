"""Work items at the interface: all that concerns an institution, and what to call people."""

from typing import Any

import pytest

from contracts.work import AT_ONCE
from services.desk.reading import reader_token
from tests.nodes import Network, Office, eventually
from tests.services.applying import registered
from tests.services.steps import delivered


async def _items(office: Office, **query: Any) -> dict[str, dict[str, Any]]:
    answer = await office.http.get("/work-items", params=query)
    assert answer.status_code == 200, answer.text
    return {item["id"]: item for item in answer.json()["items"]}


async def _item(office: Office, referral_id: str, path_id: str) -> dict[str, Any] | None:
    return (await _items(office, path=path_id)).get(referral_id)


async def _person(office: Office, item_id: str) -> dict[str, Any] | None:
    answer = await office.http.post("/work-items/people", json={"ids": [item_id]})
    assert answer.status_code == 200, answer.text
    return next((who for who in answer.json()["people"] if who["id"] == item_id), None)


@pytest.fixture
async def ops(network: Network) -> Office:
    return network.office("ops-poraj")


@pytest.fixture
async def cis(network: Network) -> Office:
    return network.office("cis-poraj")


async def test_both_sides_of_a_referral_have_it_as_an_item_with_whose_move_it_is(ops: Office, cis: Office) -> None:
    sent = await ops.send("cis-poraj")
    await cis.has(sent["id"])
    await ops.has(sent["id"], status="delivered")
    mine, theirs = [await _item(office, sent["id"], sent["path_id"]) for office in (ops, cis)]
    assert mine is not None
    assert theirs is not None
    assert (mine["what"], theirs["what"]) == ("sent", "received")
    assert mine["ball"] == theirs["ball"] == "cis-poraj"
    assert mine["number"] == theirs["number"] == sent["number"]


async def test_an_item_tells_the_next_deadline_with_basis_and_derivation(ops: Office, cis: Office) -> None:
    sent = await ops.send("cis-poraj")

    async def due() -> Any:
        item = await _item(cis, sent["id"], sent["path_id"])
        found = item and item["deadline"]
        return found and found["rule"] == "claim" and found

    deadline = await eventually(due)
    assert deadline["owner"] == "cis-poraj"
    assert deadline["derivation"].keys() == {"pl", "en"}
    assert deadline["basis"]


async def test_to_be_on_a_list_is_not_to_be_seen(ops: Office, cis: Office) -> None:
    sent = await ops.send("cis-poraj")
    await ops.has(sent["id"], status="delivered")
    assert await _item(cis, sent["id"], sent["path_id"])
    assert await _person(cis, sent["id"])
    item = await _item(cis, sent["id"], sent["path_id"])
    assert item is not None
    assert item["times"]["seen"] is None


async def test_nobody_is_named_in_an_item(ops: Office) -> None:
    sent = await ops.send("cis-poraj")
    answer = await ops.http.get("/work-items", params={"path": sent["path_id"]})
    assert sent["client"]["family_name"] not in answer.text
    assert sent["client"]["pesel"] not in answer.text


async def test_the_sender_knows_the_name_and_the_receiver_only_the_town_before_a_claim(
    ops: Office, cis: Office
) -> None:
    sent = await ops.send("cis-poraj")
    await cis.has(sent["id"])
    name = {key: sent["client"][key] for key in ("given_name", "family_name")}
    known = await _person(ops, sent["id"])
    assert known is not None
    assert known.items() >= name.items()
    before = await _person(cis, sent["id"])
    assert before == {
        "id": sent["id"],
        "number": None,
        "given_name": None,
        "family_name": None,
        "town": sent["client"]["address"]["town"],
    }
    assert (await cis.act(sent["id"], "claim")).status_code == 200
    after = await _person(cis, sent["id"])
    assert after is not None
    assert after.items() >= name.items()


async def test_another_institution_learns_nothing_of_an_item(network: Network, ops: Office) -> None:
    referral = await delivered(ops, "cis-poraj")
    stranger = network.office("ops-myszkow")
    assert await _person(stranger, referral) is None
    path = (await ops.get(referral) or {})["path_id"]
    assert await _items(stranger, path=path) == {}


async def test_a_request_that_waits_makes_a_later_revision_of_the_item(ops: Office, cis: Office) -> None:
    sent = await ops.send("cis-poraj")
    await ops.has(sent["id"], status="delivered")
    before = await _item(ops, sent["id"], sent["path_id"])
    asked = await ops.act(sent["id"], "withdraw", reason="person_moved")
    assert asked.status_code == 202
    after = await _item(ops, sent["id"], sent["path_id"])
    assert before is not None
    assert after is not None
    assert after["revision"] > before["revision"]
    assert (after["pending"] or after["last_request"])["action"] == "withdraw"


async def test_an_application_is_an_item_of_its_ops(ops: Office) -> None:
    application = await registered(ops)
    item = (await _items(ops, path=application["path_id"]))[application["id"]]
    assert (item["what"], item["status"], item["ball"]) == ("application", "registered", "ops-poraj")
    person = await _person(ops, application["id"])
    assert person is not None
    assert person["family_name"] == application["client"]["family_name"]


async def test_a_notice_waits_until_it_is_read(network: Network) -> None:
    pup, ops = network.office("pup-myszkow"), network.office("ops-myszkow")
    person = pup.body("cis-myszkow")["client"] | {"address": {"town": "Myszków", "gmina": "2409011"}}
    sent = await pup.send("cis-myszkow", client=person, paid_place=True)

    async def told() -> Any:
        return [each for each in (await _items(ops, path=sent["path_id"])).values() if each["what"] == "notice"]

    (notice,) = await eventually(told)
    assert (notice["status"], notice["ball"]) == ("unread", "ops-myszkow")
    await ops.http.post(f"/notices/{notice['id']}/actions/read")
    (notice,) = await told()
    assert (notice["status"], notice["ball"]) == ("read", None)


async def test_page_by_page_every_item_comes_once(ops: Office) -> None:
    sent = {(await ops.send("cis-poraj"))["id"] for _ in range(3)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        answer = (await ops.http.get("/work-items", params={"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert sent <= set(seen)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("cursor", ["sent.x", "other.", "sent"])
async def test_a_cursor_that_is_none_is_refused(ops: Office, cursor: str) -> None:
    answer = await ops.http.get("/work-items", params={"cursor": cursor})
    assert (answer.status_code == 422) == (cursor != "sent")


async def test_more_paths_than_can_be_answered_at_once_are_refused(ops: Office) -> None:
    paths = ["0198f3a0-7c11-7b60-8f14-2e9d7a5c3b18"] * (AT_ONCE + 1)
    assert (await ops.http.get("/work-items", params={"path": paths})).status_code == 422


async def test_the_reader_of_the_desk_may_read_items_and_nothing_of_a_person(network: Network) -> None:
    password = network.bases["ops"].secrets.database_password("ops", "desk")
    reader = network.office("ops-poraj", reader_token(password, "ops-poraj"))
    assert (await reader.http.get("/work-items")).status_code == 200
    assert (await reader.http.post("/work-items/people", json={"ids": []})).status_code == 401
    assert (await reader.http.get("/referrals")).status_code == 401
