"""Whom an application is about: one open at a time, and the same client whatever is learned or corrected meanwhile."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.kit.pesel import read_pesel
from tests.nodes import Network, Office, eventually
from tests.services.applying import CONSENT, HELD, opined, paper, people, registered, step
from tests.services.database import road_closed, rows
from tests.services.steps import done, errors, refused


async def test_the_same_key_registers_one_application(network: Network) -> None:
    worker, _ = await people(network)
    body, headers = paper(worker), {"Idempotency-Key": str(uuid4())}
    first = done(await worker.http.post("/applications", json=body, headers=headers), 201)
    again = done(await worker.http.post("/applications", json=body, headers=headers), 201)
    assert again == first
    events = """
        select 1 from intake.outbox where headers ->> 'ce-subject' = $1 and headers ->> 'ce-type' like '%application%'
    """
    assert len(await rows(network, "ops", events, first["path_id"])) == 1
    other = await worker.http.post("/applications", json=body | {"urgency": "urgent"}, headers=headers)
    assert refused(other) == (422, "key_reused")


async def test_a_person_has_one_open_application_and_the_second_is_told_where_it_is(network: Network) -> None:
    worker, _ = await people(network)
    body = paper(worker)
    first = done(await worker.http.post("/applications", json=body), 201)
    second = await worker.http.post("/applications", json=body)
    assert refused(second) == (409, "application_open")
    assert second.json()["link"] == f"/api/v1/applications/{first['id']}"
    await step(worker, first, "withdraw", reason="withdrawn_by_person")
    done(await worker.http.post("/applications", json=body), 201)


async def test_of_two_registrations_at_once_one_is_refused(network: Network) -> None:
    worker, _ = await people(network)
    body = paper(worker)
    answers = await asyncio.gather(*(worker.http.post("/applications", json=body) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_known_client_is_named_by_id_and_everything_of_theirs_is_on_one_path(network: Network) -> None:
    worker, _ = await people(network)
    first = await registered(worker)
    await step(worker, first, "withdraw", reason="no_contact")
    body = paper(worker) | {"client": None, "client_id": first["client_id"]}
    again = done(await worker.http.post("/applications", json=body), 201)
    assert (again["client_id"], again["client"]["pesel"]) == (first["client_id"], first["client"]["pesel"])
    service = await worker.send("pup-myszkow", client=None, client_id=first["client_id"])
    assert service["path_id"] == again["path_id"]


async def test_a_client_who_is_corrected_meanwhile_is_referred_as_corrected(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker)
    address = f"/clients/{application['client_id']}"
    known = done(await worker.http.get(address))["known"]
    known["person"] |= {"family_name": "Poprawiona", "pesel": paper(worker)["client"]["pesel"], "birth_date": None}
    corrected = done(await worker.http.put(address, json=known))["known"]["person"]
    assert done(await worker.http.get(f"/applications/{application['id']}"))["client"]["family_name"] == "Poprawiona"
    issued = await step(head, application, "issue", case_mark="OPS.8", form={"expectations": "Praca."})
    assert issued["client_id"] == application["client_id"]
    sent = done(await worker.http.get(f"/referrals/{issued['referral_id']}"))["client"]
    assert (sent["family_name"], sent["pesel"]) == ("Poprawiona", corrected["pesel"])


def by_name(worker: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    """A person as somebody who has no PESEL at hand writes them down, and as the interview shows them to be."""
    whole = paper(worker)["client"]
    born = read_pesel(whole["pesel"], training=True).birth_date
    names = {name: whole[name] for name in ("given_name", "family_name")}
    return names | {"birth_date": str(born)}, names | {"pesel": whole["pesel"]}


async def test_a_pesel_learned_at_the_interview_is_the_same_clients(network: Network) -> None:
    worker, _ = await people(network)
    named, whole = by_name(worker)
    application = await registered(worker, client=named)
    draft = await worker.send("pup-myszkow", draft=True, client=named)
    held = await step(worker, application, "record_interview", held_on=HELD, place="OPS", form={"client": whole})
    assert (held["client_id"], held["client"]["pesel"]) == (application["client_id"], whole["pesel"])
    client = done(await worker.http.get(f"/clients/{application['client_id']}"))
    assert (client["version"], client["known"]["person"]["pesel"]) == (2, whole["pesel"])
    assert [each["id"] for each in client["referrals"]] == [draft["id"]]
    again = await worker.http.post("/applications", json=paper(worker, client=whole))
    assert refused(again) == (409, "application_open")
    assert again.json()["link"] == f"/api/v1/applications/{application['id']}"


async def test_an_identity_that_another_client_has_is_refused_with_a_link_until_they_are_merged(
    network: Network,
) -> None:
    worker, head = await people(network)
    named, whole = by_name(worker)
    application = await registered(worker, client=named)
    sent = await worker.send("pup-myszkow", client=whole)
    (other,) = done(await worker.http.post("/clients/search", json={"pesel": whole["pesel"]}))["items"]
    address = f"/applications/{application['id']}"
    body = {"held_on": HELD, "place": "OPS", "form": {"client": whole}}
    answer = await worker.http.post(f"{address}/actions/record_interview", json=body)
    assert refused(answer) == (409, "client_exists")
    assert answer.json()["link"] == f"/api/v1/clients/{other['client_id']}"
    assert done(await worker.http.get(address)) == application
    wish = {"into": other["client_id"], "reason": "Ta sama osoba."}
    done(await head.http.post(f"/clients/{application['client_id']}/merge", json=wish), 201)
    held = await step(worker, application, **{"action": "record_interview"} | body)
    assert held["client_id"] == other["client_id"]
    client = done(await worker.http.get(f"/clients/{other['client_id']}"))
    assert [each["id"] for each in client["referrals"]] == [sent["id"]]


async def test_what_an_action_does_not_tell_again_leaves_a_correction_of_the_client_alone(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker, background={"occupation": "kucharz"})
    address = f"/clients/{application['client_id']}"
    known = done(await worker.http.get(address))["known"]
    done(await worker.http.put(address, json=known | {"background": {"occupation": "piekarz"}}))
    await step(worker, application, "record_interview", held_on=HELD, place="OPS", form={"expectations": "Praca."})
    assert done(await worker.http.get(address))["known"]["background"]["occupation"] == "piekarz"


async def test_a_member_of_the_household_named_by_an_id_is_a_client_of_the_ops(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    form = {"household": [{"relation": "child", "client_id": str(uuid4())}]}
    body = {"held_on": HELD, "place": "OPS", "form": form}
    answer = await worker.http.post(f"/applications/{application['id']}/actions/record_interview", json=body)
    assert errors(answer) == [("form.household.0.client_id", "client_unknown")]


@pytest.mark.parametrize("changed", ["merged", "corrected"])
async def test_an_application_in_flight_while_its_client_changes_ends_in_order_with_nobody_left_over(
    network: Network, changed: str
) -> None:
    club, head = network.office("owes-jowes"), await network.person("ops-poraj", "OPS_HEAD")
    named, whole = by_name(head)
    mine = await head.send("cis-poraj", client=named)
    gone = await client_of(network, "ops", mine)
    async with road_closed(network, "owes"):
        sent = await club.send("ops-poraj", kind="application", consent=CONSENT, client=named)
        sender = await client_of(network, "owes", sent)
        known = done(await club.http.get(f"/clients/{sender}"))["known"] | {"person": whole}
        done(await club.http.put(f"/clients/{sender}", json=known))
        if changed == "merged":
            other = await head.send("pup-myszkow", client=whole)
            kept = await client_of(network, "ops", other)
            wish = {"into": kept, "reason": "Ta sama osoba."}
            done(await head.http.post(f"/clients/{gone}/merge", json=wish), 201)
            referrals = {mine["id"], other["id"]}
        else:
            kept, referrals = gone, {mine["id"]}
            known = done(await head.http.get(f"/clients/{gone}"))["known"]
            known["person"] |= {"phone": "+48 000 222 333"}
            done(await head.http.put(f"/clients/{gone}", json=known))
    await club.has(sent["id"], status="delivered")
    done(await head.act(sent["id"], "claim"))
    done(await head.act(sent["id"], "accept"))
    assert (await club.has(sent["id"], status="accepted"))["version"] == 4
    application = await eventually(lambda: taken_from(head, sent["id"]))
    assert (application["client_id"], application["path_id"]) == (kept, sent["path_id"])
    client = done(await head.http.get(f"/clients/{kept}"))
    assert [each["id"] for each in client["applications"]] == [application["id"]]
    assert {each["id"] for each in client["referrals"]} == referrals
    assert done(await head.http.get(f"/clients/{gone}"))["id"] == kept
    assert [each["id"] for each in done(await club.http.get(f"/clients/{sender}"))["referrals"]] == [sent["id"]]
    assert await client_of(network, "owes", sent) == sender


async def client_of(network: Network, node: str, referral: dict[str, Any]) -> str:
    """The client whose referral this is."""
    (row,) = await rows(network, node, "select client_id from intake.referral where id = $1", referral["id"])
    return str(row["client_id"])


async def taken_from(office: Office, referral_id: str) -> dict[str, Any] | None:
    """The application that an electronic one became."""
    items = done(await office.http.get("/applications"))["items"]
    return next((item for item in items if item["source_id"] == referral_id), None)
