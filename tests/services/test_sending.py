"""Creating and sending a referral, drafts, and the way to the receiver."""

import asyncio
from typing import Any

import pytest

from tests.nodes import Network, Office
from tests.services.database import road_closed
from tests.services.steps import errors

UNKNOWN_PATH = "019f0000-0000-7000-8000-000000000000"


async def test_creating_sends_and_answers_with_the_whole_referral(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    answer = await poraj.http.post("/referrals", json=body)
    created = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"/api/v1/referrals/{created['id']}"
    expected = {
        "sender": "ops-poraj",
        "receiver": "cis-poraj",
        "kind": "statutory_cis",
        "urgency": "normal",
        "status": "submitted",
        "version": 1,
        "custodian": "ops-poraj",
        "pending_request": None,
        "last_request": None,
    }
    assert {key: created[key] for key in expected} == expected
    assert {"id", "path_id", "number", "times", "client"} <= created.keys()
    assert created["client"]["pesel"] == body["client"]["pesel"]
    assert [action["action"] for action in created["available_actions"]] == ["withdraw"]
    fields = {field["name"]: field for field in created["available_actions"][0]["fields"]}
    assert (fields["reason"]["required"], fields["note"]["required"]) == (True, False)
    assert {"code": "sent_by_mistake", "label": "Wysłano omyłkowo"} in fields["reason"]["options"]


async def test_the_location_of_a_new_referral_leads_to_it(network: Network) -> None:
    poraj = network.office("ops-poraj")
    answer = await poraj.create("cis-poraj")
    found = await poraj.http.get(f"http://node{answer.headers['location']}")
    assert (found.status_code, found.json()["id"]) == (200, answer.json()["id"])


async def test_both_nodes_know_a_referral_by_the_same_ids(network: Network) -> None:
    sent = await network.office("ops-poraj").send("cis-poraj")
    received = await network.office("cis-poraj").has(sent["id"], status="delivered")
    assert [received[key] for key in ("path_id", "number")] == [sent[key] for key in ("path_id", "number")]


async def test_the_receiver_knows_nothing_until_the_referral_is_delivered(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    async with road_closed(network, "ops"):
        sent = await poraj.send("cis-poraj")
        assert (await cis.http.get(f"/referrals/{sent['id']}")).status_code == 404
        on_the_way = await poraj.get(sent["id"])
    assert on_the_way is not None
    assert (on_the_way["status"], on_the_way["times"]["delivered"]) == ("submitted", None)
    assert (await poraj.has(sent["id"], status="delivered"))["times"]["delivered"] is not None
    assert (await cis.http.get(f"/referrals/{sent['id']}")).status_code == 200


async def test_a_draft_is_saved_and_not_sent(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    answer = await poraj.create("cis-poraj", draft=True)
    draft = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"0"')
    assert (draft["status"], draft["version"], draft["times"]["submitted"]) == ("draft", 0, None)
    assert [action["action"] for action in draft["available_actions"]] == ["ask_opinion", "submit"]
    later = await poraj.send("cis-poraj")
    await cis.has(later["id"], status="delivered")  # on the same link, so the draft would have arrived before
    assert (await cis.http.get(f"/referrals/{draft['id']}")).status_code == 404
    assert await poraj.get(draft["id"]) == draft


async def test_submitting_a_draft_sends_it_under_the_same_ids(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    draft = await poraj.send("cis-poraj", draft=True)
    submitted = await poraj.act(draft["id"], "submit")
    assert (submitted.status_code, submitted.headers["etag"]) == (200, '"1"')
    assert (submitted.json()["status"], submitted.json()["number"]) == ("submitted", draft["number"])
    assert (await cis.has(draft["id"], status="delivered"))["path_id"] == draft["path_id"]


async def test_a_draft_may_lack_what_sending_needs_and_submitting_names_all_of_it(network: Network) -> None:
    poraj = network.office("ops-poraj")
    draft = await poraj.send("cis-poraj", draft=True, grounds=[], route=None, opinion=None)
    refused = await poraj.act(draft["id"], "submit")
    assert {field for field, _ in errors(refused)} == {"grounds", "route", "opinion"}
    assert await poraj.get(draft["id"]) == draft


async def test_a_referral_is_submitted_once(network: Network) -> None:
    poraj = network.office("ops-poraj")
    draft = await poraj.send("cis-poraj", draft=True)
    answers = await asyncio.gather(*(poraj.act(draft["id"], "submit") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def _again(office: Office, receiver: str, body: dict[str, Any]) -> tuple[int, str | None]:
    """Send a referral of the same person; status and the problem's type."""
    own = office.body(receiver) | {"client": body["client"]}
    answer = await office.http.post("/referrals", json=own)
    return answer.status_code, answer.json().get("type")


ALREADY_OPEN = (409, "urn:sciezka:problem:already_open")


async def test_a_person_has_one_open_statutory_referral_at_a_time(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    await poraj.http.post("/referrals", json=body)
    assert await _again(poraj, "cis-poraj", body) == ALREADY_OPEN
    assert await _again(poraj, "cis-myszkow", body) == ALREADY_OPEN


async def test_a_person_may_be_sent_again_after_a_refusal(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    body = poraj.body("cis-poraj")
    first = (await poraj.http.post("/referrals", json=body)).json()
    await cis.has(first["id"], status="delivered")
    await cis.act(first["id"], "decline", reason="no_place")
    await poraj.has(first["id"], status="declined")
    assert (await _again(poraj, "cis-myszkow", body))[0] == 201


async def test_a_person_may_be_handed_to_several_services_but_to_each_once(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("pup-myszkow")
    await poraj.http.post("/referrals", json=body)
    assert await _again(poraj, "pup-myszkow", body) == ALREADY_OPEN
    assert (await _again(poraj, "owes-jowes", body))[0] == 201


async def test_of_many_at_once_for_one_person_only_one_is_sent(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    answers = await asyncio.gather(*(poraj.http.post("/referrals", json=body) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 9]


async def test_two_institutions_may_refer_the_same_person(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    body = poraj.body("cis-poraj")
    first = (await poraj.http.post("/referrals", json=body)).json()
    second = (await myszkow.http.post("/referrals", json=body)).json()
    assert first["path_id"] != second["path_id"]


async def test_later_referrals_of_a_person_continue_the_path(network: Network) -> None:
    poraj = network.office("ops-poraj")
    first = await poraj.send("cis-poraj", client=(client := poraj.body("cis-poraj")["client"]))
    onward = await poraj.send("pup-myszkow", client=client)
    assert onward["path_id"] == first["path_id"]


async def test_first_referrals_of_a_person_that_are_sent_at_once_share_the_path(network: Network) -> None:
    poraj = network.office("ops-poraj")
    client = poraj.body("pup-myszkow")["client"]
    sent = await asyncio.gather(*(poraj.send(to, client=client) for to in ("pup-myszkow", "owes-jowes", "cis-poraj")))
    assert len({referral["path_id"] for referral in sent}) == 1


async def test_nobody_joins_a_path_in_which_they_take_no_part(network: Network) -> None:
    refused = await network.office("ops-poraj").create("cis-poraj", path_id=UNKNOWN_PATH)
    assert errors(refused) == [("path_id", "path_unknown")]


async def test_nobody_joins_the_path_of_another_institution_of_the_node(network: Network) -> None:
    sent = await network.office("ops-poraj").send("cis-poraj")
    refused = await network.office("ops-myszkow").create("cis-poraj", path_id=sent["path_id"])
    assert errors(refused) == [("path_id", "path_unknown")]


async def test_who_began_a_path_sends_on_it_before_the_path_is_told(network: Network) -> None:
    poraj = network.office("ops-poraj")
    first = await poraj.send("cis-poraj")
    onward = await poraj.send("pup-myszkow", path_id=first["path_id"])
    assert onward["path_id"] == first["path_id"]


async def test_who_received_a_referral_sends_on_its_path_before_the_path_is_told(network: Network) -> None:
    cis = network.office("cis-poraj")
    first = await network.office("ops-poraj").send("cis-poraj")
    await cis.has(first["id"])
    onward = await cis.send("pup-myszkow", path_id=first["path_id"])
    assert onward["path_id"] == first["path_id"]


@pytest.mark.parametrize("role", ["OPS_HEAD", "OPS_DEPUTY"])
async def test_who_may_not_issue_a_statutory_referral_prepares_it_and_the_head_or_deputy_sends_it(
    network: Network, role: str
) -> None:
    worker = await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    head = await network.person("ops-poraj", role)
    refused = await worker.create("cis-poraj")
    assert refused.status_code == 403
    assert (
        refused.json()["title"] == "Tę czynność może wykonać: kierownik OPS lub dyrektor CUS, upoważniony zastępca "
        "kierownika OPS, doradca do spraw zatrudnienia PUP, dyrektor PUP."
    )
    draft = await worker.send("cis-poraj", draft=True)
    assert [action["action"] for action in draft["available_actions"]] == ["ask_opinion"]
    assert (await worker.act(draft["id"], "submit")).status_code == 403
    assert (await head.act(draft["id"], "submit")).status_code == 200
