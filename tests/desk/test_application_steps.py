"""The steps of an application at the desk: interview, opinion, issue, and what leads off the way."""

import io
from typing import Any

from pypdf import PdfReader

from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.applying import HELD, RECEIVED, opined, registered, step
from tests.services.steps import done

WORKER, HEAD = "OPS_SOCIAL_WORKER", "OPS_HEAD"


def _address(application: dict[str, Any], action: str) -> str:
    return f"/applications/{application['id']}/actions/{action}"


async def _take(browser: Browser, application: dict[str, Any], action: str, **typed: str | list[str]) -> Page:
    page = await browser.open(_address(application, action))
    return await browser.send(page.form(_address(application, action)), **typed)


async def _now(network: Network, application: dict[str, Any]) -> dict[str, Any]:
    return done(await network.office("ops-poraj").http.get(f"/applications/{application['id']}"))


async def test_from_paper_to_the_referral(network: Network, at_desk: SignedIn) -> None:
    ala, head = await at_desk("ops-poraj", WORKER), await at_desk("ops-poraj", HEAD)
    application = await registered(network.office("ops-poraj"))
    page = await _take(
        ala,
        application,
        "record_interview",
        held_on="25.05.2026",
        place="w miejscu zamieszkania",
        form__grounds=["HOMELESS", "LONG_TERM_UNEMPLOYED"],
        form__general_clause="yes",
        form__labour__benefits="none",
        form__labour__status="registered_unemployed",
    )
    assert "Zapisano wywiad." in page.text
    assert "w kryzysie bezdomności; długotrwałe bezrobocie" in page.text
    page = await _take(
        ala,
        application,
        "give_opinion",
        opinion__result="with_conditions",
        opinion__conditions="Leczenie w poradni.",
        opinion__reasons="Uzależnienie.",
        opinion__issued_on="27.05.2026",
    )
    assert "pozytywna pod warunkami" in page.text
    assert "Tę czynność może wykonać: kierownik" in page.text
    page = await _take(
        head,
        application,
        "issue",
        receiver="cis-poraj",
        case_mark="OPS.5121.8.2026",
        preferred_workshop="cis-poraj:opiekunczy",
        unit="cis-poraj:rekrutacja",
    )
    assert "Wydano skierowanie." in page.text
    made = await _now(network, application)
    assert f"/referrals/{made['referral_id']}/letter.pdf" in page.links
    sent = done(await network.office("ops-poraj").http.get(f"/referrals/{made['referral_id']}"))
    assert (sent["receiver"], sent["unit"], sent["client"]["preferred_workshop"]) == (
        "cis-poraj",
        "rekrutacja",
        "opiekunczy",
    )
    assert sent["client"]["grounds"] == ["HOMELESS", "LONG_TERM_UNEMPLOYED"]
    assert sent["client"]["labour"]["benefits"] == []


async def test_what_is_known_is_not_asked_for_again_and_stays_as_it_was(network: Network, at_desk: SignedIn) -> None:
    ala, application = await at_desk("ops-poraj", WORKER), await opined(network.office("ops-poraj"))
    head = await at_desk("ops-poraj", HEAD)
    page = await head.open(_address(application, "issue"))
    assert "Czego jeszcze nie wiadomo" not in page.text
    form = page.form(_address(application, "issue"))
    assert form.fields["form.labour.registered_months"] == ["18"]
    assert (form.fields["form.labour.benefits"], form.fields["form.general_clause"]) == (["none"], ["yes"])
    before = await _now(network, application)
    page = await head.send(form, case_mark="OPS.1", receiver="cis-poraj")
    assert (await _now(network, application))["client"] == before["client"]
    assert "Wydano skierowanie" in (await ala.open(f"/applications/{application['id']}")).text


async def test_an_interview_is_planned_for_a_day_that_is_offered(network: Network, at_desk: SignedIn) -> None:
    ala, application = await at_desk("ops-poraj", WORKER), await registered(network.office("ops-poraj"))
    page = await ala.open(_address(application, "schedule_interview"))
    day = page.text.partition("Na przykład: ")[2].partition(",")[0]
    page = await ala.send(page.form(_address(application, "schedule_interview")), on=day, place="OPS")
    assert "Oczekuje na wywiad" in page.text
    assert "planowany na" in page.text


async def test_each_refused_field_says_why_with_its_article(network: Network, at_desk: SignedIn) -> None:
    ala, application = await at_desk("ops-poraj", WORKER), await registered(network.office("ops-poraj"))
    await step(network.office("ops-poraj"), application, "record_interview", held_on=HELD, place="OPS")
    page = await _take(ala, application, "give_opinion", opinion__result="negative", opinion__findings="Długi tekst")
    assert page.status == 422
    assert 'id="opinion-reasons-error"' in page.html
    assert "art. 12 ust. 2" in page.text
    form = page.form(_address(application, "give_opinion"))
    assert (form.fields["opinion.findings"], form.fields["opinion.result"]) == (["Długi tekst"], ["negative"])


async def test_what_the_law_still_asks_for_is_told_at_the_fields_of_the_issue(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, head = network.office("ops-poraj"), await at_desk("ops-poraj", HEAD)
    application = await registered(poraj)
    await step(poraj, application, "record_interview", held_on=HELD, place="OPS")
    opinion = {"result": "positive", "interview_on": HELD, "issued_on": HELD}
    await step(poraj, application, "give_opinion", opinion=opinion)
    page = await _take(head, application, "issue", receiver="cis-poraj", case_mark="OPS.1")
    assert page.status == 422
    for field in ("form-grounds", "form-general_clause", "form-labour-benefits"):
        assert f'id="{field}-error"' in page.html, field


async def test_a_centre_of_another_territory_needs_a_paid_place(network: Network, at_desk: SignedIn) -> None:
    head, application = await at_desk("ops-poraj", HEAD), await opined(network.office("ops-poraj"))
    page = await _take(head, application, "issue", receiver="cis-tychy", case_mark="OPS.1")
    assert page.status == 422
    assert 'id="receiver-error"' in page.html or "art. 12 ust. 5" in page.text
    form = page.form(_address(application, "issue"))
    assert form.fields["receiver"] == ["cis-tychy"]
    page = await head.send(form, paid_place="yes")
    assert "Wydano skierowanie." in page.text


async def test_a_unit_of_another_institution_than_the_chosen_one_is_refused(
    network: Network, at_desk: SignedIn
) -> None:
    head, application = await at_desk("ops-poraj", HEAD), await opined(network.office("ops-poraj"))
    page = await _take(head, application, "issue", receiver="cis-poraj", unit="cis-myszkow:zarki", case_mark="OPS.1")
    assert page.status == 422
    assert 'id="unit-error"' in page.html


async def test_two_people_at_once_the_second_sees_what_changed_and_keeps_what_was_typed(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, ala = network.office("ops-poraj"), await at_desk("ops-poraj", WORKER)
    application = await registered(poraj)
    action = "schedule_interview"
    form = (await ala.open(_address(application, action))).form(_address(application, action))
    await step(poraj, application, action, on="2099-01-05", place="w szkole")
    page = await ala.send(form, on="7.01.2099", place="w domu")
    assert page.status == 412
    form = page.form(_address(application, action))
    assert (form.fields["on"], form.fields["place"]) == (["7.01.2099"], ["w domu"])
    page = await ala.send(form)
    assert "7 stycznia 2099, w domu" in page.text


async def test_a_step_that_somebody_else_took_meanwhile_shows_how_it_stands(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, ala = network.office("ops-poraj"), await at_desk("ops-poraj", WORKER)
    application = await registered(poraj)
    form = (await ala.open(_address(application, "record_interview"))).form(_address(application, "record_interview"))
    await step(poraj, application, "withdraw", reason="duplicate")
    page = await ala.send(form, held_on=RECEIVED, place="OPS")
    assert "Zakończony bez rozpatrzenia" in page.text
    assert (await _now(network, application))["interview"]["held_on"] is None


async def test_returned_for_completion_and_completed_with_what_was_missing(network: Network, at_desk: SignedIn) -> None:
    ala, application = await at_desk("ops-poraj", WORKER), await registered(network.office("ops-poraj"))
    page = await _take(ala, application, "return_for_completion", reason="signature_missing", note="Druga strona.")
    assert "Zwrócono do uzupełnienia." in page.text
    assert "Druga strona." in page.text
    page = await _take(ala, application, "complete", form__client__phone="+48 000 111 222")
    assert "Przyjęto uzupełnienie." in page.text
    assert "+48 000 111 222" in page.text


async def test_a_refusal_asks_for_its_reason(network: Network, at_desk: SignedIn) -> None:
    head, application = await at_desk("ops-poraj", HEAD), await opined(network.office("ops-poraj"), "negative")
    page = await head.open(f"/applications/{application['id']}")
    assert "Opinia pracownika socjalnego jest negatywna" in page.text
    page = await _take(head, application, "refuse", reason="other")
    assert page.status == 422
    assert 'id="note-error"' in page.html
    page = await head.send(page.form(_address(application, "refuse")), note="Szczegóły w aktach.")
    assert "Odmówiono skierowania." in page.text


async def test_the_letter_is_seen_before_it_is_issued(network: Network, at_desk: SignedIn) -> None:
    head, application = await at_desk("ops-poraj", HEAD), await opined(network.office("ops-poraj"))
    form = (await head.open(_address(application, "issue"))).form(_address(application, "issue"))
    typed = {**form.fields, "receiver": ["cis-poraj"], "case_mark": ["OPS.5121.9.2026"]}
    answer = await head.http.post(f"/applications/{application['id']}/preview.pdf", data=typed)
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "OPS.5121.9.2026" in text
    assert application["client"]["pesel"] in text
    assert "podgląd" in text
    assert (await _now(network, application))["status"] == "opinion_given"


async def test_an_open_referral_in_the_way_is_shown_and_what_was_typed_stays(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, head = network.office("ops-poraj"), await at_desk("ops-poraj", HEAD)
    application = await opined(poraj)
    person = {name: application["client"][name] for name in ("given_name", "family_name", "pesel", "address")}
    sent = await poraj.send("cis-poraj", client=person)
    page = await _take(head, application, "issue", receiver="cis-poraj", case_mark="OPS.77")
    assert page.status == 409
    assert f"/referrals/{sent['id']}" in page.links
    assert page.form(_address(application, "issue")).fields["case_mark"] == ["OPS.77"]
