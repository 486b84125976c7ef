"""Silence decides nothing: only the head of the sender, and only after the limit, closes what nobody answered."""

from tests.nodes import Network
from tests.services.database import change
from tests.services.living import asked
from tests.services.steps import actions, delivered, refused

LONG_AGO = "set delivered_at = delivered_at - interval '40 days' where id = $1"


async def test_a_referral_is_closed_as_unanswered_only_after_the_limit(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    assert refused(await poraj.act(referral, "close_unanswered")) == (409, "silence_too_short")
    assert "close_unanswered" not in actions(await poraj.has(referral))
    await change(network, "cis", f"update referral.referral {LONG_AGO}", referral)
    await change(network, "ops", f"update intake.referral {LONG_AGO}", referral)
    known = await asked(poraj, referral, "close_unanswered")
    assert (known["status"], known["custodian"]) == ("no_response", "ops-poraj")
    assert (await cis.has(referral, status="no_response"))["client"] is None


async def test_the_receivers_own_clock_decides_whether_it_was_silent_for_long(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "cis-poraj")
    await change(network, "ops", f"update intake.referral {LONG_AGO}", referral)
    known = await asked(poraj, referral, "close_unanswered")
    assert (known["status"], known["last_request"]["state"]) == ("delivered", "refused")


async def test_a_caseworker_does_not_close_what_was_not_answered(network: Network) -> None:
    worker = await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    await change(network, "ops", f"update intake.referral {LONG_AGO}", referral)
    assert "close_unanswered" not in actions(await worker.has(referral))
    assert refused(await worker.act(referral, "close_unanswered")) == (403, "role_not_allowed")
