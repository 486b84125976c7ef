"""The receiver's work on a referral: opening, claiming, giving back, deciding; and what the sender learns of it."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from contracts.directory import Directory
from rules.calendar import add_working_days, end_of_day, local_day
from services.kit.keyring import load_keyring
from services.referral.context import Receiving
from services.referral.sweep import sweep
from tests.nodes import Network, Office, quickest
from tests.services.database import change, held_referral, rows, wait_for_locks
from tests.services.steps import actions, club, delivered, done, errors, refused

CONCURRENT = 5
LEASE_IS_OVER = "update referral.lease set until = now() where referral_id = $1"


async def _open_at(office: Office, referral_id: str) -> dict[str, Any]:
    return done(await office.http.get(f"/referrals/{referral_id}"))


async def test_the_first_opening_is_recorded_once_and_the_sender_sees_it(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    async with held_referral(network, "cis", referral):
        opening = [asyncio.create_task(_open_at(cis, referral)) for _ in range(2)]
        await wait_for_locks(network, "cis", 2)
    first = await asyncio.gather(*opening)
    again = await _open_at(cis, referral)
    assert {shown["version"] for shown in (*first, again)} == {3}
    known = await poraj.has(referral, version=3)
    assert known["times"]["seen"] == again["times"]["seen"] == first[0]["times"]["seen"]
    assert known["status"] == "delivered"


async def test_a_list_does_not_count_as_opening(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    listed = (await cis.http.get("/referrals")).json()["items"]
    (mine,) = (item for item in listed if item["id"] == referral)
    assert mine["times"]["seen"] is None
    assert (await _open_at(cis, referral))["version"] == 3


async def test_times_tell_when_what_happened_the_same_at_both_sides(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    await _open_at(cis, referral)
    decided = done(await cis.act(referral, "accept"))["times"]
    known = (await poraj.has(referral, status="accepted"))["times"]
    assert known == decided
    assert sorted(decided.values()) == [decided[name] for name in ("submitted", "delivered", "seen", "decided")]


@pytest.mark.parametrize("action", ["claim", "accept", "decline"])
async def test_whoever_acts_on_a_referral_has_seen_it_also_without_opening_it(network: Network, action: str) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    acted = done(await cis.act(referral, action, **({"reason": "no_place"} if action == "decline" else {})))
    known = await poraj.has(referral, version=acted["version"])
    assert known["times"]["seen"] == acted["times"]["seen"]
    assert known["times"]["seen"] is not None


async def test_a_claim_names_its_holder_and_lasts_to_the_end_of_the_next_working_day(network: Network) -> None:
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    claimed = done(await coordinator.act(referral, "claim"))
    assert (claimed["status"], claimed["claimed_by"]) == ("in_review", "kis-coordinator@kis-zdunska-wola")
    claimed_on = local_day(datetime.fromisoformat(claimed["times"]["seen"]))
    assert datetime.fromisoformat(claimed["lease_until"]) == end_of_day(add_working_days(claimed_on, 1))
    known = await zdunska.has(referral, status="in_review")
    assert (known["claimed_by"], known["lease_until"]) == (None, None)


async def test_a_released_referral_is_back_in_the_inbox(network: Network) -> None:
    zdunska, coordinator, head = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    await coordinator.act(referral, "claim")
    released = done(await coordinator.act(referral, "release"))
    assert (released["status"], released["claimed_by"], released["lease_until"]) == ("delivered", None, None)
    await zdunska.has(referral, status="delivered", version=released["version"])
    assert done(await head.act(referral, "claim"))["claimed_by"] == "kis-head@kis-zdunska-wola"


async def test_of_two_who_claim_at_once_one_gets_it(network: Network) -> None:
    zdunska, coordinator, head = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    async with held_referral(network, "ops", referral):
        first = asyncio.create_task(coordinator.act(referral, "claim"))
        await wait_for_locks(network, "ops", 1)
        second = asyncio.create_task(head.act(referral, "claim"))
        await wait_for_locks(network, "ops", 2)
    claimed = done(await first)
    assert claimed["claimed_by"] == "kis-coordinator@kis-zdunska-wola"
    assert refused(await second) == (409, "illegal_action")
    await zdunska.has(referral, status="in_review", version=claimed["version"])


async def test_of_many_decisions_at_once_one_counts(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    answers = await asyncio.gather(
        *(cis.act(referral, "accept") for _ in range(CONCURRENT)),
        *(cis.act(referral, "decline", reason="no_place") for _ in range(CONCURRENT)),
    )
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert {answer.status_code for answer in answers} == {200, 409}
    assert (await poraj.has(referral, version=won["version"]))["status"] == won["status"]


async def test_a_claim_that_lapses_gives_the_referral_back_and_the_sender_learns_it(network: Network) -> None:
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    claimed = done(await coordinator.act(referral, "claim"))
    receiving = Receiving(network.bases["ops"].service("referral"), load_keyring(network.data, "ops"))
    await sweep(receiving)
    assert (await _open_at(coordinator, referral))["status"] == "in_review"
    await change(network, "ops", LEASE_IS_OVER, referral)
    await sweep(receiving)
    known = await zdunska.has(referral, version=claimed["version"] + 1)
    assert known["status"] == "delivered"
    shown = await _open_at(coordinator, referral)
    assert (shown["status"], shown["claimed_by"], shown["lease_until"]) == ("delivered", None, None)


async def test_a_claim_lapses_also_when_the_sender_has_left_the_directory(network: Network) -> None:
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    await coordinator.act(referral, "claim")
    await change(network, "ops", LEASE_IS_OVER, referral)
    service = network.bases["ops"].service("referral")
    others = [agency for agency in service.directory.agencies if agency.slug != "ops-zdunska-wola"]
    without = replace(service, directory=Directory(agencies=tuple(others)))
    await sweep(Receiving(without, load_keyring(network.data, "ops")))
    assert (await _open_at(coordinator, referral))["status"] == "delivered"


async def test_a_claim_that_was_renewed_does_not_lapse(network: Network) -> None:
    zdunska, coordinator, _ = await club(network)
    referral = await delivered(zdunska, "kis-zdunska-wola")
    await coordinator.act(referral, "claim")
    await coordinator.act(referral, "release")
    claimed = done(await coordinator.act(referral, "claim"))
    receiving = Receiving(network.bases["ops"].service("referral"), load_keyring(network.data, "ops"))
    await sweep(receiving)
    assert (await _open_at(coordinator, referral))["version"] == claimed["version"]


@pytest.mark.parametrize("claim_first", [False, True])
async def test_a_referral_is_accepted_from_the_inbox_or_from_the_review(network: Network, claim_first: bool) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    if claim_first:
        await cis.act(referral, "claim")
    accepted = done(await cis.act(referral, "accept"))
    assert (accepted["status"], accepted["lease_until"]) == ("accepted", None)
    assert actions(accepted) == {
        "undo",
        "late_decline",
        "waitlist",
        "schedule",
        "start",
        "record_attempt",
        "propose_return",
    }
    assert actions(await poraj.has(referral, status="accepted")) == {"request_cancel", "void"}
    assert await rows(network, "cis", "select 1 from referral.lease where referral_id = $1", referral) == []


async def test_a_decision_reaches_the_sender_within_two_seconds(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referrals = iter([await delivered(poraj, "cis-poraj") for _ in range(3)])

    async def decided() -> None:
        referral = next(referrals)
        done(await cis.act(referral, "accept"))
        await poraj.has(referral, status="accepted")

    assert await quickest(decided, within=2) < 2


async def test_a_refusal_tells_its_reason_and_note_to_the_sender(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    declined = done(await cis.act(referral, "decline", reason="no_place", note="Wolne miejsce od marca."))
    assert (declined["status"], declined["reason"], declined["note"]) == (
        "declined",
        "no_place",
        "Wolne miejsce od marca.",
    )
    known = await poraj.has(referral, status="declined")
    assert (known["reason"], known["note"], known["custodian"]) == ("no_place", "Wolne miejsce od marca.", "ops-poraj")


async def test_a_refusal_needs_a_reason_from_the_list(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    for body, field, code in (
        ({}, "reason", "reason_required"),
        ({"reason": "bad_weather"}, "reason", "unknown_reason"),
        ({"reason": "sent_by_mistake"}, "reason", "unknown_reason"),  # a reason to withdraw
        ({"reason": "No place"}, "reason", "code_invalid"),
        ({"reason": "other"}, "note", "note_required"),
        ({"reason": "other", "note": "  "}, "note", "note_required"),
    ):
        assert errors(await cis.act(referral, "decline", **body)) == [(field, code)]
    assert (await _open_at(cis, referral))["status"] == "delivered"


async def test_the_reasons_to_choose_from_are_offered_in_the_callers_language(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    shown = await cis.http.get(f"/referrals/{referral}", headers={"Accept-Language": "en"})
    (decline,) = (action for action in shown.json()["available_actions"] if action["action"] == "decline")
    assert decline["label"] == "Decline"
    reason, note, suggestion = decline["fields"]
    assert [field["name"] for field in decline["fields"]] == ["reason", "note", "suggestion"]
    assert [field["required"] for field in (reason, note, suggestion)] == [True, False, False]
    assert {"code": "other", "label": "Other reason (describe)"} in reason["options"]
