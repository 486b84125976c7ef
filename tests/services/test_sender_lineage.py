"""One referral in the place of another, what the reason of an end asks of the sender, and no second one meanwhile."""

import asyncio
from typing import Any

import pytest

from tests.nodes import Network, Office
from tests.services.living import ACCEPT, COMPLETE, HAND_BACK, MEET, PAUSE, SERVICE, START, WAIT, Step, asked, brought
from tests.services.steps import actions, delivered, done, errors, refused

OPEN: dict[str, tuple[Step, ...]] = {
    "accepted": (ACCEPT,),
    "waitlisted": (WAIT,),
    "scheduled": (ACCEPT, MEET),
    "in_service": (ACCEPT, START),
    "suspended": (ACCEPT, START, PAUSE),
    "return_proposed": (ACCEPT, START, HAND_BACK),
}


async def _declined(sender: Office, receiver: Office, reason: str = "no_place", **more: str) -> dict[str, Any]:
    referral = await brought(sender, receiver, (("decline", {"reason": reason, **more}),))
    return await sender.has(referral, status="declined")


async def _again(office: Office, before: dict[str, Any], receiver: str, **changes: Any) -> Any:
    """Send what was sent in its place, as the form offers it."""
    form = done(await office.http.get(f"/referrals/{before['id']}/form"))
    form |= {"receiver": receiver, "follows": before["id"], "paid_place": True} | changes
    return await office.http.post("/referrals", json=form)


@pytest.mark.parametrize(
    ("reason", "step"), [("no_place", "park"), ("outside_territory", "elsewhere"), ("not_eligible", "reassess")]
)
async def test_a_refusal_tells_what_its_reason_asks_of_the_sender(network: Network, reason: str, step: str) -> None:
    declined = await _declined(network.office("ops-poraj"), network.office("cis-poraj"), reason)
    assert declined["next_step"]["code"] == step
    assert declined["next_step"]["label"]


@pytest.mark.parametrize(("steps", "ask"), [((("send_back", {"reason": "wrong_institution"}),), "elsewhere")])
async def test_so_does_a_return(network: Network, steps: tuple[Step, ...], ask: str) -> None:
    poraj = network.office("ops-poraj")
    referral = await brought(poraj, network.office("cis-poraj"), steps)
    assert (await poraj.has(referral, status="returned"))["next_step"]["code"] == ask


async def test_what_goes_on_asks_nothing_of_the_sender(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await brought(poraj, network.office("cis-poraj"), (ACCEPT,))
    assert (await poraj.has(referral, status="accepted"))["next_step"] is None


async def test_a_referral_is_issued_anew_in_the_place_of_one_that_was_declined(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("cis-myszkow")
    before = await _declined(poraj, network.office("cis-poraj"), suggestion="cis-myszkow")
    assert before["suggestion"] == "cis-myszkow"
    child = done(await _again(poraj, before, before["suggestion"]), 201)
    assert (child["follows"], child["path_id"]) == (before["id"], before["path_id"])
    followed = await poraj.get(before["id"]) or {}
    assert (followed["followed_by"], followed["next_step"]) == (child["id"], None)
    assert (await myszkow.has(child["id"], status="delivered"))["follows"] == before["id"]


async def test_one_place_is_taken_once(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    before = await _declined(poraj, cis)
    child = done(await _again(poraj, before, "cis-poraj"), 201)
    await cis.has(child["id"], status="delivered")
    done(await cis.act(child["id"], "decline", reason="no_place"))
    await poraj.has(child["id"], status="declined")
    assert errors(await _again(poraj, before, "cis-poraj")) == [("follows", "follows_taken")]
    done(await _again(poraj, child, "cis-poraj"), 201)


async def test_a_place_is_not_taken_of_what_goes_on_or_of_another_person(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    going_on = await delivered(poraj, "pup-myszkow")
    form = done(await poraj.http.get(f"/referrals/{going_on}/form"))
    elsewhere = await poraj.http.post("/referrals", json=form | {"receiver": "pup-tychy", "follows": going_on})
    assert errors(elsewhere) == [("follows", "follows_unknown")]
    before = await _declined(poraj, pup)
    of_another = await poraj.create("pup-tychy", follows=before["id"])
    assert errors(of_another) == [("follows", "follows_unknown")]


async def test_a_proposed_redirect_is_agreed_to_and_not_gone_around(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    proposal: Step = ("redirect", {"reason": "outside_territory", "suggestion": "pup-tychy"})
    referral = await brought(poraj, pup, (("claim", {}), proposal))
    form = done(await poraj.http.get(f"/referrals/{referral}/form"))
    around = await poraj.http.post("/referrals", json=form | {"receiver": "pup-tychy", "follows": referral})
    assert errors(around) == [("follows", "follows_unknown")]


async def test_a_redirect_takes_the_person_along_as_they_are_known_by_now(network: Network) -> None:
    poraj, pup, tychy = (network.office(slug) for slug in ("ops-poraj", "pup-myszkow", "pup-tychy"))
    proposal: Step = ("redirect", {"reason": "outside_territory", "suggestion": "pup-tychy"})
    referral = await brought(poraj, pup, (("claim", {}), proposal))
    client = (await poraj.get(referral) or {})["client_id"]
    known = done(await poraj.http.get(f"/clients/{client}"))["known"]
    known["person"] |= {"family_name": "Wzorcowa-Nowa"}
    done(await poraj.http.put(f"/clients/{client}", json=known))
    redirected = await asked(poraj, referral, "accept_redirect")
    child = redirected["followed_by"]
    await tychy.has(child, status="delivered")
    done(await tychy.act(child, "claim"))
    assert (await tychy.get(child) or {})["client"]["family_name"] == "Wzorcowa-Nowa"
    assert (await poraj.get(child) or {})["client_id"] == client


@pytest.mark.parametrize("state", OPEN)
async def test_no_second_one_is_sent_while_the_first_goes_on(network: Network, state: str) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    client = poraj.body("cis-poraj")["client"]
    first = await brought(poraj, cis, OPEN[state], client=client)
    await poraj.has(first, status=state)
    second = await poraj.create("cis-poraj", client=client)
    assert (*refused(second), second.json()["link"]) == (409, "already_open", f"/api/v1/referrals/{first}")


async def test_when_the_first_has_ended_a_second_one_is_sent(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    client = poraj.body("cis-poraj")["client"]
    await brought(poraj, cis, (ACCEPT, START, COMPLETE), client=client)
    answers = await asyncio.gather(*(poraj.create("cis-poraj", client=client) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 4]


async def test_what_has_a_successor_that_goes_on_is_not_asked_to_be_reopened(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    client = poraj.body("pup-myszkow")["client"]
    done_with: Step = ("complete", {"outcome": "open_market", "evidence": "document"})
    first = await brought(poraj, pup, (*SERVICE, done_with), client=client)
    second = await poraj.send("pup-myszkow", client=client)
    answer = await poraj.act(first, "ask_reopen", reason="person_returned")
    assert (*refused(answer), answer.json()["link"]) == (409, "already_open", f"/api/v1/referrals/{second['id']}")


async def _given_back(network: Network) -> tuple[Office, Office, str, dict[str, Any]]:
    """A person whom the OPS has taken back from a centre."""
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    client = poraj.body("cis-poraj")["client"]
    first = await brought(poraj, cis, (ACCEPT, START, HAND_BACK), client=client)
    await asked(poraj, first, "accept_return")
    return poraj, cis, first, client


async def test_what_was_asked_to_be_reopened_keeps_its_place_until_there_is_an_answer(network: Network) -> None:
    poraj, cis, first, client = await _given_back(network)
    await asked(poraj, first, "ask_reopen", reason="person_returned")
    assert refused(await poraj.create("cis-poraj", client=client)) == (409, "already_open")
    elsewhere = await poraj.create("pup-myszkow", client=client, follows=first)
    assert errors(elsewhere) == [("follows", "follows_reopening")]
    answer = done(await cis.act(first, "refuse_reopen", reason="new_case"))
    await poraj.has(first, version=answer["version"])
    assert (await poraj.create("cis-poraj", client=client, follows=first)).status_code == 201


async def test_what_another_one_follows_is_not_asked_to_be_reopened(network: Network) -> None:
    poraj, _, first, client = await _given_back(network)
    assert "ask_reopen" in actions(await poraj.has(first))
    second = await poraj.send("pup-myszkow", client=client, follows=first)
    assert "ask_reopen" not in actions(await poraj.has(first))
    answer = await poraj.act(first, "ask_reopen", reason="person_returned")
    assert (*refused(answer), answer.json()["link"]) == (409, "followed_already", f"/api/v1/referrals/{second['id']}")


async def test_an_accepted_application_does_not_keep_the_next_one_out(network: Network) -> None:
    kis, ops = network.office("kis-zdunska-wola"), network.office("ops-zdunska-wola")
    client = kis.body("ops-zdunska-wola")["client"]
    consent = {"given_on": "2026-05-15", "version": "2026-1"}
    form = {"client": client, "kind": "application", "consent": consent}
    first = await brought(kis, ops, (ACCEPT,), **form)
    await kis.has(first, status="accepted")
    assert (await kis.create("ops-zdunska-wola", **form)).status_code == 201
