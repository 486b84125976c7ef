"""Drafts: nothing that was typed is lost, whatever is wrong with it, and on whichever device it was typed."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from rules.retention import period
from services.edge.bodies import LARGEST_BODY
from services.kit import retention
from tests.nodes import TODAY, Network, Office
from tests.services.database import change, rows
from tests.services.steps import actions, done, errors, refused

HALF = {
    "draft": True,
    "receiver": "cis-por",
    "client": {"given_name": "Żaneta", "pesel": "4405", "address": {"town": "Poraj", "postal_code": "42-3"}},
    "grounds": ["HOMELESS", "BEZD"],
    "consent": {"given_on": "2026-02-"},
    "colour": "zielony",
}
"""A form somebody was called away from."""


async def _begun(office: Office, **typed: Any) -> dict[str, Any]:
    return done(await office.http.post("/referrals", json={"draft": True, **typed}), 201)


async def _save(office: Office, draft: dict[str, Any], tag: str | None = None, **typed: Any) -> Any:
    headers = {} if tag is None else {"If-Match": tag}
    return await office.http.put(f"/referrals/{draft['id']}", json=typed, headers=headers)


async def test_a_half_typed_form_is_kept_to_the_letter_and_what_is_missing_is_named(network: Network) -> None:
    poraj = network.office("ops-poraj")
    draft = await _begun(poraj, **HALF)
    shown = done(await poraj.http.get(f"/referrals/{draft['id']}"))
    assert shown == draft
    assert shown["form"] == HALF
    assert (shown["receiver"], shown["kind"], shown["client"], shown["status"]) == (None, None, None, "draft")
    missing = {error["field"]: error["code"] for error in shown["missing"]}
    assert {
        "receiver": "receiver_unknown",
        "reason": "missing",
        "client.family_name": "missing",
        "client.pesel": "pesel_invalid",
        "client.address.postal_code": "postal_code_invalid",
        "grounds.1": "literal_error",
        "colour": "extra_forbidden",
        "consent.version": "missing",
    }.items() <= missing.items()


@pytest.mark.parametrize("typed", [{"receiver": "cis-poraj"}, {"client": {"family_name": "N"}}])
async def test_a_receiver_or_a_person_is_enough_to_begin(network: Network, typed: dict[str, Any]) -> None:
    draft = await _begun(network.office("ops-poraj"), **typed)
    assert draft["form"] == {"draft": True, **typed}


async def test_a_draft_about_nobody_and_for_nobody_is_none(network: Network) -> None:
    answer = await network.office("ops-poraj").http.post("/referrals", json={"draft": True, "reason": "x"})
    assert errors(answer) == [("receiver", "draft_of_nobody")]


async def test_what_is_missing_is_what_sending_would_be_refused_for_in_the_same_words(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj") | {"opinion": None, "grounds": ["HOMELESS", "BEZD"], "route": None}
    draft = await _begun(poraj, **body)
    refusal = await poraj.act(draft["id"], "submit")
    assert refusal.status_code == 422
    assert refusal.json()["errors"] == draft["missing"]
    sent = await poraj.http.post("/referrals", json=body | {"draft": False})
    assert sent.json()["errors"] == draft["missing"]
    assert {error["field"] for error in draft["missing"]} == {"opinion", "grounds.1", "route"}


async def test_a_draft_is_written_in_many_saves_and_sent_under_its_first_ids(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    body = poraj.body("cis-poraj")
    draft = await _begun(poraj, client={"family_name": "Ko"})
    later = done(await _save(poraj, draft, client=body["client"]))
    assert (later["revision"], later["client"]["pesel"]) == (1, body["client"]["pesel"])
    whole = done(await _save(poraj, draft, **body))
    assert (whole["revision"], whole["missing"], actions(whole)) == (2, [], {"ask_opinion", "submit"})
    sent = done(await poraj.act(draft["id"], "submit"))
    assert [sent[name] for name in ("id", "number", "status")] == [draft["id"], draft["number"], "submitted"]
    assert (sent["form"], sent["revision"]) == (None, None)
    await cis.has(draft["id"], status="delivered")
    assert refused(await _save(poraj, draft, **body)) == (409, "sent_already")
    assert refused(await poraj.http.delete(f"/referrals/{draft['id']}")) == (409, "sent_already")


async def test_the_largest_body_is_kept_and_shown_whatever_its_letters(network: Network) -> None:
    poraj = network.office("ops-poraj")
    typed = {"draft": True, "receiver": "cis-poraj", "reason": ""}
    letters = (LARGEST_BODY - len(json.dumps(typed, separators=(",", ":")))) // len("ł".encode())
    draft = await _begun(poraj, **typed | {"reason": "ł" * letters})
    assert done(await poraj.http.get(f"/referrals/{draft['id']}"))["form"]["reason"] == "ł" * letters


async def test_what_could_not_be_opened_again_is_not_kept(network: Network) -> None:
    poraj = network.office("ops-poraj")
    longer = ",".join(["1e15"] * 150_000)  # each is kept with fifteen zeros
    body = f'{{"draft":true,"receiver":"cis-poraj","colour":[{longer}]}}'
    answer = await poraj.http.post("/referrals", content=body, headers={"Content-Type": "application/json"})
    assert refused(answer) == (413, "too_large")


async def test_of_two_devices_the_second_is_told_and_overwrites_nothing(network: Network) -> None:
    poraj = network.office("ops-poraj")
    draft = await _begun(poraj, receiver="cis-poraj", reason="pierwsza")
    tag = (await poraj.http.get(f"/referrals/{draft['id']}")).headers["etag"]
    here = await _save(poraj, draft, tag, receiver="cis-poraj", reason="tutaj")
    there = await _save(poraj, draft, tag, receiver="cis-poraj", reason="tam")
    assert (here.status_code, refused(there)) == (200, (412, "stale_draft"))
    assert here.headers["etag"] not in (tag, '"1"')
    kept = done(await poraj.http.get(f"/referrals/{draft['id']}"))
    assert kept["form"]["reason"] == "tutaj"
    headers = {"If-Match": tag}
    assert refused(await poraj.http.delete(f"/referrals/{draft['id']}", headers=headers)) == (412, "stale_draft")
    submit = await poraj.http.post(f"/referrals/{draft['id']}/actions/submit", headers=headers)
    assert refused(submit) == (412, "stale_draft")
    assert (await _save(poraj, draft, here.headers["etag"], receiver="cis-poraj", reason="dalej")).status_code == 200


async def test_a_discarded_draft_is_gone(network: Network) -> None:
    poraj = network.office("ops-poraj")
    draft = await _begun(poraj, receiver="cis-poraj")
    answer = await poraj.http.delete(f"/referrals/{draft['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    for again in (poraj.http.get, poraj.http.delete):
        assert (await again(f"/referrals/{draft['id']}")).status_code == 404


async def test_another_institution_s_draft_is_not_there(network: Network) -> None:
    draft = await _begun(network.office("ops-poraj"), receiver="cis-poraj")
    for other in (network.office("ops-myszkow"), network.office("cis-poraj")):
        assert (await _save(other, draft, receiver="cis-poraj")).status_code == 404
        assert (await other.http.delete(f"/referrals/{draft['id']}")).status_code == 404


async def test_a_draft_makes_nobody_a_client(network: Network) -> None:
    tychy = network.office("ops-tychy")
    body = tychy.body("cis-poraj")
    await _begun(tychy, **body)
    found = done(await tychy.http.post("/clients/search", json={"pesel": body["client"]["pesel"]}))
    assert found["items"] == []


async def test_a_repeated_creation_of_a_draft_keeps_one(network: Network) -> None:
    poraj = network.office("ops-poraj")
    headers = {"Idempotency-Key": str(uuid4())}
    typed = {"draft": True, "receiver": "cis-poraj", "client": {"given_name": "A", "family_name": "B"}}
    again = {"client": {"family_name": "B", "given_name": "A"}, "receiver": "cis-poraj", "draft": True}
    answers = [await poraj.http.post("/referrals", json=each, headers=headers) for each in (typed, again)]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    other = await poraj.http.post("/referrals", json=typed | {"reason": "x"}, headers=headers)
    assert refused(other) == (422, "key_reused")


async def test_a_form_in_forms_without_end_is_refused_and_a_deep_one_breaks_nothing(network: Network) -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = {"a": [deep]}
    poraj = network.office("ops-poraj")
    for draft in (True, False):
        answer = await poraj.create("cis-poraj", draft=draft, reason=deep)
        assert answer.status_code == 422


async def test_a_draft_that_nobody_touched_goes_on_the_day_it_told(network: Network) -> None:
    zdunska = network.office("ops-zdunska-wola")
    old, fresh = [await _begun(zdunska, receiver="cis-poraj") for _ in range(2)]
    days = period("drafts", TODAY)
    due = "select (saved_at at time zone 'Europe/Warsaw')::date + $1::int as day from intake.draft where id = $2"
    (row,) = await rows(network, "ops", due, days.days, old["id"])
    assert old["purge_on"] == str(row["day"])
    past = f"update intake.draft set saved_at = now() - interval '{(days + timedelta(days=1)).days} days' where id = $1"
    await change(network, "ops", past, old["id"])
    await retention.prune(network.bases["ops"].service("intake"), [retention.DRAFTS])
    assert (await zdunska.http.get(f"/referrals/{old['id']}")).status_code == 404
    assert (await zdunska.http.get(f"/referrals/{fresh['id']}")).status_code == 200
