"""What the sender cannot do is refused by why: not now, no longer as it was seen, or a field to correct."""

from datetime import timedelta
from typing import Any

import pytest

from rules.calendar import local_day
from rules.lifecycle_table import table
from services.edge import example_actions
from tests.nodes import Network
from tests.services.living import NOW, centre
from tests.services.steps import SOON, actions, delivered, done, errors, refused
from tests.services.test_redirects import CONSENT

EXAMPLES = example_actions.examples()
ASKS = {
    entry.transition.action: EXAMPLES.get(entry.transition.action, {"value": {}})["value"]
    for entry in table().entries.values()
    if entry.side == "sender"
}
"""Whatever a sender may ever ask for, with a good body."""

TOMORROW = str(local_day(NOW) + timedelta(days=1))


async def _words(office: Any, referral: str, action: str, language: str) -> tuple[tuple[int, str], str]:
    answer = await office.http.post(
        f"/referrals/{referral}/actions/{action}", json=ASKS[action], headers={"Accept-Language": language}
    )
    return refused(answer), answer.json()["title"]


async def test_what_is_not_possible_now_is_refused_in_the_callers_language(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "cis-poraj")
    possible = actions(await poraj.has(referral)) | {"close_unanswered"}  # possible, but for the days that must pass
    for action in ASKS.keys() - possible:
        (polish, said), (english, told) = [await _words(poraj, referral, action, each) for each in ("pl", "en")]
        assert polish == english == (409, "illegal_action"), action
        assert "dostarczone" in said.casefold(), (action, said)
        assert "delivered" in told.casefold(), (action, told)
    too_early = [await _words(poraj, referral, "close_unanswered", language) for language in ("pl", "en")]
    assert [code for code, _ in too_early] == [(409, "silence_too_short")] * 2
    assert too_early[0][1] != too_early[1][1]


async def test_whoever_acts_on_what_they_saw_before_the_last_change_is_told(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "cis-poraj")
    for action, body in ASKS.items():
        late = await poraj.http.post(f"/referrals/{referral}/actions/{action}", json=body, headers={"If-Match": '"1"'})
        assert refused(late) == (412, "stale"), action
    known = await poraj.has(referral, status="delivered")
    assert (known["pending_request"], known["last_request"]) == (None, None)


@pytest.mark.parametrize(
    ("state", "action", "body", "wrong"),
    [
        ("accepted", "request_cancel", {}, ("reason", "reason_required")),
        ("accepted", "request_cancel", {"reason": "no_such_reason"}, ("reason", "unknown_reason")),
        ("accepted", "request_cancel", {"reason": "other"}, ("note", "note_required")),
        ("accepted", "request_cancel", {"reason": "person_moved", "colour": "red"}, ("colour", "extra_forbidden")),
        ("return_proposed", "refuse_return", {"reason": "no_place"}, ("reason", "unknown_reason")),
        ("completed", "ask_reopen", {}, ("reason", "reason_required")),
    ],
)
async def test_a_field_that_is_wrong_is_named(
    network: Network, state: str, action: str, body: dict[str, str], wrong: tuple[str, str]
) -> None:
    poraj, _, referral = await centre(network, state)
    assert errors(await poraj.act(referral, action, **body)) == [wrong]
    assert (await poraj.has(referral))["pending_request"] is None


async def test_an_answer_has_a_text(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    done(await cis.act(referral, "claim"))
    done(await cis.act(referral, "ask", question="Od kiedy?", due_on=SOON))
    await poraj.has(referral, status="info_requested")
    assert errors(await poraj.act(referral, "answer")) == [("text", "missing")]


async def test_a_new_consent_was_signed_on_a_day_that_has_come(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await delivered(poraj, "owes-jowes", consent=CONSENT)
    done(await poraj.act(referral, "end_consent"), 202)
    await poraj.has(referral, consent_ended=True, pending_request=None)
    assert errors(await poraj.act(referral, "renew_consent")) == [("signed_on", "missing")]
    assert errors(await poraj.act(referral, "renew_consent", signed_on=TOMORROW)) == [("signed_on", "future_date")]
