"""Two records of one person become one, and two again when that was wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from tests.nodes import Network, Office
from tests.services.applying import people, registered, step
from tests.services.database import administrator, rows, wait_for_locks
from tests.services.finding import client_of, nameless, search
from tests.services.going_on import previewed, withdraw
from tests.services.steps import delivered, done, errors, refused


async def _two(office: Office, first: str = "cis-poraj", second: str = "pup-myszkow") -> tuple[Any, Any, Any, Any]:
    """One person under two names, each with a referral: the two clients, the two referrals."""
    person = nameless()
    other = {**person, "given_name": "Bożenna", "phone": "+48 000 111 222"}
    one = await office.send(first, client=person)
    two = await office.send(second, client=other)
    return await client_of(office, person), await client_of(office, other), one, two


async def _merge(office: Office, gone: dict[str, Any], kept: dict[str, Any], reason: str = "Ta sama osoba.") -> Any:
    return await office.http.post(f"/clients/{gone['id']}/merge", json={"into": kept["id"], "reason": reason})


async def _referrals(office: Office, client: dict[str, Any]) -> set[str]:
    return {each["id"] for each in done(await office.http.get(f"/clients/{client['id']}"))["referrals"]}


async def test_after_a_merge_everything_leads_to_the_kept_record(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, one, two = await _two(poraj)
    merge = done(await _merge(poraj, gone, kept), 201)
    assert (merge["kept"], merge["gone"], merge["reason"]) == (kept["id"], gone["id"], "Ta sama osoba.")
    shown = done(await poraj.http.get(f"/clients/{gone['id']}"))
    assert shown["id"] == kept["id"]
    assert {each["id"] for each in shown["referrals"]} == {one["id"], two["id"]}
    assert [each["client_id"] for each in shown["merged"]] == [gone["id"]]
    person = shown["known"]["person"]
    assert (person["given_name"], person["phone"]) == ("Bożena", "+48 000 111 222")
    found = await search(poraj, **{name: two["client"][name] for name in ("given_name", "family_name", "birth_date")})
    assert gone["id"] not in {each["client_id"] for each in found}
    assert kept["id"] in {each["client_id"] for each in found}
    assert refused(await poraj.create("cis-poraj", client=_named(two))) == (409, "already_open")
    listed = [item["id"] for item in done(await poraj.http.get("/clients"))["items"]]
    assert kept["id"] in listed
    assert gone["id"] not in listed


def _named(referral: dict[str, Any]) -> dict[str, Any]:
    return {name: referral["client"][name] for name in ("given_name", "family_name", "birth_date")}


async def test_an_undone_merge_leaves_everything_as_it_was_but_for_what_is_new(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, one, two = await _two(poraj)
    merge = done(await _merge(poraj, gone, kept), 201)
    meanwhile = await poraj.send("owes-jowes", client=_named(two) | {"email": "nowa@example.org"})
    undone = done(await poraj.http.post(f"/clients/merges/{merge['id']}/undo"))
    assert undone["undone_by"] == "ops-poraj"
    assert undone["undone_at"] is not None
    assert await _referrals(poraj, kept) == {one["id"], meanwhile["id"]}
    assert await _referrals(poraj, gone) == {two["id"]}
    for before in (kept, gone):
        after = done(await poraj.http.get(f"/clients/{before['id']}"))
        person = before["known"]["person"]
        if before is kept:
            person |= {"given_name": after["known"]["person"]["given_name"], "email": "nowa@example.org"}
        assert after["known"]["person"] == person
        assert after["merged"] == []
    assert refused(await poraj.create("pup-myszkow", client=_named(two))) == (409, "already_open")
    assert (await poraj.create("cis-poraj", client=_named(two))).status_code == 201
    again = await poraj.http.post(f"/clients/merges/{merge['id']}/undo")
    assert refused(again) == (409, "merge_not_last")


async def test_two_open_referrals_of_one_kind_must_be_settled_before_a_merge(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    kept, gone, one, two = await _two(poraj, "pup-myszkow", "pup-myszkow")
    answer = await _merge(poraj, gone, kept)
    assert refused(answer) == (409, "merge_both_open")
    assert answer.json()["links"] == [f"/api/v1/referrals/{each['id']}" for each in (one, two)]
    assert done(await poraj.http.get(f"/clients/{gone['id']}"))["known"] == gone["known"]
    await pup.has(two["id"], status="delivered")
    done(await pup.act(two["id"], "decline", reason="no_place"))
    await poraj.has(two["id"], status="declined")
    assert (await _merge(poraj, gone, kept)).status_code == 201


async def test_a_referral_in_flight_goes_on_after_a_merge(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    person = nameless()
    kept_referral = await poraj.send("pup-myszkow", client=person)
    other = person | {"given_name": "Bożenna"}
    flying = await delivered(poraj, "cis-poraj", client=other)
    kept, gone = await client_of(poraj, person), await client_of(poraj, other)
    done(await _merge(poraj, gone, kept), 201)
    done(await cis.act(flying, "accept"))
    assert (await poraj.has(flying, status="accepted"))["client"]["given_name"] == "Bożenna"
    assert await _referrals(poraj, kept) == {kept_referral["id"], flying}


async def test_records_with_two_pesels_are_two_people(network: Network) -> None:
    poraj = network.office("ops-poraj")
    one, two = [await client_of(poraj, (await poraj.send("cis-poraj"))["client"]) for _ in range(2)]
    assert refused(await _merge(poraj, one, two)) == (409, "merge_two_pesels")


async def test_a_chain_of_merges_is_undone_from_its_end(network: Network) -> None:
    poraj = network.office("ops-poraj")
    second, first, _, _ = await _two(poraj)
    person = nameless()
    await poraj.send("owes-jowes", client=person)
    last = await client_of(poraj, person)
    inner = done(await _merge(poraj, first, second), 201)
    outer = done(await _merge(poraj, second, last), 201)
    assert len(await _referrals(poraj, last)) == 3
    assert done(await poraj.http.get(f"/clients/{first['id']}"))["id"] == last["id"]
    assert refused(await poraj.http.post(f"/clients/merges/{inner['id']}/undo")) == (409, "merge_not_last")
    done(await poraj.http.post(f"/clients/merges/{outer['id']}/undo"))
    assert done(await poraj.http.get(f"/clients/{first['id']}"))["id"] == second["id"]
    done(await poraj.http.post(f"/clients/merges/{inner['id']}/undo"))
    assert [len(await _referrals(poraj, each)) for each in (first, second, last)] == [1, 1, 1]


async def test_a_household_leads_to_the_record_that_stays(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, _, _ = await _two(poraj)
    wife = await poraj.send("cis-poraj", household=[{"relation": "spouse", "client_id": gone["id"]}])
    done(await _merge(poraj, gone, kept), 201)
    assert [each["client_id"] for each in (await client_of(poraj, wife["client"]))["household"]] == [kept["id"]]


async def test_a_pesel_told_by_the_merged_record_stays_with_the_kept_one(network: Network) -> None:
    poraj = network.office("ops-poraj")
    person = nameless()
    await poraj.send("pup-myszkow", client=person)
    kept = await client_of(poraj, person)
    sent = await poraj.send("cis-poraj")
    gone = await client_of(poraj, sent["client"])
    merge = done(await _merge(poraj, gone, kept), 201)
    shown = done(await poraj.http.get(f"/clients/{kept['id']}"))
    assert shown["known"]["person"]["pesel"] == sent["client"]["pesel"]
    corrected = shown["known"] | {"person": shown["known"]["person"] | {"phone": "+48 000 9", "birth_date": None}}
    assert done(await poraj.http.put(f"/clients/{kept['id']}", json=corrected))["id"] == kept["id"]
    done(await poraj.http.post(f"/clients/merges/{merge['id']}/undo"))
    apart = done(await poraj.http.get(f"/clients/{kept['id']}"))["known"]["person"]
    assert (apart["pesel"], apart["phone"]) == (None, "+48 000 9")
    assert [each["client_id"] for each in await search(poraj, pesel=sent["client"]["pesel"])] == [gone["id"]]


async def test_a_merge_needs_two_clients_of_the_institution(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    mine = await client_of(poraj, (await poraj.send("cis-poraj"))["client"])
    theirs = await client_of(myszkow, (await myszkow.send("cis-poraj"))["client"])
    assert errors(await _merge(poraj, mine, mine)) == [("into", "merge_with_itself")]
    assert errors(await _merge(poraj, mine, theirs)) == [("into", "client_unknown")]
    assert (await _merge(poraj, theirs, mine)).status_code == 404
    assert (await poraj.http.post(f"/clients/merges/{uuid4()}/undo")).status_code == 404


async def test_an_application_goes_along_and_two_open_ones_must_be_settled_before(network: Network) -> None:
    worker, head = await people(network)
    kept, gone, third = [await registered(worker, client=nameless()) for _ in range(3)]
    records = [await client_of(worker, _named(each)) for each in (kept, gone, third)]
    answer = await _merge(head, records[1], records[0])
    assert refused(answer) == (409, "merge_both_open")
    assert answer.json()["links"] == [f"/api/v1/applications/{each['id']}" for each in (kept, gone)]
    await step(worker, kept, "withdraw", reason="no_contact")
    merge = done(await _merge(head, records[1], records[0]), 201)
    shown = done(await worker.http.get(f"/clients/{records[0]['id']}"))["applications"]
    assert {(each["id"], each["status"]) for each in shown} == {(kept["id"], "withdrawn"), (gone["id"], "registered")}
    done(await head.http.post(f"/clients/merges/{merge['id']}/undo"))
    (back,) = done(await worker.http.get(f"/clients/{records[1]['id']}"))["applications"]
    assert back["link"] == f"/api/v1/applications/{gone['id']}"


async def test_a_draft_goes_along_and_is_sent_for_the_kept_record(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, _, two = await _two(poraj)
    draft = await poraj.send("owes-jowes", draft=True, client=_named(two))
    assert draft["id"] in await _referrals(poraj, gone)
    done(await _merge(poraj, gone, kept), 201)
    assert draft["id"] in await _referrals(poraj, kept)
    done(await poraj.act(draft["id"], "submit"))
    assert draft["id"] in await _referrals(poraj, kept)


async def test_a_merge_and_the_sending_of_a_draft_of_the_same_person_do_not_wait_for_each_other(
    network: Network,
) -> None:
    poraj = network.office("ops-poraj")
    for _ in range(3):
        kept, gone, _, two = await _two(poraj)
        draft = await poraj.send("owes-jowes", draft=True, client=_named(two))
        merged, sent = await asyncio.gather(_merge(poraj, gone, kept), poraj.act(draft["id"], "submit"))
        assert (merged.status_code, sent.status_code) == (201, 200)
        assert draft["id"] in await _referrals(poraj, kept)


@asynccontextmanager
async def _held(network: Network, referral: str) -> AsyncIterator[asyncio.TaskGroup]:
    """Tasks of which the first gets this referral of the sender first, when the block has ended."""
    async with administrator(network, "ops") as connection, asyncio.TaskGroup() as tasks, connection.transaction():
        await connection.execute("select 1 from intake.referral where id = $1 for update", referral)
        yield tasks


async def test_a_merge_and_the_taking_back_of_everything_of_the_same_person_do_not_wait_for_each_other(
    network: Network,
) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, _, two = await _two(poraj)
    await poraj.has(two["id"], status="delivered")
    shown = await previewed(poraj, gone["id"])
    async with _held(network, two["id"]) as tasks:
        withdrawing = tasks.create_task(withdraw(poraj, shown))
        await wait_for_locks(network, "ops", 1)
        merging = tasks.create_task(_merge(poraj, gone, kept))
        await wait_for_locks(network, "ops", 2)
    assert (withdrawing.result().status_code, merging.result().status_code) == (200, 201)


async def test_a_merge_and_a_referral_in_the_place_of_one_of_the_same_person_do_not_wait_for_each_other(
    network: Network,
) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, _, two = await _two(poraj)
    done(await poraj.act(two["id"], "withdraw", reason="sent_by_mistake"), 202)
    await poraj.has(two["id"], status="withdrawn")
    async with _held(network, two["id"]) as tasks:
        merging = tasks.create_task(_merge(poraj, gone, kept))
        await wait_for_locks(network, "ops", 1)
        sending = tasks.create_task(poraj.create("pup-myszkow", client=_named(two), follows=two["id"]))
        await wait_for_locks(network, "ops", 2)
    assert (merging.result().status_code, sending.result().status_code) == (201, 201)


async def test_a_merge_and_a_referral_under_the_merged_identity_do_not_wait_for_each_other(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, _, two = await _two(poraj)
    done(await _merge(poraj, gone, kept), 201)
    person = nameless()
    await poraj.send("owes-jowes", client=person)
    last = await client_of(poraj, person)
    async with administrator(network, "ops") as connection, asyncio.TaskGroup() as tasks, connection.transaction():
        await connection.execute("select 1 from intake.client where id = $1 for update", last["id"])
        merging = tasks.create_task(_merge(poraj, kept, last))
        await wait_for_locks(network, "ops", 1)  # it holds the record that is to go
        sending = tasks.create_task(poraj.create("owes-jowes", client=_named(two)))
        await wait_for_locks(network, "ops", 2)
    assert merging.result().status_code == 201
    assert refused(sending.result()) == (409, "already_open")  # for it found the one that is kept now


async def test_a_caseworker_leaves_merging_to_the_head(network: Network) -> None:
    worker, head = await people(network)
    kept, gone, *_ = await _two(head)
    answer = await _merge(worker, gone, kept)
    assert refused(answer) == (403, "merge_by_head")
    assert "może wykonać: kierownik" in answer.json()["title"]
    merge = done(await _merge(head, gone, kept), 201)
    address = f"/clients/merges/{merge['id']}/undo"
    assert refused(await worker.http.post(address)) == (403, "merge_by_head")
    done(await head.http.post(address))


async def test_the_reason_of_a_merge_is_sealed(network: Network) -> None:
    poraj = network.office("ops-poraj")
    kept, gone, _, _ = await _two(poraj)
    done(await _merge(poraj, gone, kept, reason="Zapisano Kanarkowską dwa razy"), 201)
    query = "select sealed_reason from intake.client_merge where gone = $1"
    (row,) = await rows(network, "ops", query, gone["id"])
    assert "Kanarkowsk" not in row["sealed_reason"]
