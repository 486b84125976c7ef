"""The life of a referral on its page, from both sides: lists and appointments, pauses, handing back, the end."""

from datetime import datetime
from typing import Any

import pytest

from rules.calendar import local_time
from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, Office, eventually
from tests.services.living import ACCEPT, MEETING, SERVICE, START, TODAY, brought, centre
from tests.services.steps import delivered, done
from tests.services.test_redirects import CONSENT


def _act(page: Page, referral: str, action: str) -> Any:
    return page.form(f"/referrals/{referral}/actions/{action}")


async def _does(browser: Browser, referral: str, action: str, **typed: str) -> Page:
    return await browser.send(_act(await browser.open(f"/referrals/{referral}"), referral, action), **typed)


@pytest.fixture
async def cis(at_desk: SignedIn) -> Browser:
    return await at_desk("cis-poraj", "CIS_HEAD")


@pytest.fixture
async def ops(at_desk: SignedIn) -> Browser:
    return await at_desk("ops-poraj", "OPS_HEAD")


@pytest.fixture
def poraj(network: Network) -> Office:
    return network.office("ops-poraj")


async def test_a_place_on_the_list_is_given_with_a_ready_day_and_both_sides_see_that_day(
    network: Network, poraj: Office, cis: Browser, ops: Browser
) -> None:
    referral = await brought(poraj, network.office("cis-poraj"), (("claim", {}),))
    form = _act(await cis.open(f"/referrals/{referral}"), referral, "put_on_list")
    day = next(value for name, value in form.buttons if name == "preset")
    listed = await cis.send(form, preset=day)
    assert "Na liście oczekujących" in listed.text
    assert "Miejsce na liście" in listed.text
    await poraj.has(referral, status="waitlisted")
    shown = f"{int(day[8:])} "
    sent = await ops.open(f"/referrals/{referral}")
    assert f"Miejsce będzie sprawdzone ponownie {shown}" in sent.text
    assert "Miejsce na liście" not in sent.text


async def test_an_appointment_is_typed_as_a_day_and_a_time_in_polish_time(
    network: Network, poraj: Office, cis: Browser, ops: Browser
) -> None:
    _, _, referral = await centre(network, "accepted")
    when = local_time(datetime.fromisoformat(MEETING))
    typed = {"meet_at__day": f"{when.day}.{when.month}.{when.year}", "meet_at__time": "10:30"}
    page = await _does(cis, referral, "schedule", place="pokój 12", **typed)
    assert "Umówiono spotkanie" in page.text
    known = await poraj.has(referral, status="scheduled")
    at = local_time(datetime.fromisoformat(known["meeting"]["at"]))
    assert (at.date(), at.strftime("%H:%M"), known["meeting"]["place"]) == (when.date(), "10:30", "pokój 12")
    assert "10:30, pokój 12" in (await ops.open(f"/referrals/{referral}")).text


async def test_a_day_without_a_time_comes_back_with_what_was_typed(network: Network, cis: Browser) -> None:
    _, _, referral = await centre(network, "accepted")
    wrong = await _does(cis, referral, "schedule", meet_at__day="31.12.2026", place="pokój 12")
    assert wrong.status == 422
    assert "Podaj dzień i godzinę, na przykład 3.12.2026 i 10:30." in wrong.text
    assert _act(wrong, referral, "schedule").fields["meet_at.day"] == ["31.12.2026"]
    assert "#schedule-meet_at" in wrong.links


async def test_of_two_forms_with_a_reason_only_the_one_that_was_sent_shows_what_is_wrong(
    network: Network, cis: Browser
) -> None:
    _, _, referral = await centre(network, "in_service")
    wrong = await _does(cis, referral, "propose_return", text="Potrzebne jest leczenie.")
    assert wrong.status == 422
    assert wrong.html.count("Wybierz powód z listy.") == 2  # in the summary and at the field
    assert "#propose_return-reason" in wrong.links
    assert _act(wrong, referral, "propose_return").fields["text"] == ["Potrzebne jest leczenie."]


async def test_a_pause_and_its_end_come_back_to_where_it_was(network: Network, poraj: Office, cis: Browser) -> None:
    _, _, referral = await centre(network, "in_service")
    until = datetime.fromisoformat(MEETING)
    paused = await _does(cis, referral, "suspend", reason="away", until=f"{until.day}.{until.month}.{until.year}")
    assert "Powód zawieszenia Osoba czasowo nie może" in paused.text
    assert "Zawieszone do" in paused.text
    resumed = await cis.send(_act(paused, referral, "resume"))
    assert "Wznowiono." in resumed.text
    await poraj.has(referral, status="in_service")


async def test_handing_back_is_answered_by_the_sender_who_reads_the_summary_first(
    network: Network, poraj: Office, ops: Browser
) -> None:
    _, _, referral = await centre(network, "return_proposed")
    page = await ops.open(f"/referrals/{referral}")
    assert "Potrzebne jest leczenie." in page.text
    assert "Sprawę znów poprowadzi nasza instytucja." in page.text
    await ops.send(_act(page, referral, "accept_return"))
    await poraj.has(referral, status="returned")
    ended = await ops.open(f"/referrals/{referral}")
    assert "Co dalej: Ustal z osobą dalsze postępowanie." in ended.text
    assert ended.form(f"/referrals/{referral}/again")


async def test_asking_to_cancel_warns_and_is_refused_with_a_reason_that_the_sender_reads(
    network: Network, poraj: Office, cis: Browser, ops: Browser
) -> None:
    _, _, referral = await centre(network, "in_service")
    page = await ops.open(f"/referrals/{referral}")
    assert "Rozstrzygnie instytucja przyjmująca; do tego czasu nic się nie zmienia." in page.text
    await ops.send(_act(page, referral, "request_cancel"), reason="person_moved")
    await poraj.has(referral, status="cancel_requested")
    asked = await cis.open(f"/referrals/{referral}")
    assert "Powód prośby Osoba zmieniła miejsce pobytu" in asked.text
    await cis.send(_act(asked, referral, "refuse_cancel"), reason="under_way")
    await poraj.has(referral, status="in_service")
    assert "Usługa jest w toku i nie można jej przerwać" in (await ops.open(f"/referrals/{referral}")).text


async def test_a_case_is_closed_with_an_outcome_and_its_evidence(
    network: Network, poraj: Office, cis: Browser, ops: Browser
) -> None:
    _, _, referral = await centre(network, "in_service")
    bare = await _does(cis, referral, "complete")
    assert bare.status == 422
    done_ = await cis.send(_act(bare, referral, "complete"), outcome="open_market", evidence="document")
    assert "Wynik Praca na otwartym rynku" in done_.text
    await poraj.has(referral, status="completed")
    assert "Dokument (umowa, zaświadczenie)" in (await ops.open(f"/referrals/{referral}")).text


async def test_a_reopening_is_asked_for_and_refused_with_a_reason_that_the_sender_reads(
    network: Network, poraj: Office, cis: Browser, ops: Browser
) -> None:
    _, _, referral = await centre(network, "completed")
    await _does(ops, referral, "ask_reopen", reason="other", note="Umowę rozwiązano.")
    await poraj.has(referral, reopen_asked=True)
    refused = await _does(cis, referral, "refuse_reopen", reason="no_place", note="Najwcześniej od marca.")
    assert "Odmówiono wznowienia." in refused.text
    await poraj.has(referral, reopen_asked=False)
    page = await ops.open(f"/referrals/{referral}")
    assert "Prośba o wznowienie nie została przyjęta" in page.text
    assert "Wyjaśnienie instytucji przyjmującej Najwcześniej od marca." in page.text


async def test_a_referral_sent_back_with_a_suggestion_goes_there_in_one_action_and_keeps_its_lineage(
    poraj: Office, cis: Browser, ops: Browser
) -> None:
    referral = await delivered(poraj, "cis-poraj")
    form = _act(await cis.open(f"/referrals/{referral}"), referral, "send_back")
    await cis.send(form, reason="wrong_institution", suggestion="cis-myszkow")
    before = await poraj.has(referral, status="returned")
    page = await ops.open(f"/referrals/{referral}")
    again = next(each for each in page.forms if each.fields.get("receiver") == ["cis-myszkow"])
    sent = await ops.send(again)
    assert sent.address.startswith("/referrals/")
    new = await poraj.has(sent.address.rpartition("/")[2], status="delivered")
    assert (new["receiver"], new["path_id"], new["follows"]) == ("cis-myszkow", before["path_id"], referral)
    assert f"Zamiast skierowania {before['number']}" in sent.text


async def test_what_cannot_go_to_the_suggested_institution_at_once_becomes_a_draft_that_says_why(
    poraj: Office, cis: Browser, ops: Browser
) -> None:
    referral = await delivered(poraj, "cis-poraj")
    form = _act(await cis.open(f"/referrals/{referral}"), referral, "send_back")
    await cis.send(form, reason="wrong_institution", suggestion="cis-tychy")
    await poraj.has(referral, status="returned")
    page = await ops.open(f"/referrals/{referral}")
    draft = await ops.send(next(each for each in page.forms if each.fields.get("receiver") == ["cis-tychy"]))
    assert draft.address.startswith("/drafts/")
    kept = await poraj.get(draft.address.rpartition("/")[2])
    assert kept is not None
    assert (kept["form"]["receiver"], kept["form"]["follows"]) == ("cis-tychy", referral)


async def test_a_proposed_institution_is_named_and_agreed_to_with_the_day_of_the_consent(
    network: Network, poraj: Office, ops: Browser, at_desk: SignedIn
) -> None:
    pup = await at_desk("pup-myszkow", "PUP_HEAD")
    referral = await brought(poraj, network.office("pup-myszkow"), (("claim", {}),), consent=CONSENT)
    await _does(pup, referral, "redirect", reason="no_suitable_offer", suggestion="owes-jowes")
    await poraj.has(referral, status="redirect_proposed")
    page = await ops.open(f"/referrals/{referral}")
    name = poraj.directory["owes-jowes"].name
    assert f"Wskazana instytucja {name}" in page.text
    await ops.send(_act(page, referral, "accept_redirect"), signed_on=TODAY)
    known = await poraj.has(referral, status="redirected")

    async def named() -> bool:
        return f"/referrals/{known['followed_by']}" in (await ops.open(f"/referrals/{referral}")).links

    await eventually(named)


async def test_an_attempt_to_reach_a_person_is_one_choice_and_is_counted(network: Network, cis: Browser) -> None:
    _, _, referral = await centre(network, "accepted")
    page = await _does(cis, referral, "record_attempt", channel="phone")
    assert "Odnotowano próbę kontaktu." in page.text
    assert "Próby kontaktu z osobą 1" in page.text


async def test_the_programme_starts_with_the_day_of_the_signature(network: Network, cis: Browser) -> None:
    _, _, referral = await centre(network, "accepted")
    started = await _does(cis, referral, "start", signed_on=TODAY)
    assert "Podpisano program lub kontrakt" in started.text
    assert "W realizacji" in started.text


async def test_a_withdrawn_consent_is_noted_and_said_on_both_sides(
    network: Network, poraj: Office, ops: Browser, at_desk: SignedIn
) -> None:
    owes = await at_desk("owes-jowes", "OWES_HEAD")
    referral = await brought(poraj, network.office("owes-jowes"), SERVICE, consent=CONSENT)
    await _does(ops, referral, "end_consent")
    await poraj.has(referral, consent_ended=True)
    for side in (ops, owes):
        assert "Osoba wycofała zgodę." in (await side.open(f"/referrals/{referral}")).text


async def test_files_stay_open_for_the_receiver_while_it_leads_the_case(network: Network, cis: Browser) -> None:
    _, _, referral = await centre(network, "in_service")
    assert "Pliki będzie można otworzyć" not in (await cis.open(f"/referrals/{referral}")).text


async def test_who_has_the_move_is_said_while_a_proposal_waits(network: Network, ops: Browser, cis: Browser) -> None:
    _, _, referral = await centre(network, "return_proposed")
    assert "Ruch: nasza instytucja." in (await ops.open(f"/referrals/{referral}")).text
    assert "Ruch: nasza instytucja." not in (await cis.open(f"/referrals/{referral}")).text


async def test_a_case_that_began_shows_where_the_person_stands(network: Network, poraj: Office, cis: Browser) -> None:
    referral = await brought(poraj, network.office("cis-poraj"), (ACCEPT, START))
    done(await network.office("cis-poraj").act(referral, "note_progress"))

    async def told() -> bool:
        return "Rozpoczęto realizację" in (await cis.open(f"/referrals/{referral}")).text

    await eventually(told)
