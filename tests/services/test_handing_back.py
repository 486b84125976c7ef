"""The receiver wants out: before the decision it sends back, after it a return is a hand-over, or its head declines."""

import pytest

from tests.nodes import Network, eventually
from tests.services.living import HAND_BACK, SERVICE, WAYS, asked, brought, centre
from tests.services.steps import actions, delivered, done, errors, refused
from tests.services.test_attachments import uploaded


async def test_a_return_leaves_the_case_with_the_receiver_until_the_sender_takes_it(network: Network) -> None:
    poraj, cis, referral = await centre(network, "return_proposed")
    known = await poraj.has(referral, status="return_proposed")
    assert [known[name] for name in ("custodian", "reason", "summary")] == [
        "cis-poraj",
        "needs_changed",
        "Potrzebne jest leczenie.",
    ]
    assert actions(await cis.has(referral)) == set()
    taken = await asked(poraj, referral, "accept_return")
    assert (taken["status"], taken["custodian"], taken["next_step"]["code"]) == ("returned", "ops-poraj", "reassess")
    assert (await cis.has(referral, status="returned"))["custodian"] == "ops-poraj"


async def test_a_return_tells_why_and_what_was_done(network: Network) -> None:
    _, cis, referral = await centre(network, "in_service")
    assert errors(await cis.act(referral, "propose_return")) == [("reason", "reason_required")]
    assert errors(await cis.act(referral, "propose_return", reason="needs_changed")) == [("text", "missing")]


async def test_only_the_head_of_the_sender_refuses_a_return_and_the_service_goes_on(network: Network) -> None:
    _, cis, referral = await centre(network, "return_proposed")
    worker = await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    head = await network.person("ops-poraj", "OPS_HEAD")
    answer = await worker.act(referral, "refuse_return", reason="right_institution")
    assert refused(answer) == (403, "role_not_allowed")
    known = await asked(head, referral, "refuse_return", reason="right_institution")
    assert (known["status"], known["custodian"], known["reason"]) == ("in_service", "cis-poraj", None)
    assert "propose_return" in actions(await cis.has(referral, status="in_service"))


async def test_a_late_refusal_is_the_heads_and_the_case_is_with_the_sender_again(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    referral = await brought(poraj, pup, SERVICE)
    adviser, head = await network.person("pup-myszkow", "PUP_ADVISER"), await network.person("pup-myszkow", "PUP_HEAD")
    assert refused(await adviser.act(referral, "late_decline", reason="offer_ended")) == (403, "role_not_allowed")
    done(await head.act(referral, "late_decline", reason="offer_ended", note="Nabór zamknięto."))
    known = await poraj.has(referral, status="declined")
    assert [known[name] for name in ("custodian", "reason", "note")] == ["ops-poraj", "offer_ended", "Nabór zamknięto."]
    assert known["next_step"]["code"] == "elsewhere"


@pytest.mark.parametrize("people", [("ops-poraj", "cis-poraj"), ("ops-zdunska-wola", "kis-zdunska-wola")])
async def test_who_has_signed_with_the_person_does_not_decline_any_more(
    network: Network, people: tuple[str, str]
) -> None:
    sender, receiver = (network.office(slug) for slug in people)
    referral = await brought(sender, receiver, WAYS["in_service"])
    assert "late_decline" not in actions(await receiver.has(referral))
    assert refused(await receiver.act(referral, "late_decline", reason="no_place")) == (409, "illegal_action")


async def test_who_declined_late_opens_no_file_any_more(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    referral = await brought(poraj, cis, WAYS["accepted"], attachments=[scan["id"]])
    file = f"/referrals/{referral}/attachments/{scan['id']}/content"

    async def opened() -> bool:
        return (await cis.http.get(file)).status_code == 200

    await eventually(opened)
    done(await cis.act(referral, "late_decline", reason="no_place"))
    assert refused(await cis.http.get(file)) == (409, "attachment_not_yet")


async def test_a_late_refusal_is_not_undone(network: Network) -> None:
    _, cis, referral = await centre(network, "accepted")
    declined = done(await cis.act(referral, "late_decline", reason="no_place"))
    assert actions(declined) == set()
    assert refused(await cis.act(referral, "undo")) == (409, "undo_of_late_decline")


async def test_a_statutory_referral_comes_back_with_a_suggestion_and_is_never_redirected(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    assert "redirect" not in actions(await cis.has(referral))
    answer = await cis.act(referral, "redirect", reason="no_place", suggestion="cis-myszkow")
    assert refused(answer) == (409, "illegal_action")
    done(await cis.act(referral, "send_back", reason="wrong_institution", suggestion="cis-myszkow"))
    known = await poraj.has(referral, status="returned")
    assert [known[name] for name in ("custodian", "reason", "suggestion")] == [
        "ops-poraj",
        "wrong_institution",
        "cis-myszkow",
    ]
    assert known["next_step"]["code"] == "elsewhere"


async def test_a_suggestion_may_go_with_a_return_too(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    done(await cis.act(referral, HAND_BACK[0], **HAND_BACK[1], suggestion="cis-myszkow"))
    assert (await poraj.has(referral, status="return_proposed"))["suggestion"] == "cis-myszkow"
