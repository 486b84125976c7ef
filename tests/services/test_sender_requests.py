"""What becomes of what the sender asks for: one request at a time, carried out or refused with a reason it can read."""

from tests.nodes import Network
from tests.services.living import ACCEPT, IN_A_MONTH, TODAY, WAYS, asked, brought, centre
from tests.services.steps import actions, delivered, done, refused


async def test_a_refused_cancellation_tells_why(network: Network) -> None:
    poraj, cis, referral = await centre(network, "in_service")
    done(await poraj.act(referral, "request_cancel", reason="person_moved"), 202)
    await poraj.has(referral, status="cancel_requested", pending_request=None)
    await cis.has(referral, status="cancel_requested")
    done(await cis.act(referral, "refuse_cancel", reason="person_goes_on"))
    told = await poraj.has(referral, status="in_service")
    last = told["last_request"]
    assert (last["action"], last["state"], last["reason"]) == ("request_cancel", "refused", "person_goes_on")
    assert "request_cancel" in actions(told)


async def test_a_refused_reopening_tells_why_and_what_to_do_now(network: Network) -> None:
    poraj, cis, referral = await centre(network, "completed")
    await asked(poraj, referral, "ask_reopen", reason="person_returned")
    refusal = done(await cis.act(referral, "refuse_reopen", reason="no_place", note="Pełna grupa do maja."))
    told = await poraj.has(referral, version=refusal["version"])
    last = told["last_request"]
    assert (last["action"], last["state"], last["reason"]) == ("ask_reopen", "refused", "no_place")
    assert [told[name] for name in ("status", "outcome", "reason", "reopen_asked")] == [
        "completed",
        "open_market",
        None,
        False,
    ]
    assert (told["note"], told["next_step"]["code"]) == ("Pełna grupa do maja.", "park")


async def test_why_a_pause_was_made_stays_known_after_it(network: Network) -> None:
    poraj, cis, referral = await centre(network, "suspended")
    told = await poraj.has(referral, status="suspended")
    assert (told["suspended_for"], told["suspended_until"]) == ("away", IN_A_MONTH)
    resumed = done(await cis.act(referral, "resume"))
    told = await poraj.has(referral, version=resumed["version"])
    assert (told["suspended_for"], told["suspended_until"]) == ("away", None)


async def test_attempts_to_reach_the_person_are_counted_anew_once_they_came(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    done(await cis.act(referral, "record_attempt", channel="phone"))
    tried = done(await cis.act(referral, "record_attempt", channel="letter"))
    assert (await poraj.has(referral, version=tried["version"]))["attempts"] == 2
    started = done(await cis.act(referral, "start", signed_on=TODAY))
    assert (await poraj.has(referral, version=started["version"]))["attempts"] == 0


async def test_a_withdrawal_that_came_after_the_acceptance_is_refused_and_the_cancellation_offered(
    network: Network,
) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    done(await cis.act(referral, "accept"))
    answer = await poraj.act(referral, "withdraw", reason="person_moved")
    told = await poraj.has(referral, status="accepted", pending_request=None)
    if answer.status_code == 202:  # the acceptance was still on its way to the sender
        assert (told["last_request"]["state"], told["last_request"]["reason"]) == ("refused", "already_accepted")
    assert {"request_cancel", "withdraw"} & actions(told) == {"request_cancel"}


async def test_nothing_is_offered_while_a_request_waits(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await brought(poraj, network.office("cis-poraj"), (ACCEPT,))
    requested = done(await poraj.act(referral, "request_cancel", reason="person_moved"), 202)
    assert (requested["available_actions"], requested["status"]) == ([], "accepted")
    await poraj.has(referral, status="cancel_requested", pending_request=None)
    assert refused(await poraj.act(referral, "request_cancel", reason="person_moved")) == (409, "illegal_action")


async def test_what_is_written_when_asking_to_reopen_does_not_replace_the_receivers_words(
    network: Network,
) -> None:
    poraj, _, referral = await centre(network, "return_proposed")
    known = await asked(poraj, referral, "accept_return")
    asking = await asked(poraj, referral, "ask_reopen", reason="other", note="Osoba wróciła.")
    assert (asking["note"], asking["summary"]) == (known["note"], known["summary"])


async def test_whoever_voids_what_was_asked_to_be_reopened_may_send_another_one(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    client = poraj.body("cis-poraj")["client"]
    referral = await brought(poraj, cis, WAYS["completed"], client=client)
    await asked(poraj, referral, "ask_reopen", reason="person_returned")
    assert refused(await poraj.create("cis-poraj", client=client)) == (409, "already_open")
    voided = await asked(poraj, referral, "void", reason="wrong_person")
    assert (voided["status"], voided["reopen_asked"]) == ("voided", False)
    assert (await poraj.create("cis-poraj", client=client)).status_code == 201
