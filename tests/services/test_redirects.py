"""A service is proposed to another institution: the sender decides, and the new referral takes the place of the old."""

import pytest

from tests.nodes import Network, Office
from tests.services.database import change, rows
from tests.services.living import IN_A_MONTH, TODAY, asked, brought
from tests.services.steps import actions, delivered, done, errors, refused

WHY = {"reason": "wrong_institution"}
CONSENT = {"given_on": "2026-05-01", "version": "2026-1"}


async def _offices(network: Network) -> tuple[Office, Office, str]:
    """An OPS, a PUP, and a referral for a service between them."""
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    return poraj, pup, await delivered(poraj, "pup-myszkow", consent=CONSENT)


async def test_a_redirect_that_the_sender_accepts_makes_a_child_in_its_place(network: Network) -> None:
    poraj, pup, referral = await _offices(network)
    done(await pup.act(referral, "redirect", **WHY, suggestion="owes-jowes"))
    proposed = await poraj.has(referral, status="redirect_proposed")
    assert (proposed["suggestion"], proposed["custodian"]) == ("owes-jowes", "ops-poraj")
    old = await asked(poraj, referral, "accept_redirect", signed_on=TODAY)
    assert old["status"] == "redirected"
    child = await poraj.has(old["followed_by"], status="delivered")
    assert (child["receiver"], child["follows"], child["path_id"]) == ("owes-jowes", referral, old["path_id"])
    told = await pup.has(referral, status="redirected")
    assert (told["client"], told["followed_by"]) == (None, child["id"])
    (kept,) = await rows(network, "owes", "select lineage, follows from referral.referral where id = $1", child["id"])
    assert (kept["lineage"], str(kept["follows"])) == (["pup-myszkow"], referral)


async def test_the_person_agrees_to_the_other_institution_on_a_day_that_goes_with_the_child(network: Network) -> None:
    poraj, pup, referral = await _offices(network)
    done(await pup.act(referral, "redirect", **WHY, suggestion="owes-jowes"))
    await poraj.has(referral, status="redirect_proposed")
    assert errors(await poraj.act(referral, "accept_redirect")) == [("signed_on", "missing")]
    assert errors(await poraj.act(referral, "accept_redirect", signed_on=IN_A_MONTH)) == [("signed_on", "future_date")]
    child = (await asked(poraj, referral, "accept_redirect", signed_on=TODAY))["followed_by"]
    form = done(await poraj.http.get(f"/referrals/{child}/form"))
    assert (form["consent"]["given_on"], CONSENT["given_on"] == TODAY) == (TODAY, False)


async def test_a_redirect_that_the_sender_refuses_goes_back_to_whoever_reviewed(network: Network) -> None:
    poraj, pup, referral = await _offices(network)
    done(await pup.act(referral, "redirect", **WHY, suggestion="owes-jowes"))
    await poraj.has(referral, status="redirect_proposed")
    await asked(poraj, referral, "refuse_redirect", reason="person_declined")
    told = await pup.has(referral, status="in_review")
    assert (told["claimed_by"], told["suggestion"], told["lease_until"] is not None) == ("pup-myszkow", None, True)


@pytest.mark.parametrize("suggestion", ["ops-poraj", "pup-myszkow", "nobody-nowhere", "cis-poraj"])
async def test_nobody_is_proposed_who_had_it_or_may_not_have_it(network: Network, suggestion: str) -> None:
    """The sender, the proposer, one who is not there, one to whom only a statutory referral leads."""
    _, pup, referral = await _offices(network)
    answer = await pup.act(referral, "redirect", **WHY, suggestion=suggestion)
    assert errors(answer) == [("suggestion", "target_does_not_fit")]


async def test_it_never_goes_back_to_an_institution_that_had_it(network: Network) -> None:
    poraj, pup, referral = await _offices(network)
    done(await pup.act(referral, "redirect", **WHY, suggestion="owes-jowes"))
    await poraj.has(referral, status="redirect_proposed")
    child = (await asked(poraj, referral, "accept_redirect", signed_on=TODAY))["followed_by"]
    await poraj.has(child, status="delivered")
    answer = await network.office("owes-jowes").act(child, "redirect", **WHY, suggestion="pup-myszkow")
    assert errors(answer) == [("suggestion", "target_does_not_fit")]


async def test_after_three_institutions_it_is_not_passed_on_any_more(network: Network) -> None:
    _, pup, referral = await _offices(network)
    had = "update referral.referral set lineage = '{pup-a,pup-b,pup-c}' where id = $1"
    await change(network, "pup", had, referral)
    assert "redirect" not in actions(await pup.has(referral))
    answer = await pup.act(referral, "redirect", **WHY, suggestion="owes-jowes")
    assert refused(answer) == (409, "too_many_hops")


async def test_without_a_consent_nothing_goes_on_to_another_institution(network: Network) -> None:
    poraj, pup, referral = await _offices(network)
    done(await pup.act(referral, "redirect", **WHY, suggestion="owes-jowes"))
    await poraj.has(referral, status="redirect_proposed")
    assert (await asked(poraj, referral, "end_consent"))["consent_ended"]
    assert refused(await poraj.act(referral, "accept_redirect")) == (409, "consent_ended")
    assert (await pup.has(referral))["client"] is None


async def test_what_was_accepted_is_handed_back_and_not_redirected(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    referral = await brought(poraj, pup, (("accept", {}),))
    answer = await pup.act(referral, "redirect", **WHY, suggestion="owes-jowes")
    assert refused(answer) == (409, "illegal_action")
