"""Who interviews, gives the opinion and decides; what is refused, and where that is told."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.nodes import Network
from tests.services.applying import CONSENT, HELD, OPINION, learned, opined, paper, people, registered, step
from tests.services.database import rows
from tests.services.steps import actions, done, errors, refused


async def test_a_negative_opinion_is_never_issued(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker, "negative")
    shown = done(await head.http.get(f"/applications/{application['id']}"))
    assert actions(shown) == {"refuse", "withdraw"}
    answer = await head.http.post(f"/applications/{application['id']}/actions/issue", json={"case_mark": "OPS.1"})
    assert refused(answer) == (409, "illegal_action")
    assert "art. 12 ust. 2" in answer.json()["title"]
    ended = await step(head, application, "refuse", reason="negative_opinion")
    assert (ended["status"], ended["reason"], ended["referral_id"]) == ("refused", "negative_opinion", None)


async def test_a_social_worker_does_not_issue_and_a_head_gives_no_opinion(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker)
    answer = await worker.http.post(f"/applications/{application['id']}/actions/issue", json={"case_mark": "OPS.1"})
    assert refused(answer) == (403, "role_not_allowed")
    fresh = await registered(worker)
    answer = await head.http.post(f"/applications/{fresh['id']}/actions/record_interview", json={"held_on": HELD})
    assert refused(answer) == (403, "role_not_allowed")


async def test_a_deputy_issues(network: Network) -> None:
    worker, _ = await people(network)
    deputy = await network.person("ops-poraj", "OPS_DEPUTY")
    issued = await step(deputy, await opined(worker), "issue", case_mark="OPS.2")
    assert issued["issued_by"] == "OPS_DEPUTY"


async def test_who_did_each_step_is_on_record_and_a_deputy_is_no_head(network: Network) -> None:
    worker, _ = await people(network)
    deputy = await network.person("ops-poraj", "OPS_DEPUTY")
    application = await opined(worker)
    await step(deputy, application, "issue", case_mark="OPS.11")
    shown = done(await worker.http.get(f"/applications/{application['id']}"))
    assert [(taken["action"], taken["actor"], taken["role"]) for taken in shown["steps"]] == [
        ("register", "ops-social-worker@ops-poraj", "OPS_SOCIAL_WORKER"),
        ("record_interview", "ops-social-worker@ops-poraj", "OPS_SOCIAL_WORKER"),
        ("give_opinion", "ops-social-worker@ops-poraj", "OPS_SOCIAL_WORKER"),
        ("issue", "ops-deputy@ops-poraj", "OPS_DEPUTY"),
    ]
    assert [taken["at"] for taken in shown["steps"]][::3] == [shown["registered_at"], shown["decided_at"]]


async def test_the_token_of_an_ops_stands_for_no_role(network: Network) -> None:
    ops = network.office("ops-poraj")
    issued = await step(ops, await opined(ops), "issue", case_mark="OPS.12")
    assert {(taken["actor"], taken["role"]) for taken in issued["steps"]} == {("ops-poraj", None)}
    assert issued["issued_by"] is None


async def test_of_two_who_issue_at_once_one_does(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker)
    address, body = f"/applications/{application['id']}/actions/issue", {"case_mark": "OPS.4"}
    answers = await asyncio.gather(*(head.http.post(address, json=body) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    sent = "select 1 from intake.referral where client_id = $1"
    assert len(await rows(network, "ops", sent, application["client_id"])) == 1


async def test_what_a_referral_lacks_is_told_at_the_field_where_the_action_takes_it(network: Network) -> None:
    worker, head = await people(network)
    application = await registered(worker)
    await step(worker, application, "record_interview", held_on=HELD, place="OPS")
    await step(worker, application, "give_opinion", opinion=OPINION)
    address = f"/applications/{application['id']}/actions/issue"
    answer = await head.http.post(address, json={"case_mark": "OPS.3"})
    assert {field for field, _ in errors(answer)} >= {"form.grounds", "form.general_clause", "form.labour.benefits"}
    files = {"case_mark": "OPS.3", "form": {"attachments": [str(uuid4())]}}
    assert errors(await head.http.post(address, json=files)) == [("form.attachments.0", "attachment_unknown")]
    unchanged = done(await head.http.get(f"/applications/{application['id']}"))
    assert (unchanged["status"], unchanged["version"]) == ("opinion_given", 3)
    assert errors(await head.http.post(address, json={})) == [("case_mark", "missing")]
    issued = await step(head, application, "issue", case_mark="OPS.3", form=learned(worker))
    assert issued["version"] == 4


async def test_an_opinion_follows_the_interview_on_record(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    address = f"/applications/{application['id']}/actions"
    early = await worker.http.post(f"{address}/give_opinion", json={"opinion": OPINION})
    assert refused(early) == (409, "illegal_action")
    await step(worker, application, "record_interview", held_on=HELD, place="OPS")
    other = OPINION | {"interview_on": "2026-05-26"}
    assert errors(await worker.http.post(f"{address}/give_opinion", json={"opinion": other})) == [
        ("opinion.interview_on", "interview_differs")
    ]
    before = OPINION | {"issued_on": "2026-05-20"}
    assert errors(await worker.http.post(f"{address}/give_opinion", json={"opinion": before})) == [
        ("opinion.interview_on", "interview_after_opinion")
    ]


@pytest.mark.parametrize(
    ("action", "body", "wrong"),
    [
        ("record_interview", {"held_on": "2026-05-01", "place": "OPS"}, ("held_on", "before_receipt")),
        ("record_interview", {"held_on": "2130-01-01", "place": "OPS"}, ("held_on", "future_date")),
        ("record_interview", {"held_on": HELD}, ("place", "missing")),
        ("schedule_interview", {"on": "2026-05-01", "place": "OPS"}, ("on", "past_date")),
        ("schedule_interview", {"on": "2130-01-01"}, ("place", "missing")),
        ("withdraw", {}, ("reason", "reason_required")),
        ("withdraw", {"reason": "mood"}, ("reason", "unknown_reason")),
        ("withdraw", {"reason": "other"}, ("note", "note_required")),
        ("withdraw", {"reason": "no_contact", "case_mark": "X"}, ("case_mark", "not_of_this_action")),
    ],
)
async def test_a_step_that_cannot_be_is_refused_by_field(
    network: Network, action: str, body: dict[str, Any], wrong: tuple[str, str]
) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    answer = await worker.http.post(f"/applications/{application['id']}/actions/{action}", json=body)
    assert errors(answer) == [wrong]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"received_on": "2130-01-01"}, ("received_on", "future_date")),
        ({"received_on": "0001-01-01"}, ("received_on", "too_long_ago")),
        ({"applicant": {"kind": "pup", "name": "PUP"}}, ("applicant.kind", "applicant_unknown")),
        ({"applicant": {"kind": "pcpr"}, "consent": CONSENT}, ("applicant.name", "missing")),
        ({"applicant": {"kind": "pcpr", "party": "nobody"}, "consent": CONSENT}, ("applicant.party", "party_unknown")),
        (
            {"applicant": {"kind": "pcpr", "party": "pup-myszkow"}, "consent": CONSENT},
            ("applicant.kind", "applicant_differs"),
        ),
        (
            {"applicant": {"kind": "ngo", "party": "cis-poraj"}, "consent": CONSENT},
            ("applicant.kind", "applicant_differs"),
        ),
        (
            {"applicant": {"kind": "pcpr", "party": "praktyki-myszkow"}, "consent": CONSENT},
            ("applicant.kind", "applicant_differs"),
        ),
        ({"receiver": "pup-myszkow"}, ("receiver", "not_for_applications")),
        ({"receiver": "nobody"}, ("receiver", "receiver_unknown")),
        ({"client": None}, ("client", "missing")),
        ({"attachments": [str(uuid4())]}, ("attachments.0", "attachment_unknown")),
    ],
)
async def test_an_application_that_cannot_be_registered_is_refused_by_field(
    network: Network, changes: dict[str, Any], wrong: tuple[str, str]
) -> None:
    worker, _ = await people(network)
    assert errors(await worker.http.post("/applications", json=paper(worker, **changes))) == [wrong]
