"""Taking back everything that goes on for a client: what the preview shows is what happens, or nothing does."""

import asyncio
import random

import pytest

from tests.nodes import Network
from tests.services.applying import step
from tests.services.database import road_closed, rows
from tests.services.going_on import GOES_ON, going_on, happened, plan_of, previewed, withdraw
from tests.services.living import SERVICE, brought
from tests.services.steps import SOON, delivered, done, errors, refused


@pytest.mark.parametrize("seed", range(4))
async def test_the_preview_is_the_effect_whatever_goes_on(network: Network, seed: int) -> None:
    chance = random.Random(seed)
    made = chance.sample([*GOES_ON], chance.randint(2, len(GOES_ON)))
    poraj, client, plan = await going_on(network, made)
    shown = await previewed(poraj, client)
    assert (plan_of(shown), shown["done"]) == (plan, False)
    answer = done(await withdraw(poraj, shown))
    assert (plan_of(answer), answer["done"]) == (plan, True)
    await happened(poraj, plan)
    left = {item["id"]: item["remains"] for item in (await previewed(poraj, client))["items"]}
    stays = {"request_cancel": "asked_already", None: "answer_first"}
    assert left == {identity: stays[action] for identity, (_, action, _) in plan.items() if action in stays}


async def test_when_something_has_changed_nothing_is_done_and_the_new_preview_is_told(network: Network) -> None:
    poraj, client, plan = await going_on(network)
    shown = await previewed(poraj, client)
    application = next(identity for identity, (what, _, _) in plan.items() if what == "application")
    await step(poraj, {"id": application}, "schedule_interview", on=SOON, place="OPS")
    late = await withdraw(poraj, shown)
    assert refused(late) == (412, "withdrawal_changed")
    told = late.json()["preview"]
    assert (plan_of(told), told["done"]) == (plan, False)
    assert told["stamp"] not in (shown["stamp"], None)
    for identity, (what, _, _) in plan.items():
        if what == "referral":
            assert (await poraj.get(identity) or {})["pending_request"] is None
        elif what == "draft":
            assert await poraj.get(identity) is not None
    assert done(await withdraw(poraj, told))["done"]


async def test_what_somebody_may_not_do_stays_and_is_said(network: Network) -> None:
    poraj, worker = network.office("ops-poraj"), await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    sent = await delivered(poraj, "cis-poraj")
    client = (await poraj.get(sent) or {})["client_id"]
    shown = await previewed(worker, client)
    assert plan_of(shown) == {sent: ("referral", None, "not_your_role")}
    assert done(await withdraw(worker, shown))["done"]
    assert (await poraj.get(sent) or {})["status"] == "delivered"
    assert plan_of(await previewed(poraj, client)) == {sent: ("referral", "withdraw", None)}


async def test_a_request_that_is_not_answered_yet_is_waited_for(network: Network) -> None:
    poraj = network.office("ops-poraj")
    async with road_closed(network, "ops"):
        sent = await poraj.send("cis-poraj")
        done(await poraj.act(sent["id"], "withdraw", reason="wrong_data"), 202)
        shown = await previewed(poraj, sent["client_id"])
        assert plan_of(shown) == {sent["id"]: ("referral", None, "request_pending")}


async def test_of_two_at_once_one_takes_back_and_the_other_is_told(network: Network) -> None:
    poraj, client, _ = await going_on(network)
    shown = await previewed(poraj, client)
    answers = await asyncio.gather(*(withdraw(poraj, shown) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    asked = (
        "select count(*) from intake.request r join intake.referral f on f.id = r.referral_id where f.client_id = $1"
    )
    assert (await rows(network, "ops", asked, client))[0]["count"] == 2


async def test_a_service_that_runs_is_asked_to_stop(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    running = await brought(poraj, pup, SERVICE)
    client = (await poraj.get(running) or {})["client_id"]
    shown = await previewed(poraj, client, "person_died")
    assert done(await withdraw(poraj, shown))["done"]
    assert (await pup.has(running, status="cancel_requested"))["reason"] == "person_died"


async def test_a_reason_that_does_not_end_everything_is_refused(network: Network) -> None:
    poraj = network.office("ops-poraj")
    sent = await poraj.send("cis-poraj")
    address = f"/clients/{sent['client_id']}/withdrawal"
    for answer in (
        await poraj.http.post(f"{address}/preview", json={"reason": "wrong_data"}),
        await poraj.http.post(address, json={"reason": "wrong_data", "stamp": "-"}),
    ):
        assert errors(answer) == [("reason", "unknown_cause")]
