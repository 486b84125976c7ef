"""Whatever changes between a preview and its effect: what was shown is done, or nothing and the new one is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.nodes import Network
from tests.services.database import rows
from tests.services.going_on import (
    Maker,
    Somebody,
    applied,
    asked_about,
    awaiting_an_opinion,
    begun,
    draft_of,
    handed_back,
    plan_of,
    previewed,
    waiting,
    withdraw,
)
from tests.services.steps import SOON, delivered, done, refused

OPINION = {"result": "positive", "interview_on": "2026-05-12", "issued_on": "2026-05-18", "findings": "Bez uwag."}

Change = Callable[[Somebody, str], Awaitable[Any]]


async def _the_receiver_accepts(client: Somebody, referral: str) -> Any:
    return await client.network.office("pup-myszkow").act(referral, "accept")


async def _the_question_is_answered(client: Somebody, referral: str) -> Any:
    return await client.office.act(referral, "answer", text="Od marca.")


async def _the_return_is_accepted(client: Somebody, referral: str) -> Any:
    return await client.office.act(referral, "accept_return")


async def _the_draft_is_saved(client: Somebody, draft: str) -> Any:
    form = client.office.body("owes-jowes") | {"client": client.person}
    return await client.office.http.put(f"/referrals/{draft}", json=form)


async def _the_opinion_is_given(client: Somebody, draft: str) -> Any:
    return await client.office.act(draft, "give_opinion", opinion=OPINION)


async def _an_interview_is_planned(client: Somebody, application: str) -> Any:
    meeting = {"on": SOON, "place": "OPS"}
    return await client.office.http.post(f"/applications/{application}/actions/schedule_interview", json=meeting)


async def _another_one_is_sent(client: Somebody, _: str) -> Any:
    return await delivered(client.office, "pup-tychy", client=client.person)


CHANGES: dict[Change, Maker] = {
    _the_receiver_accepts: waiting,
    _the_question_is_answered: asked_about,
    _the_return_is_accepted: handed_back,
    _the_draft_is_saved: draft_of,
    _the_opinion_is_given: awaiting_an_opinion,
    _an_interview_is_planned: applied,
    _another_one_is_sent: applied,
}
"""What may happen meanwhile, each to one of the things that go on."""


async def _asked(network: Network, client: str) -> dict[str, str]:
    """What the receivers were asked for the cause of all, by referral."""
    query = """
        select r.referral_id, r.action from intake.request r join intake.referral f on f.id = r.referral_id
        where f.client_id = $1 and r.action in ('withdraw', 'request_cancel')
    """
    return {str(row["referral_id"]): row["action"] for row in await rows(network, "ops", query, client)}


async def _check(network: Network, office: Any, shown: dict[str, Any], answer: Any) -> None:
    """Exactly what was shown has been done, or nothing of it and the answer shows how it is by now."""
    plan, asked = plan_of(shown), await _asked(network, shown["client_id"])
    if answer.status_code == 200:
        assert plan_of(answer.json()) == plan
        assert asked == {each: act for each, (what, act, _) in plan.items() if what == "referral" and act is not None}
        for each, (what, _, _) in plan.items():
            if what == "draft":
                assert await office.get(each) is None
            elif what == "application":
                assert done(await office.http.get(f"/applications/{each}"))["status"] == "withdrawn"
        return
    assert refused(answer) == (412, "withdrawal_changed")
    assert (asked, answer.json()["preview"]["done"]) == ({}, False)
    for each, (what, _, _) in plan_of(answer.json()["preview"]).items():
        if what == "draft":
            assert await office.get(each) is not None
        elif what == "application":
            assert done(await office.http.get(f"/applications/{each}"))["status"] != "withdrawn"


@pytest.mark.parametrize("change", CHANGES)
async def test_what_changed_after_the_preview_lets_nothing_be_done_until_it_was_seen(
    network: Network, change: Change
) -> None:
    client, identity, made = await begun(network, {CHANGES[change], draft_of})
    shown = await previewed(client.office, identity)
    answer = await change(client, made[CHANGES[change]])
    if CHANGES[change] in (waiting, asked_about, handed_back):
        version = answer.json()["version"] + (1 if answer.status_code == 202 else 0)
        await client.office.has(made[CHANGES[change]], version=version, pending_request=None)
    late = await withdraw(client.office, shown)
    await _check(network, client.office, shown, late)
    told = late.json()["preview"]
    assert told == await previewed(client.office, identity)
    again = await withdraw(client.office, told)
    assert again.status_code == 200
    await _check(network, client.office, told, again)


@pytest.mark.parametrize("change", CHANGES)
async def test_of_a_change_and_the_taking_back_at_once_none_is_done_by_halves(network: Network, change: Change) -> None:
    client, identity, made = await begun(network, {CHANGES[change], draft_of})
    shown = await previewed(client.office, identity)
    answer, _ = await asyncio.gather(withdraw(client.office, shown), change(client, made[CHANGES[change]]))
    await _check(network, client.office, shown, answer)
