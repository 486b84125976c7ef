"""A decision taken back by a slip of the hand: within minutes, by whoever made it, and both sides see it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.attachments import PART_BYTES
from tests.nodes import Network, Office, eventually
from tests.services.database import change, road_clear, rows
from tests.services.files import pdf
from tests.services.steps import SOON, actions, club, delivered, done, errors, refused
from tests.services.test_attachments import uploaded
from tests.services.test_custody import CONSENT

LONG_AGO = "update referral.referral set decided_at = decided_at - interval '10 minutes' where id = $1"


async def _decided(office: Office, referral: str, action: str, **body: Any) -> dict[str, Any]:
    done(await office.act(referral, "claim"))
    return done(await office.act(referral, action, **body))


async def test_an_undone_acceptance_is_in_review_again_at_both_sides(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    accepted = await _decided(cis, referral, "accept")
    decided = datetime.fromisoformat(accepted["times"]["decided"])
    assert datetime.fromisoformat(accepted["undo_until"]) == decided + timedelta(minutes=10)
    undone = done(await cis.act(referral, "undo"))
    assert (undone["status"], undone["claimed_by"], undone["undo_until"]) == ("in_review", "cis-poraj", None)
    assert undone["times"]["decided"] is None
    assert undone["lease_until"] is not None
    known = await poraj.has(referral, version=undone["version"])
    assert (known["status"], known["times"]["decided"]) == ("in_review", None)
    assert done(await cis.act(referral, "accept"))["status"] == "accepted"
    await poraj.has(referral, status="accepted")


async def test_an_undone_refusal_takes_reason_and_note_with_it(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    declined = done(await cis.act(referral, "decline", reason="no_place", note="Od stycznia."))
    assert actions(declined) == {"undo"}
    await poraj.has(referral, reason="no_place", note="Od stycznia.")
    undone = done(await cis.act(referral, "undo"))
    assert (undone["reason"], undone["note"], undone["claimed_by"]) == (None, None, "cis-poraj")
    known = await poraj.has(referral, status="in_review")
    assert (known["reason"], known["note"]) == (None, None)


async def test_an_undone_acceptance_leaves_no_trace_of_what_followed_it(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    await _decided(cis, referral, "accept", edition="opiekunczy_wiosna_2027")
    done(await cis.act(referral, "record_attempt", channel="phone"))
    undone = done(await cis.act(referral, "undo"))
    known = await poraj.has(referral, version=undone["version"])
    for shown in (undone, known):
        assert [shown[name] for name in ("edition", "attempts", "meeting", "waiting")] == [None, 0, None, None]


async def test_custody_goes_back_to_whoever_had_it(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    referral = await delivered(poraj, "pup-myszkow")
    assert (await _decided(pup, referral, "accept"))["custodian"] == "pup-myszkow"
    assert done(await pup.act(referral, "undo"))["custodian"] == "ops-poraj"
    await poraj.has(referral, status="in_review", custodian="ops-poraj")


REFUSAL = {"reason": "no_place"}


@pytest.mark.parametrize(
    ("sender", "receiver", "sent", "action", "body"),
    [
        ("ops-poraj", "cis-poraj", {}, "accept", {}),
        ("ops-poraj", "cis-poraj", {}, "decline", REFUSAL),
        ("ops-zdunska-wola", "kis-zdunska-wola", {}, "accept", {}),
        ("ops-zdunska-wola", "kis-zdunska-wola", {}, "decline", REFUSAL),
        ("ops-poraj", "pup-myszkow", {}, "accept", {}),
        ("ops-poraj", "pup-myszkow", {}, "decline", REFUSAL),
        ("kis-zdunska-wola", "ops-zdunska-wola", {"kind": "application", "consent": CONSENT}, "decline", REFUSAL),
    ],
)
async def test_a_decision_is_taken_back_within_ten_minutes_and_stands_after_them(
    network: Network, sender: str, receiver: str, sent: dict[str, Any], action: str, body: dict[str, Any]
) -> None:
    office = network.office(receiver)
    referral = await delivered(network.office(sender), receiver, **sent)
    assert "undo" in actions(await _decided(office, referral, action, **body))
    assert done(await office.act(referral, "undo"))["status"] == "in_review"
    done(await office.act(referral, action, **body))
    await change(network, network.directory[receiver].node, LONG_AGO, referral)
    shown = await office.has(referral)
    assert ("undo" in actions(shown), shown["undo_until"]) == (False, None)
    assert refused(await office.act(referral, "undo")) == (409, "undo_too_late")


async def test_a_colleague_cannot_undo_a_decision_and_the_head_can(network: Network) -> None:
    sender, coordinator, head = await club(network)
    referral = await delivered(sender, "kis-zdunska-wola")
    colleague = network.office("kis-zdunska-wola")
    await _decided(coordinator, referral, "accept")
    await change(network, "ops", "update referral.referral set decided_by = 'somebody' where id = $1", referral)
    assert "undo" not in actions(await coordinator.has(referral))
    assert refused(await coordinator.act(referral, "undo")) == (403, "undo_of_another")
    assert "undo" in actions(await head.has(referral))
    assert done(await colleague.act(referral, "undo"))["status"] == "in_review"  # the institution's own token may all


async def test_a_refusal_while_the_sender_was_asked_stands(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    await _decided(cis, referral, "ask", question="Od kiedy?", due_on=SOON)
    declined = done(await cis.act(referral, "decline", reason="no_place"))
    assert actions(declined) == set()
    assert refused(await cis.act(referral, "undo")) == (409, "undo_while_asking")


async def test_nobody_undoes_what_was_not_decided(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    assert refused(await cis.act(referral, "undo")) == (409, "illegal_action")


async def test_files_are_gone_with_an_undone_acceptance_and_come_with_the_next(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    referral = await delivered(poraj, "cis-poraj", attachments=[scan["id"]])
    query = "select count(*) as parts from referral.attachment_part where referral_id = $1"

    async def arrived() -> bool:
        return (await rows(network, "cis", query, referral))[0]["parts"] == 3

    await _decided(cis, referral, "accept")
    await eventually(arrived)
    done(await cis.act(referral, "undo"))
    assert (await rows(network, "cis", query, referral))[0]["parts"] == 0
    await poraj.has(referral, status="in_review")
    done(await cis.act(referral, "accept"))
    await eventually(arrived)


async def test_files_stop_and_those_on_their_way_are_not_kept_when_the_acceptance_is_undone(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    large = await uploaded(poraj, pdf(b"x" * PART_BYTES * 12))
    referral = await delivered(poraj, "cis-poraj", attachments=[large["id"]])
    await _decided(cis, referral, "accept")
    await poraj.has(referral, status="accepted")
    undone = done(await cis.act(referral, "undo"))
    await poraj.has(referral, version=undone["version"])
    query = "select 1 from intake.attachment_handover where referral_id = $1"
    assert await rows(network, "ops", query, referral) == []
    await road_clear(network, "ops")
    kept = "select 1 from referral.attachment_part where referral_id = $1"
    assert await rows(network, "cis", kept, referral) == []


async def test_once_a_file_was_opened_the_acceptance_stands(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    scan = await uploaded(poraj)
    referral = await delivered(poraj, "cis-poraj", attachments=[scan["id"]])
    await _decided(cis, referral, "accept")

    async def opened() -> bool:
        answer = await cis.http.get(f"/referrals/{referral}/attachments/{scan['id']}/content")
        return answer.status_code == 200

    await eventually(opened)
    assert "undo" not in actions(await cis.has(referral))
    assert refused(await cis.act(referral, "undo")) == (409, "undo_file_opened")


async def test_a_refusal_undone_after_another_referral_was_sent_leaves_both_open(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    person = poraj.body("cis-poraj")["client"]
    first = await delivered(poraj, "cis-poraj", client=person)
    done(await cis.act(first, "decline", reason="no_place"))
    await poraj.has(first, status="declined")
    second = await poraj.send("cis-kozieglowy", client=person)
    done(await cis.act(first, "undo"))
    await poraj.has(first, status="in_review")
    third = await poraj.create("cis-myszkow", client=person)
    assert refused(third) == (409, "already_open")
    assert done(await poraj.act(second["id"], "withdraw", reason="sent_by_mistake"), 202)["status"] != "withdrawn"


async def test_an_application_that_was_accepted_is_registered_for_good(network: Network) -> None:
    sender, coordinator, _ = await club(network)
    application = await delivered(coordinator, "ops-zdunska-wola", kind="application", consent=CONSENT)
    done(await sender.act(application, "accept"))
    assert refused(await sender.act(application, "undo")) == (409, "illegal_action")


async def test_the_path_shows_that_a_decision_was_undone(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    before = await _decided(cis, referral, "accept")
    done(await cis.act(referral, "undo"))

    async def told() -> dict[str, Any] | None:
        path = (await poraj.http.get(f"/paths/{before['path_id']}")).json()
        return path if path.get("timeline") and path["timeline"][-1]["type"] == "decision_undone" else None

    path = await eventually(told)
    assert path["stage"] == "referred"
    assert {deadline["rule"] for deadline in path["deadlines"] if deadline["status"] == "open"} == {
        "decision",
        "silence",
    }


async def test_undo_takes_no_reason(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    done(await cis.act(referral, "accept"))
    assert errors(await cis.act(referral, "undo", reason="no_place")) == [("reason", "unknown_reason")]
