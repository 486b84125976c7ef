"""A new referral at the desk without JavaScript: found or new, written, looked through, sent, and its receipt."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rules.calendar import local_day
from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, Office, eventually
from tests.services.steps import delivered, done
from tests.services.test_attachments import uploaded

TODAY = local_day(datetime.now(UTC))
LATELY = f"{TODAY - timedelta(days=3):%d%m%Y}"
BEFORE = f"{TODAY - timedelta(days=9):%d.%m.%Y}"
STATUTORY: dict[str, Any] = {
    "receiver": "cis-poraj",
    "grounds": ["HOMELESS"],
    "general_clause": "yes",
    "labour__benefits": ["none"],
    "route": "A",
    "opinion__result": "positive",
    "opinion__interview_on": BEFORE,
    "opinion__issued_on": LATELY,
    "reason": "Chce wrócić do pracy.",
}


async def looked_for(browser: Browser, text: str, **more: str) -> Page:
    page = await browser.open("/referrals/new")
    return await browser.send(page.form("/referrals/new"), who=text, **more)


async def begun(browser: Browser, text: str) -> Page:
    """The form of the first that is offered for this search."""
    page = await looked_for(browser, text)
    return await browser.send(page.form("/referrals/new/begin"))


async def written(browser: Browser, page: Page, do: str, **typed: Any) -> Page:
    return await browser.send(page.form(page.address), do=do, **typed)


def somebody(office: Office) -> dict[str, Any]:
    """A person nobody knows yet."""
    person: dict[str, Any] = office.body("owes-jowes")["client"]
    return person


async def known(office: Office, receiver: str = "owes-jowes") -> tuple[dict[str, Any], str]:
    """Somebody for whom a referral is open already, and its id."""
    body = office.body(receiver)
    return body["client"], await delivered(office, receiver, **body)


async def test_somebody_known_is_sent_to_a_centre_in_three_pages(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    person, _ = await known(poraj)
    form = await begun(browser, person["pesel"])
    assert person["family_name"] in form.text
    assert "client.pesel" not in form.form(form.address).fields
    check = await written(browser, form, "next", **STATUTORY)
    assert check.address.endswith("/check"), check.text
    receipt = await browser.send(check.form(check.address.replace("/check", "/send")))
    assert receipt.address.endswith("/receipt")
    referral = receipt.address.split("/")[2]
    sent = await poraj.has(referral, status="delivered")
    assert (sent["number"] in receipt.text, sent["client"]["pesel"]) == (True, person["pesel"])
    assert sent["client"]["opinion"]["issued_on"] == str(TODAY - timedelta(days=3))


async def test_the_receipt_says_what_falls_due_and_why(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    person, referral = await known(poraj)

    async def due() -> bool:
        return "Wzięcie do rozpatrzenia : do " in (await browser.open(f"/referrals/{referral}/receipt")).text

    await eventually(due)
    page = await browser.open(f"/referrals/{referral}/receipt")
    assert "Poziom usług" in page.text
    assert f"{person['given_name']} {person['family_name']}" in page.text
    assert f"/referrals/{referral}/letter.pdf" in page.links


async def test_somebody_new_needs_only_pesel_names_and_town(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    person = somebody(poraj)
    page = await looked_for(browser, person["pesel"])
    assert "Tej osoby nie ma jeszcze w kartotece." in page.text
    form = await browser.send(page.form("/referrals/new/begin"))
    fields = form.form(form.address).fields
    assert fields["client.pesel"] == [person["pesel"]]
    assert "client.birth_date" not in fields
    names = {f"client__{name}": person[name] for name in ("given_name", "family_name")}
    check = await written(browser, form, "next", **STATUTORY, **names, client__address__town="Poraj")
    assert check.address.endswith("/check"), check.text
    receipt = await browser.send(check.form(check.address.replace("/check", "/send")))
    sent = done(await poraj.http.get(f"/referrals/{receipt.address.split('/')[2]}"))
    assert sent["client"]["sex"] in ("female", "male")
    assert sent["client"]["birth_date"] is not None


@pytest.mark.parametrize("text", ["84651741203", "123"])
async def test_a_wrong_pesel_is_said_at_once(at_desk: SignedIn, text: str) -> None:
    page = await looked_for(await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"), text)
    assert (page.status, "PESEL" in page.text) == (422, True)
    assert page.form("/referrals/new").fields["who"] == [text]


async def test_half_a_number_is_not_looked_for_while_it_is_typed(at_desk: SignedIn) -> None:
    page = await looked_for(await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"), "8465174", typing="1")
    assert (page.status, "błęd" in page.text.casefold()) == (200, False)


async def test_somebody_is_found_in_spite_of_diacritics_with_what_is_open_for_them(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    person, referral = await known(poraj)
    client = done(await poraj.http.post("/clients/search", json={"pesel": person["pesel"]}))["items"][0]
    born = client["person"]["birth_date"]
    plain = person["family_name"].translate(str.maketrans("ĆćŻżŁłóÓęąśźń", "CcZzLloOeaszn"))
    page = await looked_for(browser, f"{person['given_name']} {plain} {born}")
    assert "w toku" in page.text
    assert f"/referrals/{referral}" in page.links


async def test_a_second_referral_of_the_kind_is_refused_with_a_link_to_the_open_one(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    person, _ = await known(poraj)
    form = await begun(browser, person["pesel"])
    check = await written(browser, form, "next", **STATUTORY)
    (item,) = done(await poraj.http.post("/clients/search", json={"pesel": person["pesel"]}))["items"]
    first = poraj.body("cis-poraj") | {"client_id": item["client_id"]}
    other = await delivered(
        poraj, "cis-poraj", **{name: first[name] for name in first if name != "client"}, client=None
    )
    refused = await browser.send(check.form(check.address.replace("/check", "/send")))
    assert refused.status == 409
    assert f"/referrals/{other}" in refused.links
    assert "Chce wrócić do pracy." in refused.text


async def test_two_clicks_send_once(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    person, _ = await known(poraj)
    check = await written(browser, await begun(browser, person["pesel"]), "next", **STATUTORY)
    form = check.form(check.address.replace("/check", "/send"))
    one, two = await asyncio.gather(browser.send(form), browser.send(form))
    assert (one.status, one.address) == (two.status, two.address) == (200, one.address)


async def test_files_are_looked_through_before_they_are_sent(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    file = await uploaded(poraj)
    draft = (await poraj.create("cis-poraj", draft=True, attachments=[file["id"]])).json()
    assert file["name"] in (await browser.open(f"/drafts/{draft['id']}/check")).text


async def test_a_social_worker_is_told_who_issues_it_and_the_head_finds_the_draft(
    network: Network, at_desk: SignedIn
) -> None:
    worker, head = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER"), await at_desk("ops-poraj", "OPS_HEAD")
    person, _ = await known(network.office("ops-poraj"))
    check = await written(worker, await begun(worker, person["pesel"]), "next", **STATUTORY)
    assert "kierownik OPS" in check.text
    assert not [form for form in check.forms if form.action.endswith("/send")]
    assert check.address in (await head.open("/drafts")).links
    ready = await head.open(check.address)
    assert [form for form in ready.forms if form.action.endswith("/send")]


async def test_what_the_receiver_will_not_see_is_said_before_it_is_sent(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    person, _ = await known(network.office("ops-poraj"), "pup-myszkow")
    form = await begun(browser, person["pesel"])
    form = await written(browser, form, "save", receiver="owes-jowes")
    consent = {"consent__given_on": LATELY, "consent__version": "2026-1"}
    check = await written(browser, form, "next", reason="Chce założyć spółdzielnię.", **consent)
    assert check.address.endswith("/check"), check.text
    hidden = check.text.partition("Nie zobaczy:")[2].partition(".")[0]
    assert "PESEL" in hidden
    assert "art. 6" in check.text or "zgod" in check.text


async def test_after_a_refusal_the_form_goes_to_somebody_else_on_the_same_path(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    referral = await delivered(poraj, "cis-poraj")
    done(await network.office("cis-poraj").act(referral, "decline", reason="no_place"))
    before = await poraj.has(referral, status="declined")

    async def path_is_known() -> bool:
        return (await poraj.http.get(f"/paths/{before['path_id']}")).status_code == 200

    await eventually(path_is_known)
    page = await browser.open("/referrals/new")
    proof = page.form("/referrals/new").fields
    answer = await browser.http.post(f"/referrals/{referral}/again", data=proof)
    draft = done(await poraj.http.get(f"/referrals/{answer.url.path.split('/')[2]}"))
    assert draft["receiver"] is None
    assert {each["field"] for each in draft["missing"]} == {"receiver"}
    form = await browser.open(answer.url.path)
    assert "Centrum Integracji Społecznej w Poraju. Powód: Brak wolnych miejsc." in form.text
    assert f"odmowa {TODAY:%d.%m.%Y}: Brak wolnych miejsc" in form.text
    check = await written(browser, form, "next", receiver="cis-myszkow")
    await browser.send(check.form(check.address.replace("/check", "/send")))
    sent = done(await poraj.http.get(f"/referrals/{draft['id']}"))
    assert (sent["receiver"], sent["path_id"]) == ("cis-myszkow", before["path_id"])
    assert sent["client"]["opinion"]["result"] == "positive"


async def test_a_person_of_the_file_is_taken_straight_from_the_address(network: Network, at_desk: SignedIn) -> None:
    poraj, browser = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    person, referral = await known(poraj)
    (item,) = done(await poraj.http.post("/clients/search", json={"pesel": person["pesel"]}))["items"]
    path = (await poraj.get(referral) or {})["path_id"]
    page = await browser.open(f"/referrals/new?client={item['client_id']}&path={path}")
    form = await browser.send(page.form("/referrals/new/begin"))
    fields = form.form(form.address).fields
    assert (fields["client_id"], fields["path_id"]) == ([item["client_id"]], [path])


async def test_a_labour_office_begins_with_its_one_route(network: Network, at_desk: SignedIn) -> None:
    browser = await at_desk("pup-myszkow", "PUP_ADVISER")
    person = somebody(network.office("pup-myszkow"))
    form = await begun(browser, person["pesel"])
    fields = form.form(form.address).fields
    assert (fields["route"], fields["grounds"]) == (["C"], ["LONG_TERM_UNEMPLOYED"])
    assert "labour.registered_months" in fields
