"""A consent that the person took back: the hand-over goes on, and nothing more of the person is shown or sent."""

from contracts.attachments import PART_BYTES
from tests.nodes import Network, Office
from tests.services.database import road_closed, rows
from tests.services.files import pdf
from tests.services.living import IN_A_MONTH, SERVICE, TODAY, asked, brought
from tests.services.steps import SOON, actions, done, errors, refused
from tests.services.test_attachments import uploaded
from tests.services.test_redirects import CONSENT


async def _by_consent(network: Network) -> tuple[Office, Office, str]:
    poraj, owes = network.office("ops-poraj"), network.office("owes-jowes")
    return poraj, owes, await brought(poraj, owes, SERVICE, consent=CONSENT)


async def test_without_the_consent_the_receiver_sees_nothing_of_the_person(network: Network) -> None:
    poraj, owes, referral = await _by_consent(network)
    assert (await owes.has(referral))["client"]["family_name"]
    known = await asked(poraj, referral, "end_consent")
    assert (known["status"], known["consent_ended"]) == ("in_service", True)
    told = await owes.has(referral, version=known["version"])
    assert (told["client"], told["consent_ended"]) == (None, True)
    people = done(await owes.http.post("/work-items/people", json={"ids": [referral]}))
    assert people["people"] == []


async def test_without_the_consent_no_question_is_answered(network: Network) -> None:
    poraj, owes = network.office("ops-poraj"), network.office("owes-jowes")
    question = {"question": "Co osoba umie?", "due_on": SOON}
    referral = await brought(poraj, owes, (("claim", {}), ("ask", question)), consent=CONSENT)
    await asked(poraj, referral, "end_consent")
    assert "answer" not in actions(await poraj.has(referral))
    assert refused(await poraj.act(referral, "answer", text="Szyje.")) == (409, "consent_ended")


async def test_both_sides_may_still_bring_it_to_an_end(network: Network) -> None:
    poraj, owes, referral = await _by_consent(network)
    await asked(poraj, referral, "end_consent")
    assert {"complete", "propose_return", "suspend"} <= actions(await owes.has(referral))
    assert "request_cancel" in actions(await poraj.has(referral))


async def test_a_new_consent_shows_the_person_again(network: Network) -> None:
    poraj, owes, referral = await _by_consent(network)
    await asked(poraj, referral, "end_consent")
    assert refused(await poraj.act(referral, "end_consent")) == (409, "no_consent_to_end")
    assert errors(await poraj.act(referral, "renew_consent")) == [("signed_on", "missing")]
    assert errors(await poraj.act(referral, "renew_consent", signed_on=IN_A_MONTH)) == [("signed_on", "future_date")]
    known = await asked(poraj, referral, "renew_consent", signed_on=TODAY)
    assert not known["consent_ended"]
    assert (await owes.has(referral, version=known["version"]))["client"]["family_name"]


async def test_what_an_act_orders_goes_on_whatever_became_of_a_consent(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await brought(poraj, cis, (("accept", {}),), route="B", consent=CONSENT)
    assert refused(await poraj.act(referral, "end_consent")) == (409, "illegal_action")


async def test_no_more_of_a_file_is_sent_from_the_moment_the_end_is_noted(network: Network) -> None:
    cis, myszkow = network.office("cis-poraj"), network.office("ops-myszkow")
    file = await uploaded(cis, pdf(bytes(12 * PART_BYTES)))  # more than may be under way at once
    told = {"kind": "service", "consent": CONSENT, "attachments": [file["id"]]}
    referral = await brought(cis, myszkow, (("claim", {}),), **told)
    ordered = "select next_part from intake.attachment_handover where referral_id = $1"
    async with road_closed(network, "cis"):
        done(await myszkow.act(referral, "accept"))
        await cis.has(referral, status="accepted")
        assert await rows(network, "cis", ordered, referral)
        done(await cis.act(referral, "end_consent"), 202)
        assert await rows(network, "cis", ordered, referral) == []
    await cis.has(referral, consent_ended=True)
