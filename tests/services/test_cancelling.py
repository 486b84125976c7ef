"""Stopping after the acceptance takes two: the sender asks, the receiver answers."""

import asyncio

import pytest

from tests.nodes import Network
from tests.services.database import held_referral, wait_for_locks
from tests.services.living import START, asked, centre
from tests.services.steps import actions, delivered, done, errors, refused

WHY = {"reason": "person_moved"}


@pytest.mark.parametrize("state", ["accepted", "waitlisted", "scheduled", "in_service", "suspended"])
async def test_a_request_to_stop_that_is_refused_leads_back_to_where_it_was_asked(network: Network, state: str) -> None:
    poraj, cis, referral = await centre(network, state)
    assert (await asked(poraj, referral, "request_cancel", **WHY))["status"] == "cancel_requested"
    assert (await cis.has(referral))["reason"] == "person_moved"
    assert errors(await cis.act(referral, "refuse_cancel")) == [("reason", "reason_required")]
    back = done(await cis.act(referral, "refuse_cancel", reason="person_goes_on"))
    known = await poraj.has(referral, version=back["version"])
    assert (known["status"], known["reason"]) == (state, "person_goes_on")
    assert [shown["last_request"]["state"] for shown in (back, known)] == ["refused", "refused"]


async def test_a_request_to_stop_that_is_confirmed_ends_the_referral(network: Network) -> None:
    poraj, cis, referral = await centre(network, "in_service")
    await asked(poraj, referral, "request_cancel", **WHY)
    assert actions(await poraj.has(referral)) == {"void"}
    done(await cis.act(referral, "confirm_cancel"))
    known = await poraj.has(referral, status="cancelled")
    assert (known["reason"], known["custodian"]) == ("person_moved", None)


async def test_each_side_reads_why_the_other_one_asks_or_refuses(network: Network) -> None:
    poraj, cis, referral = await centre(network, "in_service")
    await asked(poraj, referral, "request_cancel", reason="other", note="Rodzina wyjeżdża.")
    assert (await cis.has(referral))["note"] == "Rodzina wyjeżdża."
    back = done(await cis.act(referral, "refuse_cancel", reason="other", note="Osoba zostaje."))
    assert (await poraj.has(referral, version=back["version"]))["note"] == "Osoba zostaje."


async def test_an_outcome_that_was_reached_answers_a_request_to_stop(network: Network) -> None:
    poraj, cis, referral = await centre(network, "in_service")
    await asked(poraj, referral, "request_cancel", **WHY)
    done(await cis.act(referral, "complete", outcome="learning", evidence="document"))
    assert (await poraj.has(referral, status="completed"))["outcome"] == "learning"


async def test_what_was_stopped_before_it_began_has_no_outcome(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    await asked(poraj, referral, "request_cancel", **WHY)
    assert "complete" not in actions(await cis.has(referral))
    answer = await cis.act(referral, "complete", outcome="learning", evidence="document")
    assert refused(answer) == (409, "never_started")


async def test_a_withdrawal_that_lost_to_the_acceptance_may_be_asked_for_as_a_cancellation(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    async with held_referral(network, "cis", referral):
        accepting = asyncio.create_task(cis.act(referral, "accept"))
        await wait_for_locks(network, "cis", 1)
        done(await poraj.act(referral, "withdraw", reason="person_moved"), 202)
        await wait_for_locks(network, "cis", 2)
    done(await accepting)
    known = await poraj.has(referral, status="accepted", pending_request=None)
    assert known["last_request"]["reason"] == "already_accepted"
    assert "request_cancel" in actions(known)
    assert (await asked(poraj, referral, "request_cancel", **WHY))["status"] == "cancel_requested"


@pytest.mark.parametrize("first", ["start", "request_cancel"])
async def test_a_start_and_a_request_to_stop_at_once_are_ordered_by_the_receiver(network: Network, first: str) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    async with held_referral(network, "cis", referral):
        if first == "start":
            starting = asyncio.create_task(cis.act(referral, START[0], **START[1]))
            await wait_for_locks(network, "cis", 1)
        done(await poraj.act(referral, "request_cancel", **WHY), 202)
        await wait_for_locks(network, "cis", 2 if first == "start" else 1)
        if first != "start":
            starting = asyncio.create_task(cis.act(referral, START[0], **START[1]))
            await wait_for_locks(network, "cis", 2)
    answer = await starting
    known = await poraj.has(referral, status="cancel_requested", pending_request=None)
    assert known["custodian"] == ("cis-poraj" if first == "start" else "ops-poraj")
    if first == "start":
        done(answer)
    else:
        assert refused(answer) == (409, "illegal_action")
    back = done(await cis.act(referral, "refuse_cancel", reason="under_way"))
    assert back["status"] == ("in_service" if first == "start" else "accepted")
