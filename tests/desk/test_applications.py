"""Applications at the desk of an OPS: registered as they came in, listed by step."""

from typing import Any

from tests.desk.attaching import send_with
from tests.desk.browser import Browser, Form, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, eventually
from tests.services.applying import CONSENT, learned, paper, registered, step
from tests.services.files import pdf
from tests.services.steps import done

WORKER = "OPS_SOCIAL_WORKER"


def _person(network: Network) -> dict[str, str]:
    client: dict[str, str] = paper(network.office("ops-poraj"))["client"]
    return client


async def _form_for(browser: Browser, person: dict[str, str]) -> Form:
    page = await browser.open("/applications/new")
    page = await browser.send(page.form("/applications/new/person"), sought=person["pesel"])
    return page.form("/applications/new")


def _typed(person: dict[str, str], **more: str) -> dict[str, str]:
    names = {f"client__{name}": person[name] for name in ("family_name", "given_name")}
    return names | {"client__address__town": "Poraj", "channel": "paper", "receiver": "cis-poraj"} | more


def _id(page: Page) -> str:
    return page.address.rpartition("/")[2]


async def test_a_new_person_is_registered_with_what_is_known(network: Network, at_desk: SignedIn) -> None:
    person, ala = _person(network), await at_desk("ops-poraj", WORKER)
    form = await _form_for(ala, person)
    assert form.fields["client.pesel"] == [person["pesel"]]
    page = await ala.send(form, **_typed(person))
    assert "Zarejestrowano wniosek." in page.text
    assert "Termin:" in page.text
    made = done(await network.office("ops-poraj").http.get(f"/applications/{_id(page)}"))
    assert (made["channel"], made["on_paper"], made["receiver"]) == ("paper", True, "cis-poraj")
    assert (made["client"]["pesel"], made["client"]["grounds"]) == (person["pesel"], None)


async def test_a_scan_goes_with_the_form_without_a_step_of_its_own(network: Network, at_desk: SignedIn) -> None:
    person, ala = _person(network), await at_desk("ops-poraj", WORKER)
    page = await send_with(ala, await _form_for(ala, person), ("wniosek.pdf", pdf()), **_typed(person))
    assert "wniosek.pdf" in page.text
    [link] = [link for link in page.links if "/files/" in link]
    assert (await ala.open(link)).answer.content == pdf()


async def test_a_file_that_cannot_be_attached_is_told_at_its_field_and_loses_nothing(
    network: Network, at_desk: SignedIn
) -> None:
    person, ala = _person(network), await at_desk("ops-poraj", WORKER)
    form = await _form_for(ala, person)
    page = await send_with(ala, form, ("wniosek.docx", b"PK"), **_typed(person))
    assert page.status == 422
    assert "PDF, JPEG albo PNG" in page.text
    assert page.form("/applications/new").fields["client.family_name"] == [person["family_name"]]
    page = await send_with(ala, page.form("/applications/new"), ("wniosek.pdf", pdf()), add_file="1")
    assert page.status == 200
    assert len(page.form("/applications/new").fields["attachments"]) == 1
    [kept] = page.form("/applications/new").fields["attachments"]
    page = await ala.send(page.form("/applications/new"), remove_file=kept)
    assert "attachments" not in page.form("/applications/new").fields
    assert (await network.office("ops-poraj").http.get(f"/attachments/{kept}")).status_code == 404


async def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(network: Network, at_desk: SignedIn) -> None:
    person, ala = _person(network), await at_desk("ops-poraj", WORKER)
    form = await _form_for(ala, person)
    page = await ala.send(form, **_typed(person, received_on="31.02.2026", reason="Chce pracować."))
    assert page.status == 422
    assert "Podaj datę, na przykład 3.12.2026." in page.text
    form = page.form("/applications/new")
    assert (form.fields["received_on"], form.fields["reason"]) == (["31.02.2026"], ["Chce pracować."])
    page = await ala.send(form, received_on="18.05.2026", channel="")
    assert page.status == 422
    assert 'id="channel-error"' in page.html
    assert "Jak wpłynął: To pole jest wymagane." in page.text
    assert page.form("/applications/new").fields["receiver"] == ["cis-poraj"]


async def test_an_institution_on_paper_needs_the_persons_consent_which_can_be_typed_at_once(
    network: Network, at_desk: SignedIn
) -> None:
    person, ala = _person(network), await at_desk("ops-poraj", WORKER)
    form = await _form_for(ala, person)
    page = await ala.send(form, **_typed(person, applicant="party:stowarzyszenie-poraj"))
    assert page.status == 422
    assert 'id="consent-given_on-error"' in page.html
    form = page.form("/applications/new")
    page = await ala.send(form, consent__given_on=CONSENT["given_on"], consent__version=CONSENT["version"])
    assert "Stowarzyszenie" in page.text
    made = done(await network.office("ops-poraj").http.get(f"/applications/{_id(page)}"))
    assert (made["route"], made["applicant"]["party"]) == ("B", "stowarzyszenie-poraj")


async def test_somebody_known_is_shown_first_and_a_second_open_application_leads_to_the_first(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, ala = network.office("ops-poraj"), await at_desk("ops-poraj", WORKER)
    first = await registered(poraj)
    page = await ala.open("/applications/new")
    page = await ala.send(page.form("/applications/new/person"), sought=first["client"]["pesel"])
    assert "Czy to ta osoba?" in page.text
    assert "ten sam PESEL" in page.text
    page = await ala.open(next(link for link in page.links if link.startswith("/applications/new?client=")))
    assert "client.pesel" not in page.form("/applications/new").fields
    page = await ala.send(page.form("/applications/new"), channel="post")
    assert page.status == 409
    assert f"/applications/{first['id']}" in page.links
    assert page.form("/applications/new").fields["channel"] == ["post"]


async def test_a_form_that_is_sent_twice_registers_one_application(network: Network, at_desk: SignedIn) -> None:
    person, ala = _person(network), await at_desk("ops-poraj", WORKER)
    form = await _form_for(ala, person)
    first, second = [await ala.send(form, **_typed(person)) for _ in range(2)]
    assert first.address == second.address


async def test_neither_a_pesel_nor_name_and_date_is_asked_for_again(at_desk: SignedIn) -> None:
    ala = await at_desk("ops-poraj", WORKER)
    page = await ala.open("/applications/new")
    page = await ala.send(page.form("/applications/new/person"), sought="Zofia Przykładna")
    assert page.status == 422
    assert "Wpisz PESEL albo imię, nazwisko i datę urodzenia." in page.text
    assert page.form("/applications/new/person").fields["sought"] == ["Zofia Przykładna"]


async def test_the_list_shows_each_step_with_its_term_and_the_next_action(network: Network, at_desk: SignedIn) -> None:
    made = await registered(network.office("ops-strzelce"), receiver=None, urgency="urgent")
    page = await (await at_desk("ops-strzelce", WORKER)).open("/applications")
    assert "Zarejestrowany (" in page.text
    assert made["number"] in page.text
    assert made["due"][0]["derivation"] in page.text
    assert f"/applications/{made['id']}/actions/schedule_interview" in page.links


async def test_an_institutions_application_is_found_by_the_letter_it_came_with(
    network: Network, at_desk: SignedIn
) -> None:
    club, ops = network.office("kis-zdunska-wola"), network.office("ops-zdunska-wola")
    told = learned(network.office("ops-poraj"))
    sent = await club.send("ops-zdunska-wola", kind="application", consent=CONSENT, **told)
    await club.has(sent["id"], status="delivered")
    await registered(ops, receiver=None)  # another one, not of this letter
    ala = await at_desk("ops-zdunska-wola", WORKER)
    assert "Wniosek jest rejestrowany" in (await ala.open(f"/applications/from/{sent['id']}")).text
    done(await ops.act(sent["id"], "accept"))

    async def found() -> Any:
        page = await ala.open(f"/applications/from/{sent['id']}")
        return page if "Pismo instytucji w Ścieżce" in page.text else None

    assert f"/referrals/{sent['id']}" in (await eventually(found)).links


async def test_only_an_ops_has_pages_of_applications(at_desk: SignedIn) -> None:
    adviser = await at_desk("pup-myszkow", "PUP_ADVISER")
    for address in ("/applications", "/applications/new"):
        assert (await adviser.open(address)).status == 404


async def test_once_an_interview_is_planned_the_next_step_is_to_hold_it(network: Network, at_desk: SignedIn) -> None:
    poraj, ala = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    application = await registered(poraj)
    await step(poraj, application, "schedule_interview", on="2099-01-05", place="w szkole")
    page = await ala.open(f"/applications/{application['id']}")
    steps = [link.rpartition("/")[2] for link in page.links if "/actions/" in link]
    assert steps[:2] == ["record_interview", "schedule_interview"]
    assert "Gminny Ośrodek Pomocy Społecznej w Poraju" in page.text.partition("Kto i kiedy")[2]
