"""An ended referral is opened again when its sender asks in time and the head of the receiver agrees."""

from tests.nodes import Network
from tests.services.database import change
from tests.services.living import asked, brought, centre
from tests.services.steps import actions, done, errors, refused

WHY = {"reason": "person_returned"}
LONG_AGO = "set ended_at = ended_at - interval '40 days' where id = $1"


async def test_what_was_completed_goes_on_where_it_had_ended(network: Network) -> None:
    poraj, cis, referral = await centre(network, "completed")
    assert refused(await cis.act(referral, "reopen")) == (409, "reopen_not_asked")
    known = await asked(poraj, referral, "ask_reopen", **WHY)
    assert (known["status"], known["reopen_asked"]) == ("completed", True)
    reopened = done(await cis.act(referral, "reopen"))
    assert [reopened[name] for name in ("status", "custodian", "outcome", "reopen_asked")] == [
        "in_service",
        "cis-poraj",
        None,
        False,
    ]
    known = await poraj.has(referral, version=reopened["version"])
    assert [known[name] for name in ("status", "custodian", "outcome", "reopen_asked")] == [
        "in_service",
        "cis-poraj",
        None,
        False,
    ]


async def test_only_the_head_of_the_receiver_answers(network: Network) -> None:
    poraj, _, referral = await centre(network, "completed")
    await asked(poraj, referral, "ask_reopen", **WHY)
    worker = await network.person("cis-poraj", "CIS_SOCIAL_WORKER")
    assert refused(await worker.act(referral, "reopen")) == (403, "role_not_allowed")
    assert refused(await worker.act(referral, "refuse_reopen", reason="new_case")) == (403, "role_not_allowed")


async def test_what_is_not_opened_again_stays_as_it_ended_and_the_sender_knows_why(network: Network) -> None:
    poraj, cis, referral = await centre(network, "completed")
    assert refused(await cis.act(referral, "refuse_reopen", reason="new_case")) == (409, "reopen_not_asked")
    await asked(poraj, referral, "ask_reopen", **WHY)
    assert errors(await cis.act(referral, "refuse_reopen")) == [("reason", "reason_required")]
    assert errors(await cis.act(referral, "refuse_reopen", reason="other")) == [("note", "note_required")]
    stays = done(await cis.act(referral, "refuse_reopen", reason="new_case", note="Minął rok."))
    known = await poraj.has(referral, version=stays["version"])
    for shown in (stays, known):
        told = [shown[name] for name in ("status", "outcome", "custodian", "reopen_asked", "note")]
        assert told == ["completed", "open_market", None, False, "Minął rok."]
        request = [shown["last_request"][name] for name in ("action", "state", "reason")]
        assert request == ["ask_reopen", "refused", "new_case"]
    assert known["next_step"]["code"] == "reassess"
    assert actions(stays) == set()


async def test_why_it_ended_is_told_also_after_it_was_not_opened_again(network: Network) -> None:
    poraj, cis, referral = await centre(network, "return_proposed")
    await asked(poraj, referral, "accept_return")
    await asked(poraj, referral, "ask_reopen", **WHY)
    stays = done(await cis.act(referral, "refuse_reopen", reason="no_place"))
    known = await poraj.has(referral, version=stays["version"])
    assert (stays["reason"], known["reason"]) == ("needs_changed", "needs_changed")


async def test_who_could_not_be_reached_is_not_given_up_again_without_new_attempts(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    for channel in ("phone", "letter", "phone"):
        done(await cis.act(referral, "record_attempt", channel=channel))
    last = done(await cis.act(referral, "give_up"))
    await poraj.has(referral, version=last["version"])
    await asked(poraj, referral, "ask_reopen", **WHY)
    reopened = done(await cis.act(referral, "reopen"))
    known = await poraj.has(referral, version=reopened["version"])
    assert [(shown["status"], shown["attempts"]) for shown in (reopened, known)] == [("accepted", 0), ("accepted", 0)]
    assert refused(await cis.act(referral, "give_up")) == (409, "too_few_attempts")


async def test_who_was_refused_may_ask_again(network: Network) -> None:
    poraj, cis, referral = await centre(network, "completed")
    await asked(poraj, referral, "ask_reopen", **WHY)
    stays = done(await cis.act(referral, "refuse_reopen", reason="no_place"))
    await poraj.has(referral, version=stays["version"])
    await asked(poraj, referral, "ask_reopen", **WHY)
    reopened = done(await cis.act(referral, "reopen"))
    assert (reopened["status"], reopened["last_request"]["state"]) == ("in_service", "done")


async def test_a_returned_one_goes_back_to_the_state_before_the_return(network: Network) -> None:
    poraj, cis, referral = await centre(network, "return_proposed")
    await asked(poraj, referral, "accept_return")
    await asked(poraj, referral, "ask_reopen", **WHY)
    reopened = done(await cis.act(referral, "reopen"))
    assert (reopened["status"], reopened["custodian"]) == ("in_service", "cis-poraj")


async def test_a_cancelled_one_goes_back_to_the_waiting_list(network: Network) -> None:
    poraj, cis, referral = await centre(network, "waitlisted")
    await asked(poraj, referral, "request_cancel", reason="person_moved")
    done(await cis.act(referral, "confirm_cancel"))
    await poraj.has(referral, status="cancelled")
    await asked(poraj, referral, "ask_reopen", **WHY)
    assert done(await cis.act(referral, "reopen"))["status"] == "waitlisted"


async def test_who_asked_in_time_is_answered_however_late(network: Network) -> None:
    poraj, cis, referral = await centre(network, "completed")
    await asked(poraj, referral, "ask_reopen", **WHY)
    await change(network, "cis", f"update referral.referral {LONG_AGO}", referral)
    assert actions(await cis.has(referral)) == {"reopen", "refuse_reopen"}
    assert done(await cis.act(referral, "reopen"))["status"] == "in_service"


async def test_after_the_limit_nobody_asks(network: Network) -> None:
    poraj, _, referral = await centre(network, "completed")
    await change(network, "ops", f"update intake.referral {LONG_AGO}", referral)
    assert "ask_reopen" not in actions(await poraj.has(referral))
    assert refused(await poraj.act(referral, "ask_reopen", **WHY)) == (409, "reopen_too_late")


async def test_what_came_back_before_a_decision_has_nothing_to_open(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await brought(poraj, cis, (("send_back", {"reason": "wrong_institution"}),))
    assert "ask_reopen" not in actions(await poraj.has(referral, status="returned"))
    assert refused(await poraj.act(referral, "ask_reopen", **WHY)) == (409, "never_in_charge")
