"""Entered in error: the history stays, the person's data go."""

import pytest

from tests.nodes import Network, eventually
from tests.services.database import rows
from tests.services.living import asked, centre
from tests.services.steps import actions, done, errors, refused
from tests.services.test_attachments import uploaded

WHY = {"reason": "wrong_person"}


@pytest.mark.parametrize("state", ["accepted", "in_service", "completed"])
async def test_what_was_entered_in_error_tells_nothing_of_the_person_any_more(network: Network, state: str) -> None:
    poraj, cis, referral = await centre(network, state)
    known = await asked(poraj, referral, "void", **WHY)
    assert (known["status"], known["reason"], known["custodian"]) == ("voided", "wrong_person", "ops-poraj")
    told = await cis.has(referral, version=known["version"])
    assert (told["status"], told["client"], actions(told)) == ("voided", None, set())
    (kept,) = await rows(network, "cis", "select * from referral.referral where id = $1", referral)
    assert {value for name, value in kept.items() if name.startswith("sealed_")} == {None}
    assert kept["number"] == known["number"]


async def test_the_files_of_what_was_entered_in_error_are_gone_from_the_receiver(network: Network) -> None:
    poraj = network.office("ops-poraj")
    scan = await uploaded(poraj)
    _, _, referral = await centre(network, "accepted", attachments=[scan["id"]])
    count = "select count(*) as parts from referral.attachment_part where referral_id = $1"

    async def arrived() -> bool:
        return bool((await rows(network, "cis", count, referral))[0]["parts"] == 3)

    await eventually(arrived)
    await asked(poraj, referral, "void", **WHY)
    assert await rows(network, "cis", count, referral) == [{"parts": 0}]


async def test_only_the_head_of_the_sender_says_so_with_a_reason(network: Network) -> None:
    poraj, _, referral = await centre(network, "accepted")
    worker = await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    assert refused(await worker.act(referral, "void", **WHY)) == (403, "role_not_allowed")
    assert errors(await poraj.act(referral, "void")) == [("reason", "reason_required")]


async def test_nothing_follows_it(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    await asked(poraj, referral, "void", **WHY)
    assert refused(await cis.act(referral, "schedule", meet_at="2027-01-01T08:00:00Z")) == (409, "illegal_action")
    assert refused(await poraj.act(referral, "void", **WHY)) == (409, "illegal_action")
    assert done(await poraj.http.get(f"/referrals/{referral}"))["status"] == "voided"
