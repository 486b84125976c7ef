"""Clients at the desk: found by one field, seen on one page, corrected, put together and taken apart."""

from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, Office, eventually
from tests.services.steps import done

ROLE = "OPS_SOCIAL_WORKER"


def _family() -> str:
    """A family name that no other test has."""
    return f"Próbna{uuid4().hex[:8]}".translate(str.maketrans("0123456789", "ghijklmnop"))


@pytest.fixture
def poraj(network: Network) -> Office:
    return network.office("ops-poraj")


@pytest.fixture
async def worker(at_desk: SignedIn) -> Browser:
    return await at_desk("ops-poraj", ROLE)


async def _sent(poraj: Office, **person: Any) -> dict[str, Any]:
    """A referral of somebody new, whose path is known here."""
    body = poraj.body("cis-poraj")["client"] | {"family_name": _family()} | person
    sent = await poraj.send("cis-poraj", client=body)

    async def known() -> bool:
        return (await poraj.http.get(f"/paths/{sent['path_id']}")).status_code == 200

    await eventually(known)
    return sent


async def _look(browser: Browser, text: str) -> Page:
    return await browser.send((await browser.open("/clients")).form("/clients"), q=text)


async def test_a_client_is_found_by_pesel_by_names_and_with_a_typing_error_and_nothing_is_in_the_address(
    poraj: Office, worker: Browser
) -> None:
    sent = await _sent(poraj)
    person, link = sent["client"], f"/clients/{sent['client_id']}"
    family = person["family_name"]
    for text in (person["pesel"], f"{family} {person['given_name']}", family.replace("Próbna", "Próna")):
        page = await _look(worker, text)
        assert link in page.links, text
        assert page.answer.url.query == b""
        assert page.form("/clients").fields["q"] == [text]
    assert f"/referrals/{sent['id']}" in page.links


async def test_nobody_found_offers_the_next_step(worker: Browser) -> None:
    page = await _look(worker, f"{_family()} Zenobia")
    assert "Brak wyników." in page.text
    assert "/referrals/new" in page.links


async def test_a_wrong_pesel_is_told_at_the_field(worker: Browser) -> None:
    page = await _look(worker, "44051401358")
    assert page.status == 422
    assert "44051401358" in page.form("/clients").fields["q"]


async def test_the_number_of_a_case_leads_to_it_however_it_is_typed(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj)

    async def found() -> Page | None:
        page = await _look(worker, sent["number"].lower().replace("-", " "))
        return page if page.address == f"/referrals/{sent['id']}" else None

    assert await eventually(found)
    page = await _look(worker, "S26-ZZZZ-ZZZZ")
    assert "Żadna sprawa tej instytucji nie ma numeru S26-ZZZZ-ZZZZ." in page.text


async def test_a_client_is_on_one_page_with_the_way_and_the_timeline(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj)
    page = await worker.open(f"/clients/{sent['client_id']}")
    person = sent["client"]
    assert page.status == 200
    assert f"{person['given_name']} {person['family_name']}" in page.text
    assert person["pesel"] not in page.html
    assert "<svg" in page.html
    assert "tu jest osoba" in page.text
    assert "Wysłano skierowanie" in page.text
    assert "Najbliższy termin" in page.text
    assert f"/referrals/{sent['id']}" in page.links
    assert f"/referrals/new?client={sent['client_id']}&path={sent['path_id']}" in page.links
    shown = await worker.send(page.form(f"/clients/{sent['client_id']}/pesel"))
    assert person["pesel"] in shown.text


async def test_the_timeline_can_be_narrowed_to_one_institution(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj)
    await poraj.has(sent["id"], status="delivered")

    async def arrived() -> Page | None:
        page = await worker.open(f"/paths/{sent['path_id']}")
        return page if "Skierowanie wpłynęło" in page.text else None

    page = await eventually(arrived)
    assert "Wysłano skierowanie" in page.text
    narrowed = await worker.send(page.form(f"/paths/{sent['path_id']}"), agency="cis-poraj")
    assert "Skierowanie wpłynęło" in narrowed.text
    assert "Wysłano skierowanie" not in narrowed.text


async def test_a_path_of_others_is_not_there(poraj: Office, at_desk: SignedIn) -> None:
    sent = await _sent(poraj)
    stranger = await at_desk("ops-tychy", ROLE)
    assert (await stranger.open(f"/paths/{sent['path_id']}")).status == 404
    assert (await stranger.open(f"/clients/{sent['client_id']}")).status == 404


async def test_what_is_known_is_corrected_and_nothing_of_the_rest_is_lost(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj, phone="+48 000 111 222")
    address = f"/clients/{sent['client_id']}"
    before = done(await poraj.http.get(address))["known"]
    page = await worker.open(f"{address}/edit")
    family = _family()
    saved = await worker.send(page.form(f"{address}/edit"), client__family_name=family)
    assert (saved.address, family in saved.text) == (address, True)
    after = done(await poraj.http.get(address))["known"]
    assert after == before | {"person": before["person"] | {"family_name": family}}


async def test_a_correction_that_will_not_do_comes_back_with_what_was_typed(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj)
    address = f"/clients/{sent['client_id']}/edit"
    page = await worker.send((await worker.open(address)).form(address), client__pesel="123", client__phone="600")
    assert page.status == 422
    assert "Nie zapisano" in page.text
    assert "#client-pesel" in page.links
    assert page.form(address).fields["client.phone"] == ["600"]


async def test_of_two_corrections_at_once_the_second_sees_the_first_and_decides(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj)
    address = f"/clients/{sent['client_id']}/edit"
    first, second = await worker.open(address), await worker.open(address)
    await worker.send(first.form(address), client__phone="111 111 111")
    page = await worker.send(second.form(address), client__phone="222 222 222")
    assert page.status == 412
    assert "Ktoś poprawił tę kartę chwilę wcześniej." in page.text
    assert "111 111 111" in page.text
    assert page.form(address).fields["client.phone"] == ["222 222 222"]
    assert "222 222 222" in (await worker.send(page.form(address))).text


async def test_the_head_merges_two_records_and_takes_them_apart(poraj: Office, at_desk: SignedIn) -> None:
    head = await at_desk("ops-poraj", "OPS_HEAD")
    one = await _sent(poraj)
    done(await poraj.act(one["id"], "withdraw", reason="sent_by_mistake"), 202)
    await poraj.has(one["id"], status="withdrawn")
    same = {name: one["client"][name] for name in ("given_name", "family_name", "birth_date")}
    sent = await poraj.send("cis-poraj", client=same | {"address": one["client"]["address"]})
    kept, gone = one["client_id"], sent["client_id"]
    page = await head.open(f"/clients/{gone}/merge")
    form = page.form(f"/clients/{gone}/merge")
    wrong = await head.send(form, into=kept)
    assert wrong.status == 422
    merged = await head.send(wrong.form(f"/clients/{gone}/merge"), into=kept, reason="Ta sama osoba.")
    assert merged.address == f"/clients/{kept}"
    assert (await head.open(f"/clients/{gone}")).address == f"/clients/{kept}"
    undo = next(form for form in merged.forms if form.action.endswith("/undo"))
    assert (await head.send(undo)).address == f"/clients/{gone}"


async def test_only_the_head_is_offered_to_merge(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj)
    page = await worker.open(f"/clients/{sent['client_id']}")
    assert f"/clients/{sent['client_id']}/merge" not in page.links
    assert f"/clients/{sent['client_id']}/edit" in page.links


async def test_a_form_with_the_whole_pesel_in_it_is_noted(poraj: Office, worker: Browser) -> None:
    sent = await _sent(poraj)
    with capture_logs() as logs:
        page = await worker.open(f"/clients/{sent['client_id']}/edit")
    assert sent["client"]["pesel"] in page.html
    assert [(each["client_id"], each["login"]) for each in logs if each["event"] == "pesel_shown"] == [
        (sent["client_id"], f"ops-social-worker@{poraj.slug}")
    ]


async def test_a_draft_with_the_whole_pesel_in_it_is_noted(poraj: Office, worker: Browser) -> None:
    kept = (await poraj.create("cis-poraj", draft=True)).json()
    with capture_logs() as logs:
        page = await worker.open(f"/drafts/{kept['id']}")
    assert kept["form"]["client"]["pesel"] in page.html
    assert [each["referral_id"] for each in logs if each["event"] == "pesel_shown"] == [kept["id"]]
