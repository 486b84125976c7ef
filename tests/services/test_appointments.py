"""Appointments, a person who does not come, and attempts to reach them."""

import pytest

from tests.nodes import Network, Office
from tests.services.database import change
from tests.services.living import IN_A_MONTH, MEETING, TODAY, centre
from tests.services.steps import actions, done, errors, refused

OVER = "update referral.referral set meet_at = now() - interval '1 hour' where id = $1"


async def test_both_sides_see_when_and_where_the_person_is_asked_to_come(network: Network) -> None:
    poraj, cis, referral = await centre(network, "scheduled")
    wanted = {"at": MEETING, "place": "pokój 12"}
    assert [(await side.has(referral))["meeting"] for side in (poraj, cis)] == [wanted, wanted]


async def test_a_meeting_lies_ahead_and_not_too_far(network: Network) -> None:
    _, cis, referral = await centre(network, "accepted")
    for meet_at, code in (("2020-01-01T08:00:00Z", "past_date"), ("2199-01-01T08:00:00Z", "too_late_date")):
        assert errors(await cis.act(referral, "schedule", meet_at=meet_at)) == [("meet_at", code)]


async def test_a_changed_appointment_replaces_the_one_before(network: Network) -> None:
    poraj, cis, referral = await centre(network, "scheduled")
    done(await cis.act(referral, "reschedule", meet_at=MEETING, place="pokój 3"))
    known = await poraj.has(referral, meeting={"at": MEETING, "place": "pokój 3"})
    assert known["status"] == "scheduled"


async def test_nobody_has_missed_a_meeting_that_is_still_ahead(network: Network) -> None:
    poraj, cis, referral = await centre(network, "scheduled")
    assert refused(await cis.act(referral, "no_show")) == (409, "meeting_still_ahead")
    assert "no_show" not in actions(await cis.has(referral))
    await change(network, "cis", OVER, referral)
    done(await cis.act(referral, "no_show"))
    await poraj.has(referral, status="no_show")


async def test_after_a_missed_meeting_there_may_be_a_new_one(network: Network) -> None:
    poraj, cis, referral = await centre(network, "scheduled")
    await change(network, "cis", OVER, referral)
    done(await cis.act(referral, "no_show"))
    last = done(await cis.act(referral, "schedule", meet_at=MEETING))
    known = await poraj.has(referral, version=last["version"])
    assert (known["status"], known["meeting"]) == ("scheduled", {"at": MEETING, "place": None})


async def test_three_attempts_on_two_channels_and_only_then_a_person_is_unreachable(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    for channel in ("phone", "phone", "phone"):
        assert refused(await cis.act(referral, "give_up")) == (409, "too_few_attempts")
        done(await cis.act(referral, "record_attempt", channel=channel))
    answer = await cis.act(referral, "give_up")
    assert refused(answer) == (409, "too_few_attempts")
    assert "3" in answer.json()["title"]
    tried = done(await cis.act(referral, "record_attempt", channel="letter"))
    assert (tried["status"], tried["attempts"]) == ("accepted", 4)
    done(await cis.act(referral, "give_up"))
    known = await poraj.has(referral, status="unreachable")
    assert (known["attempts"], known["custodian"]) == (4, "ops-poraj")


async def _tried(cis: Office, referral: str, *channels: str) -> None:
    for channel in channels:
        done(await cis.act(referral, "record_attempt", channel=channel))


async def test_attempts_are_counted_anew_once_the_person_has_come(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    await _tried(cis, referral, "phone", "letter")
    assert done(await cis.act(referral, "schedule", meet_at=MEETING))["attempts"] == 2
    await change(network, "cis", OVER, referral)
    came = done(await cis.act(referral, "reschedule", meet_at=MEETING))
    assert (came["attempts"], (await poraj.has(referral, version=came["version"]))["attempts"]) == (0, 0)
    await change(network, "cis", OVER, referral)
    done(await cis.act(referral, "no_show"))
    await _tried(cis, referral, "phone", "phone", "phone")
    assert refused(await cis.act(referral, "give_up")) == (409, "too_few_attempts")
    await _tried(cis, referral, "letter")
    assert done(await cis.act(referral, "give_up"))["status"] == "unreachable"


async def test_attempts_are_counted_on_while_appointments_are_only_made(network: Network) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    await _tried(cis, referral, "phone")
    done(await cis.act(referral, "schedule", meet_at=MEETING))
    done(await cis.act(referral, "reschedule", meet_at=MEETING))
    await change(network, "cis", OVER, referral)
    done(await cis.act(referral, "no_show"))
    await _tried(cis, referral, "letter")
    made = done(await cis.act(referral, "schedule", meet_at=MEETING))
    assert (made["attempts"], (await poraj.has(referral, version=made["version"]))["attempts"]) == (2, 2)
    await change(network, "cis", OVER, referral)
    done(await cis.act(referral, "no_show"))
    await _tried(cis, referral, "phone")
    assert done(await cis.act(referral, "give_up"))["status"] == "unreachable"


@pytest.mark.parametrize(("action", "body"), [("start", {"signed_on": TODAY}), ("waitlist", {"review_on": IN_A_MONTH})])
async def test_who_came_and_begins_or_waits_is_not_one_who_cannot_be_reached(
    network: Network, action: str, body: dict[str, str]
) -> None:
    poraj, cis, referral = await centre(network, "accepted")
    await _tried(cis, referral, "phone", "letter")
    done(await cis.act(referral, "schedule", meet_at=MEETING))
    await change(network, "cis", OVER, referral)
    last = done(await cis.act(referral, action, **body))
    assert (last["attempts"], (await poraj.has(referral, version=last["version"]))["attempts"]) == (0, 0)


async def test_an_attempt_names_its_channel(network: Network) -> None:
    _, cis, referral = await centre(network, "accepted")
    assert errors(await cis.act(referral, "record_attempt")) == [("channel", "missing")]
    assert errors(await cis.act(referral, "record_attempt", channel="pigeon")) == [("channel", "literal_error")]
