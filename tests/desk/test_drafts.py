"""Drafts at the desk: kept whatever is missing, on whichever device, and never over what somebody else wrote."""

import json
from typing import Any

from tests.desk.browser import Browser, Form, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.steps import done


async def begun(browser: Browser, text: str = "Zofia Nieznana 17.05.1984") -> Page:
    page = await browser.open("/referrals/new")
    found = await browser.send(page.form("/referrals/new"), who=text)
    offered = [form for form in found.forms if form.action == "/referrals/new/begin"]
    return await browser.send(offered[-1])  # somebody new, whoever else has a name like that


async def autosaved(browser: Browser, form: Form, **typed: str) -> Any:
    told = {**form.fields, **{name.replace("__", "."): [value] for name, value in typed.items()}}
    return await browser.http.post(f"{form.action}/autosave", data=told, headers={"HX-Request": "true"})


async def kept(network: Network, page: Page) -> dict[str, Any]:
    return done(await network.office("ops-poraj").http.get(f"/referrals/{page.address.split('/')[2]}"))


def _base(html: str) -> str:
    return html.partition('name="_base" id="base" value="')[2].partition('"')[0]


async def test_an_incomplete_form_is_saved_and_says_what_is_missing(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    saved = await browser.send(page.form(page.address), do="save", client__address__town="Poraj", receiver="cis-poraj")
    assert saved.form(page.address).fields["client.address.town"] == ["Poraj"]
    assert {"#grounds", "#opinion-result", "#reason"} <= set(saved.links)
    form = (await kept(network, page))["form"]
    assert (form["client"]["family_name"], form["client"]["birth_date"]) == ("Nieznana", "1984-05-17")


async def test_going_on_names_every_field_that_stands_in_the_way(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    refused = await browser.send(
        page.form(page.address), do="next", receiver="cis-poraj", client__pesel="84651741203", client__phone="600"
    )
    assert refused.status == 422
    assert "art. 1 ust. 2" in refused.text
    assert refused.form(page.address).fields["client.pesel"] == ["84651741203"]


async def test_what_is_no_day_is_named_in_the_way_people_type_days(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    assert "Na przykład 21.03.1983." in page.text
    refused = await browser.send(page.form(page.address), do="next", client__birth_date="31.02.1984")
    assert "Data urodzenia: Podaj datę, na przykład 3.12.2026." in refused.text
    assert "RRRR" not in refused.text
    assert "Error" not in refused.text


async def test_nobody_is_said_to_live_anywhere_before_it_is_told(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    assert "obejmuje gminę osoby" not in page.text
    placed = await browser.send(page.form(page.address), do="save", client__address__town="Poraj")
    assert "obejmuje gminę osoby" in placed.text


async def test_a_save_in_the_background_brings_back_time_and_version(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    answer = await autosaved(browser, page.form(page.address), reason="Chce wró")
    assert "Zapisano " in answer.text
    assert 'value="0.1"' in answer.text
    assert 'id="fields"' not in answer.text
    assert (await kept(network, page))["form"]["reason"] == "Chce wró"


async def test_a_choice_that_changes_the_questions_brings_the_new_ones(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    answer = await autosaved(browser, page.form(page.address), receiver="owes-jowes")
    assert 'id="fields"' in answer.text
    assert 'name="consent.given_on"' in answer.text


async def test_two_windows_of_one_page_typed_one_after_the_other_lose_nothing(
    network: Network, at_desk: SignedIn
) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    form = page.form(page.address)
    await autosaved(browser, form, reason="Chce wró")
    await autosaved(browser, form, reason="Chce wrócić do pracy")  # the first answer had not come back yet
    assert (await kept(network, page))["form"]["reason"] == "Chce wrócić do pracy"


async def test_another_device_is_not_saved_over_and_both_versions_are_shown(
    network: Network, at_desk: SignedIn
) -> None:
    here, there = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"), await at_desk("ops-poraj", "OPS_HEAD")
    page = await begun(here)
    other = await there.open(page.address)
    await there.send(other.form(page.address), do="save", reason="Prosi o pomoc.")
    typed = page.form(page.address)
    quiet = await autosaved(here, typed, reason="Chce wrócić.")
    assert "Nie zapisano" in quiet.text
    clash = await here.send(typed, do="save", reason="Chce wrócić.")
    assert clash.status == 409
    assert "Prosi o pomoc." in clash.text
    assert "Chce wrócić." in clash.text
    assert (await kept(network, page))["form"]["reason"] == "Prosi o pomoc."
    await here.send(clash.form(page.address), do="mine")
    assert (await kept(network, page))["form"]["reason"] == "Chce wrócić."


async def test_what_another_device_cleared_does_not_come_back_by_a_save_in_the_background(
    network: Network, at_desk: SignedIn
) -> None:
    here, there = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"), await at_desk("ops-poraj", "OPS_HEAD")
    page = await begun(here)
    page = await here.send(page.form(page.address), do="save", reason="Chce wrócić.", client__phone="600 100 200")
    other = await there.open(page.address)
    await there.send(other.form(page.address), do="save", client__phone="")
    quiet = await autosaved(here, page.form(page.address), case_mark="OPS.7")
    assert "Nie zapisano" in quiet.text
    assert "phone" not in (await kept(network, page))["form"]["client"]


async def test_the_next_save_in_the_background_begins_with_what_the_last_one_kept(
    network: Network, at_desk: SignedIn
) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    answer = await autosaved(browser, page.form(page.address), reason="Chce wrócić.")
    saved = await browser.open(page.address)
    assert "Chce wrócić." in saved.form(page.address).fields["_base"][0]
    assert _base(answer.text) == _base(saved.html)


async def test_a_page_of_an_earlier_session_learns_its_new_proof_and_saves_on(
    network: Network, at_desk: SignedIn
) -> None:
    browser, again = await at_desk("ops-poraj", "OPS_HEAD"), await at_desk("ops-poraj", "OPS_HEAD")
    browser.http.headers["Sec-Fetch-Site"] = "same-origin"
    page = await begun(browser)
    form = page.form(page.address)
    browser.http.cookies = again.http.cookies  # signed in once more, in another tab
    lost = await autosaved(browser, form, reason="Chce wrócić.")
    assert (lost.status_code, lost.text) == (409, "")
    form.fields["_csrf"] = [json.loads(lost.headers["hx-trigger"])["proof"]["value"]]
    assert "Zapisano " in (await autosaved(browser, form, reason="Chce wrócić.")).text
    assert (await kept(network, page))["form"]["reason"] == "Chce wrócić."


async def test_a_page_of_somebody_else_learns_no_proof(at_desk: SignedIn) -> None:
    browser, other = await at_desk("ops-poraj", "OPS_HEAD"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    browser.http.headers["Sec-Fetch-Site"] = "same-origin"
    page = await begun(browser)
    browser.http.cookies = other.http.cookies
    lost = await autosaved(browser, page.form(page.address), reason="Chce wrócić.")
    assert lost.status_code == 403
    assert "hx-trigger" not in lost.headers


async def test_parts_of_a_form_that_the_page_does_not_know_are_kept(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    body = {"draft": True, "receiver": "cis-poraj", "colour": "zielony"}
    draft = done(await poraj.http.post("/referrals", json=body), 201)
    page = await browser.open(f"/drafts/{draft['id']}")
    await browser.send(page.form(page.address), do="save", reason="Chce wrócić.")
    assert (await kept(network, page))["form"] == {
        "colour": "zielony",
        "receiver": "cis-poraj",
        "reason": "Chce wrócić.",
    }


async def test_the_list_says_how_much_is_missing_and_until_when_it_is_kept(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    listed = await browser.open("/drafts")
    assert page.address in listed.links
    assert "informacji" in listed.text


async def test_a_draft_is_discarded_only_after_a_question(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    asked = await browser.open(f"{page.address}/discard")
    gone = await browser.send(asked.form(f"{page.address}/discard"))
    assert (gone.address, page.address in gone.links) == ("/drafts", False)
    assert (await browser.open(page.address)).status == 404


async def test_a_draft_that_somebody_goes_on_writing_is_not_discarded(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await begun(browser)
    asked = await browser.open(f"{page.address}/discard")
    await autosaved(browser, page.form(page.address), reason="Chce wrócić.")
    await browser.send(asked.form(f"{page.address}/discard"))
    assert (await kept(network, page))["form"]["reason"] == "Chce wrócić."


async def test_what_was_sent_meanwhile_is_shown_where_it_is_now(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    sent = await poraj.send("owes-jowes")
    answer = await browser.http.get(f"/drafts/{sent['id']}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/referrals/{sent['id']}")


async def test_nobody_else_sees_a_draft(at_desk: SignedIn) -> None:
    page = await begun(await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"))
    assert (await (await at_desk("ops-tychy", "OPS_HEAD")).open(page.address)).status == 404
