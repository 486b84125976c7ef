"""The service itself: who leads the case, a pause that comes back to where it began, an end with an outcome."""

import pytest

from tests.nodes import Network, Office
from tests.services.living import ACCEPT, IN_A_MONTH, PAUSE, SERVICE, TODAY, WAYS, brought, centre
from tests.services.steps import actions, done, errors, refused


async def test_a_centre_leads_the_case_from_the_day_the_programme_was_signed(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    assert errors(await cis.act(referral, "start")) == [("signed_on", "missing")]
    assert errors(await cis.act(referral, "start", signed_on="2199-01-01")) == [("signed_on", "future_date")]
    assert (await poraj.has(referral))["custodian"] == "ops-poraj"
    done(await cis.act(referral, "start", signed_on=TODAY))
    known = await poraj.has(referral, status="in_service")
    assert (known["custodian"], known["signed_on"]) == ("cis-poraj", TODAY)


@pytest.mark.parametrize("state", ["waitlisted", "scheduled", "in_service"])
async def test_a_pause_comes_back_to_the_state_it_left(network: Network, state: str) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await brought(poraj, cis, (*WAYS[state], PAUSE))
    assert (await poraj.has(referral, status="suspended"))["suspended_until"] == IN_A_MONTH
    resumed = done(await cis.act(referral, "resume"))
    known = await poraj.has(referral, version=resumed["version"])
    assert (resumed["status"], known["status"], known["suspended_until"]) == (state, state, None)


async def test_why_there_is_or_was_a_pause_is_known_at_both_sides(network: Network) -> None:
    poraj, cis, referral = await centre(network, "suspended")
    assert await _pause(poraj, cis, referral) == ["away", "away"]
    done(await cis.act(referral, "prolong", until=TODAY))
    assert await _pause(poraj, cis, referral) == ["away", "away"]
    done(await cis.act(referral, "resume"))
    assert await _pause(poraj, cis, referral) == ["away", "away"]
    done(await cis.act(referral, "suspend", reason="break", until=IN_A_MONTH))
    assert await _pause(poraj, cis, referral) == ["break", "break"]


async def test_a_pause_for_another_reason_tells_which(network: Network) -> None:
    poraj, cis, referral = await centre(network, "in_service")
    assert errors(await cis.act(referral, "suspend", reason="other", until=IN_A_MONTH)) == [("note", "note_required")]
    last = done(await cis.act(referral, "suspend", reason="other", note="Remont pracowni.", until=IN_A_MONTH))
    known = await poraj.has(referral, version=last["version"])
    assert (last["note"], known["note"]) == ("Remont pracowni.", "Remont pracowni.")


async def _pause(poraj: Office, cis: Office, referral: str) -> list[str]:
    """Why it is or was suspended, as the receiver and then the sender know it."""
    theirs = done(await cis.http.get(f"/referrals/{referral}"))
    return [theirs["suspended_for"], (await poraj.has(referral, version=theirs["version"]))["suspended_for"]]


async def test_a_pause_may_be_prolonged_and_has_an_end_that_somebody_named(network: Network) -> None:
    poraj, cis, referral = await centre(network, "suspended")
    assert errors(await cis.act(referral, "prolong")) == [("until", "missing")]
    assert errors(await cis.act(referral, "prolong", until="2020-01-01")) == [("until", "past_date")]
    done(await cis.act(referral, "prolong", until=TODAY))
    assert (await poraj.has(referral, suspended_until=TODAY))["status"] == "suspended"


async def test_no_case_is_completed_without_an_outcome_and_what_proves_it(network: Network) -> None:
    poraj, cis, referral = await centre(network, "in_service")
    missing = [("outcome", "missing"), ("evidence", "missing")]
    assert errors(await cis.act(referral, "complete")) == missing
    wrong = await cis.act(referral, "complete", outcome="very_well", evidence="hearsay")
    assert errors(wrong) == [("outcome", "unknown_outcome"), ("evidence", "unknown_evidence")]
    note = "Umowa o pracę na rok."
    done(await cis.act(referral, "complete", outcome="open_market", evidence="document", note=note))
    known = await poraj.has(referral, status="completed")
    assert [known[name] for name in ("outcome", "evidence", "note")] == ["open_market", "document", note]
    assert known["custodian"] is None


async def test_what_never_began_is_not_completed(network: Network) -> None:
    _, cis, referral = await centre(network, "scheduled")
    answer = await cis.act(referral, "complete", outcome="none", evidence="document")
    assert refused(answer) == (409, "illegal_action")


async def test_what_an_action_does_not_ask_for_is_not_taken_in(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    referral = await brought(poraj, pup, (ACCEPT,))
    begun = done(await pup.act(referral, "begin", signed_on="2199-01-01"))
    assert (begun["status"], begun["signed_on"]) == ("in_service", None)


async def test_that_work_goes_on_is_noted_and_changes_nothing_else(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    referral = await brought(poraj, pup, SERVICE)
    before = await poraj.has(referral, status="in_service")
    done(await pup.act(referral, "note_progress"))
    known = await poraj.has(referral, version=before["version"] + 1)
    assert (known["status"], actions(known)) == ("in_service", actions(before))
