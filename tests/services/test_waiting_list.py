"""Accepted without a place: who waits, for which edition, and who gets the place that becomes free."""

import asyncio

from tests.nodes import Network, Office
from tests.services.database import administrator, wait_for_locks
from tests.services.living import HAND_BACK, IN_A_MONTH, WAIT, asked, brought, centre
from tests.services.steps import actions, delivered, done, errors, refused

EDITION, PLACES = "stolarski_wiosna_2027", 3
"""Of the centre in Tychy."""


async def _sent(network: Network, count: int) -> tuple[Office, Office, list[str]]:
    """So many referrals for the edition, all places of which are free."""
    ops, cis = network.office("ops-tychy"), network.office("cis-tychy")
    async with administrator(network, "cis") as connection:
        await connection.execute("update referral.referral set edition = null where edition = $1", EDITION)
    chosen = {"preferred_workshop": "stolarski", "edition": EDITION}
    return ops, cis, list(await asyncio.gather(*(delivered(ops, "cis-tychy", **chosen) for _ in range(count))))


async def _full(network: Network, waiting: int) -> tuple[Office, Office, list[str], list[str]]:
    """As many accepted as there are places, and so many more on the list, in the order in which they came."""
    ops, cis, referrals = await _sent(network, PLACES)
    for referral in referrals:
        done(await cis.act(referral, "accept"))
    line = [await delivered(ops, "cis-tychy", edition=EDITION) for _ in range(waiting)]
    for referral in line:
        done(await cis.act(referral, "put_on_list", review_on=IN_A_MONTH))
    return ops, cis, referrals, line


async def test_of_eight_for_three_places_five_wait_and_the_sender_knows_for_what(network: Network) -> None:
    ops, cis, referrals = await _sent(network, 8)
    for referral in referrals[:PLACES]:
        assert done(await cis.act(referral, "accept"))["status"] == "accepted"
    for referral in referrals[PLACES:]:
        assert refused(await cis.act(referral, "accept")) == (409, "no_free_place")
        done(await cis.act(referral, "put_on_list", review_on=IN_A_MONTH))
        assert "admit" not in actions(done(await cis.http.get(f"/referrals/{referral}")))
    waiting = {"review_on": IN_A_MONTH, "edition": EDITION, "starts_on": "2027-03-01"}
    for referral in referrals[PLACES:]:
        assert (await ops.has(referral, status="waitlisted"))["waiting"] == {**waiting, "position": None}
    line = [await cis.has(referral) for referral in referrals[PLACES:]]
    came = sorted(line, key=lambda shown: (shown["times"]["delivered"], shown["id"]))
    assert [shown["waiting"]["position"] for shown in came] == [1, 2, 3, 4, 5]


async def test_a_place_that_becomes_free_goes_to_somebody_who_waits_when_a_person_decides_so(network: Network) -> None:
    ops, cis, holding, (first, second) = await _full(network, 2)
    assert refused(await cis.act(first, "admit")) == (409, "no_free_place")
    done(await cis.act(holding[0], "late_decline", reason="person_declined"))
    assert [(await cis.has(each))["waiting"]["position"] for each in (first, second)] == [1, 2]
    assert done(await cis.act(first, "admit"))["status"] == "accepted"
    assert (await ops.has(first, status="accepted"))["waiting"] is None
    assert (await cis.has(second))["waiting"]["position"] == 1
    assert refused(await cis.act(second, "admit")) == (409, "no_free_place")


async def test_of_two_who_take_the_last_place_at_once_one_gets_it(network: Network) -> None:
    _, cis, holding, line = await _full(network, 2)
    done(await cis.act(holding[0], "late_decline", reason="person_declined"))
    async with administrator(network, "cis") as connection, connection.transaction():
        await connection.execute(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"cis-tychy/{EDITION}"
        )  # as one who takes a place holds it: both wait, each with a place to be seen
        both = [asyncio.create_task(cis.act(each, "admit")) for each in line]
        await wait_for_locks(network, "cis", 2)
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_who_is_admitted_gets_a_place_of_the_edition_that_they_wait_for(network: Network) -> None:
    _, cis, _, (first,) = await _full(network, 1)
    answer = await cis.act(first, "admit", edition="stolarski_jesien_2026")
    assert refused(answer) == (409, "no_free_place")


async def test_what_has_ended_is_opened_again_only_while_its_place_is_free(network: Network) -> None:
    ops, cis, holding, (first,) = await _full(network, 1)
    done(await cis.act(holding[0], HAND_BACK[0], **HAND_BACK[1]))
    await ops.has(holding[0], status="return_proposed")
    await asked(ops, holding[0], "accept_return")
    done(await cis.act(first, "admit"))
    await asked(ops, holding[0], "ask_reopen", reason="person_returned")
    assert actions(await cis.has(holding[0])) == {"refuse_reopen"}
    assert refused(await cis.act(holding[0], "reopen")) == (409, "no_free_place")
    done(await cis.act(first, "late_decline", reason="person_declined"))
    assert done(await cis.act(holding[0], "reopen"))["status"] == "accepted"


async def test_who_only_waited_is_back_on_the_list_however_full_the_edition_is(network: Network) -> None:
    ops, cis, _, (first,) = await _full(network, 1)
    await ops.has(first, status="waitlisted")
    await asked(ops, first, "request_cancel", reason="person_moved")
    last = done(await cis.act(first, "confirm_cancel"))
    await ops.has(first, version=last["version"])
    await asked(ops, first, "ask_reopen", reason="person_returned")
    assert done(await cis.act(first, "reopen"))["status"] == "waitlisted"


async def test_who_pauses_while_waiting_takes_no_place(network: Network) -> None:
    _, cis, referrals = await _sent(network, PLACES + 1)
    done(await cis.act(referrals[0], "put_on_list", review_on=IN_A_MONTH))
    done(await cis.act(referrals[0], "suspend", reason="away", until=IN_A_MONTH))
    for referral in referrals[1:]:
        assert done(await cis.act(referral, "accept"))["status"] == "accepted"


async def test_nobody_is_put_on_the_list_without_a_day_on_which_it_is_reviewed(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    referral = await delivered(poraj, "cis-poraj")
    assert errors(await cis.act(referral, "put_on_list")) == [("review_on", "missing")]
    assert errors(await cis.act(referral, "put_on_list", review_on="2020-01-01")) == [("review_on", "past_date")]
    assert errors(await cis.act(referral, "put_on_list", review_on="2199-01-01")) == [("review_on", "too_late_date")]


async def test_whoever_still_waits_after_the_review_gets_another_day(network: Network) -> None:
    poraj, cis, referral = await centre(network, "waitlisted")
    day = IN_A_MONTH[:4] + "-12-31"
    extended = done(await cis.act(referral, "extend_wait", review_on=day))
    assert (await poraj.has(referral, version=extended["version"]))["waiting"]["review_on"] == day


async def test_the_list_is_for_the_accepted_too_and_frees_their_place(network: Network) -> None:
    _, cis, holding, (first,) = await _full(network, 1)
    done(await cis.act(holding[0], "waitlist", review_on=IN_A_MONTH))
    assert done(await cis.act(first, "admit"))["status"] == "accepted"


async def test_an_edition_that_the_institution_does_not_have_is_refused_at_both_ends(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    assert errors(await poraj.create("cis-poraj", edition=EDITION)) == [("edition", "unknown_edition")]
    referral = await delivered(poraj, "cis-poraj")
    assert errors(await cis.act(referral, "accept", edition=EDITION)) == [("edition", "unknown_edition")]
    assert done(await cis.act(referral, "accept", edition="opiekunczy_wiosna_2027"))["status"] == "accepted"


async def test_the_editions_to_choose_from_tell_how_many_places_are_free(network: Network) -> None:
    ops, cis, _, _ = await _full(network, 0)
    referral = await delivered(ops, "cis-tychy")
    shown = done(await cis.http.get(f"/referrals/{referral}", headers={"Accept-Language": "en"}))
    (accept,) = (action for action in shown["available_actions"] if action["action"] == "accept")
    (edition,) = accept["fields"]
    option = {"code": EDITION, "label": "Warsztat stolarski, from 1 March 2027, 0 of 3 free"}
    assert (edition["name"], option in edition["options"]) == ("edition", True)


async def test_who_was_sent_for_a_full_edition_may_be_taken_into_another(network: Network) -> None:
    ops, cis, _, _ = await _full(network, 0)
    referral = await delivered(ops, "cis-tychy", edition=EDITION)
    assert "accept" in actions(await cis.has(referral))
    accepted = done(await cis.act(referral, "accept", edition="stolarski_jesien_2026"))
    known = await ops.has(referral, version=accepted["version"])
    assert [(shown["status"], shown["edition"]) for shown in (accepted, known)] == [
        ("accepted", "stolarski_jesien_2026")
    ] * 2


async def test_who_has_no_editions_is_not_asked_for_one(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    shown = await pup.has(await delivered(poraj, "pup-myszkow"))
    (accept,) = (action for action in shown["available_actions"] if action["action"] == "accept")
    assert accept["fields"] == []


async def test_waiting_for_a_service_moves_the_case_to_whoever_promised_it(network: Network) -> None:
    poraj, pup = network.office("ops-poraj"), network.office("pup-myszkow")
    referral = await brought(poraj, pup, (WAIT,))
    assert (await poraj.has(referral, status="waitlisted"))["custodian"] == "pup-myszkow"


async def test_one_who_waits_may_be_taken_back_only_with_the_receivers_consent(network: Network) -> None:
    poraj, cis, referral = await centre(network, "waitlisted")
    assert refused(await poraj.act(referral, "withdraw", reason="person_moved")) == (409, "illegal_action")
    assert (await asked(poraj, referral, "request_cancel", reason="person_moved"))["status"] == "cancel_requested"
    assert done(await cis.act(referral, "confirm_cancel"))["status"] == "cancelled"
