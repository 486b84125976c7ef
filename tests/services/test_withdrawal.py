"""Taking a referral back: a request that the receiving node orders against its own decisions."""

import asyncio
from typing import Any

import pytest

from tests.nodes import Network, Office
from tests.services.database import held_referral, road_closed, rows, wait_for_locks
from tests.services.steps import SOON, actions, club, delivered, done, errors, refused

RACES, AT_ONCE = 3, 4
REASON = "sent_by_mistake"


async def _withdraw(office: Office, referral: str) -> Any:
    return await office.act(referral, "withdraw", reason=REASON)


@pytest.mark.parametrize("stage", ["submitted", "delivered", "in_review", "info_requested"])
async def test_a_referral_is_withdrawn_at_any_stage_before_the_decision(network: Network, stage: str) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    if stage == "submitted":
        async with road_closed(network, "ops"):
            referral = (await poraj.send("cis-poraj"))["id"]
            requested = done(await _withdraw(poraj, referral), 202)
    else:
        referral = await delivered(poraj, "cis-poraj")
        if stage != "delivered":
            await cis.act(referral, "claim")
        if stage == "info_requested":
            await cis.act(referral, "ask", question="Kiedy?", due_on=SOON)
        await poraj.has(referral, status=stage)
        requested = done(await _withdraw(poraj, referral), 202)
    assert (requested["status"], requested["available_actions"]) == (stage, [])
    assert (requested["pending_request"]["action"], requested["pending_request"]["state"]) == ("withdraw", "pending")
    known = await poraj.has(referral, status="withdrawn", pending_request=None)
    assert (known["reason"], known["custodian"], actions(known)) == (REASON, "ops-poraj", {"void"})
    assert known["last_request"]["id"] == requested["pending_request"]["id"]
    assert (known["last_request"]["state"], known["last_request"]["reason"]) == ("done", REASON)
    told = await cis.has(referral, status="withdrawn")
    assert (told["reason"], told["available_actions"]) == (REASON, [])
    assert told["last_request"]["id"] == requested["pending_request"]["id"]


async def test_the_receiver_of_a_withdrawn_referral_sees_nothing_of_the_person_any_more(network: Network) -> None:
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    await coordinator.act(referral, "claim")
    await coordinator.act(referral, "ask", question="Czy pani Anna przyjdzie?", due_on=SOON)
    await zdunska.has(referral, status="info_requested")
    done(await zdunska.act(referral, "answer", text="Pani Anna przyjdzie."), 202)
    await zdunska.has(referral, status="in_review", pending_request=None)
    done(await _withdraw(zdunska, referral), 202)
    told = await coordinator.has(referral, status="withdrawn")
    assert {told[name] for name in ("client", "question", "answer", "note", "lease_until")} == {None}
    (kept,) = await rows(network, "ops", "select * from referral.referral where id = $1", referral)
    assert {value for name, value in kept.items() if name.startswith("sealed_")} == {None}
    known = await zdunska.has(referral, status="withdrawn")
    assert known["client"]["given_name"]


async def test_between_institutions_of_one_node_a_withdrawal_is_answered_too(network: Network) -> None:
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    done(await _withdraw(zdunska, referral), 202)
    assert (await zdunska.has(referral, status="withdrawn"))["pending_request"] is None
    assert (await coordinator.has(referral, status="withdrawn"))["client"] is None


async def test_a_second_request_waits_until_the_first_is_answered(network: Network) -> None:
    poraj = network.office("ops-poraj")
    async with road_closed(network, "ops"):
        referral = (await poraj.send("cis-poraj"))["id"]
        done(await _withdraw(poraj, referral), 202)
        assert refused(await _withdraw(poraj, referral)) == (409, "request_pending")
    await poraj.has(referral, status="withdrawn")


async def test_of_many_requests_at_once_one_is_sent(network: Network) -> None:
    poraj = network.office("ops-poraj")
    async with road_closed(network, "ops"):
        referral = (await poraj.send("cis-poraj"))["id"]
        answers = await asyncio.gather(*(_withdraw(poraj, referral) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409, 409]
    await poraj.has(referral, status="withdrawn")


async def test_an_acceptance_that_comes_first_stands_and_the_sender_learns_why(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    async with held_referral(network, "cis", referral):
        accepting = asyncio.create_task(cis.act(referral, "accept"))
        await wait_for_locks(network, "cis", 1)
        done(await _withdraw(poraj, referral), 202)
        await wait_for_locks(network, "cis", 2)
    done(await accepting)
    known = await poraj.has(referral, status="accepted", pending_request=None)
    assert (known["last_request"]["state"], known["last_request"]["reason"]) == ("refused", "already_accepted")
    told = await cis.has(referral, version=known["version"])
    assert (told["status"], told["last_request"]["reason"]) == ("accepted", "already_accepted")
    assert told["client"]["pesel"]


async def test_a_withdrawal_that_comes_first_stands_and_the_receiver_learns_it(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    async with held_referral(network, "cis", referral):
        done(await _withdraw(poraj, referral), 202)
        await wait_for_locks(network, "cis", 1)
        accepting = asyncio.create_task(cis.act(referral, "accept"))
        await wait_for_locks(network, "cis", 2)
    answer = await accepting
    assert refused(answer) == (409, "illegal_action")
    assert (
        answer.json()["title"] == "Jednostka przyjmująca nie może teraz wykonać tej czynności (stan skierowania: "
        "Wycofane)."
    )
    known = await poraj.has(referral, status="withdrawn", pending_request=None)
    assert (await cis.has(referral, version=known["version"]))["client"] is None


async def test_a_withdrawal_after_a_refusal_is_refused_as_already_declined(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    async with held_referral(network, "cis", referral):
        declining = asyncio.create_task(cis.act(referral, "decline", reason="no_place"))
        await wait_for_locks(network, "cis", 1)
        done(await _withdraw(poraj, referral), 202)
        await wait_for_locks(network, "cis", 2)
    done(await declining)
    known = await poraj.has(referral, status="declined", pending_request=None)
    assert (known["reason"], known["last_request"]["reason"]) == ("no_place", "already_declined")


async def _race(poraj: Office, cis: Office) -> str:
    """Withdraw and accept one referral at once; returns how it ended, the same at both sides."""
    referral = await delivered(poraj, "cis-poraj")
    withdrawal, acceptance = await asyncio.gather(_withdraw(poraj, referral), cis.act(referral, "accept"))
    if withdrawal.status_code == 202:
        known = await poraj.has(referral, pending_request=None)
    else:  # the acceptance was known here before the request was made
        assert refused(withdrawal) == (409, "illegal_action")
        known = await poraj.has(referral, status="accepted")
    assert (known["status"] == "accepted") == (acceptance.status_code == 200)
    if known["status"] == "withdrawn":
        assert refused(acceptance) == (409, "illegal_action")
    elif withdrawal.status_code == 202:
        assert known["last_request"]["reason"] == "already_accepted"
    told = await cis.has(referral, version=known["version"])
    assert (told["status"], told["client"] is None) == (known["status"], known["status"] == "withdrawn")
    status: str = known["status"]
    return status


async def test_a_race_of_withdrawal_and_acceptance_has_exactly_one_winner(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    for _ in range(RACES):
        ended = await asyncio.gather(*(_race(poraj, cis) for _ in range(AT_ONCE)))
        assert set(ended) <= {"accepted", "withdrawn"}


async def test_a_withdrawal_needs_a_reason_from_its_list(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "cis-poraj")
    for body, field, code in (
        ({}, "reason", "reason_required"),
        ({"reason": "no_place"}, "reason", "unknown_reason"),  # a reason to decline
        ({"reason": "other"}, "note", "note_required"),
    ):
        assert errors(await poraj.act(referral, "withdraw", **body)) == [(field, code)]
    assert actions((await poraj.get(referral)) or {}) == {"withdraw", "void"}


async def test_a_withdrawn_person_may_be_sent_again(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    first = (await poraj.http.post("/referrals", json=body)).json()
    done(await poraj.act(first["id"], "withdraw", reason="other", note="Pomyłka w adresie."), 202)
    known = await poraj.has(first["id"], status="withdrawn")
    assert known["note"] == "Pomyłka w adresie."
    assert (await poraj.http.post("/referrals", json=body)).status_code == 201
