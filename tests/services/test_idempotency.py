"""Idempotency-Key: a creation that is repeated, for whatever reason, happens once and is answered alike."""

import asyncio

import pytest

from tests.nodes import Network
from tests.services.steps import errors, refused


def _key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


async def test_a_repeated_creation_gets_the_stored_answer_even_when_the_referral_went_on(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    body = poraj.body("cis-poraj")
    first = await poraj.http.post("/referrals", json=body, headers=_key("went-on"))
    sent = first.json()
    await cis.has(sent["id"], status="delivered")
    await cis.act(sent["id"], "accept")
    await poraj.has(sent["id"], status="accepted")
    again = await poraj.http.post("/referrals", json=body, headers=_key("went-on"))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for header in ("etag", "location"):
        assert again.headers[header] == first.headers[header]


async def test_a_draft_that_has_no_receiver_yet_is_begun_once_too(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = {"draft": True, "client": poraj.body("cis-poraj")["client"]}
    first, again = [await poraj.http.post("/referrals", json=body, headers=_key("nowhere")) for _ in range(2)]
    assert (first.status_code, first.json()["receiver"]) == (201, None)
    assert (again.status_code, again.content) == (first.status_code, first.content)


async def test_the_order_of_fields_is_not_another_body(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    first = await poraj.http.post("/referrals", json=body, headers=_key("order"))
    again = await poraj.http.post("/referrals", json=dict(reversed(body.items())), headers=_key("order"))
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])


async def test_a_hundred_at_once_create_one(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    answers = await asyncio.gather(
        *(poraj.http.post("/referrals", json=body, headers=_key("hundred")) for _ in range(100))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    mine = (await poraj.http.get("/referrals", params={"box": "sent"})).json()["items"]
    assert [item["client"]["pesel"] for item in mine if item["client"]].count(body["client"]["pesel"]) == 1


async def test_the_same_key_with_another_body_is_refused(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    await poraj.http.post("/referrals", json=body, headers=_key("other-body"))
    again = await poraj.http.post("/referrals", json=body | {"urgency": "urgent"}, headers=_key("other-body"))
    assert refused(again) == (422, "key_reused")


async def test_a_part_that_cannot_be_read_is_another_body(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    await poraj.http.post("/referrals", json=body, headers=_key("unread"))
    for wrong in ({"colour": "zielony"}, {"labour": 7}):
        again = await poraj.http.post("/referrals", json=body | wrong, headers=_key("unread"))
        assert refused(again) == (422, "key_reused")


async def test_a_key_belongs_to_one_institution(network: Network) -> None:
    poraj, tychy = network.office("ops-poraj"), network.office("ops-tychy")
    first = await poraj.create("cis-poraj", headers=_key("shared"))
    second = await tychy.create("cis-poraj", headers=_key("shared"))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


async def test_a_refused_creation_leaves_its_key_free(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    wrong = await poraj.http.post("/referrals", json=body | {"grounds": []}, headers=_key("corrected"))
    assert wrong.status_code == 422
    assert (await poraj.http.post("/referrals", json=body, headers=_key("corrected"))).status_code == 201


async def test_those_who_wait_for_a_refused_creation_are_refused_for_the_same_reason(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    await poraj.http.post("/referrals", json=body)
    answers = await asyncio.gather(
        *(poraj.http.post("/referrals", json=body, headers=_key("open-already")) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {409}
    assert {answer.json()["type"] for answer in answers} == {"urn:sciezka:problem:already_open"}


@pytest.mark.parametrize(("key", "code"), [("", "string_too_short"), ("k" * 256, "string_too_long")])
async def test_a_key_that_cannot_be_kept_is_an_error_of_the_header(network: Network, key: str, code: str) -> None:
    answer = await network.office("ops-poraj").create("cis-poraj", headers=_key(key))
    assert errors(answer) == [("idempotency-key", code)]


async def test_the_longest_key_is_kept(network: Network) -> None:
    assert (await network.office("ops-poraj").create("cis-poraj", headers=_key("k" * 255))).status_code == 201
