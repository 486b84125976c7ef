"""The texts of an interview and an opinion are kept while they are typed, and are there after whatever happens."""

from typing import Any

from services.desk.intake.unfinished import changed
from tests.desk.browser import Browser, Form, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.applying import HELD, OPINION, learned, registered, step
from tests.services.steps import done

WORKER = "OPS_SOCIAL_WORKER"
TEXT = "Mieszka z siostrą.\nOd roku bez pracy, chce wrócić do zawodu."


async def _interviewed(network: Network) -> dict[str, Any]:
    poraj = network.office("ops-poraj")
    application = await registered(poraj)
    return await step(poraj, application, "record_interview", held_on=HELD, place="OPS", form=learned(poraj))


def _address(application: dict[str, Any], action: str = "give_opinion") -> str:
    return f"/applications/{application['id']}/actions/{action}"


async def _typing(browser: Browser, form: Form, **typed: str) -> Page:
    """What the page sends while somebody types."""
    form.action += "/autosave"
    return await browser.send(form, **typed)


async def test_an_opinion_begun_in_one_browser_is_gone_on_with_in_another(network: Network, at_desk: SignedIn) -> None:
    application = await _interviewed(network)
    address = _address(application)
    ala = await at_desk("ops-poraj", WORKER)
    form = (await ala.open(address)).form(address)
    saved = await _typing(ala, form, opinion__findings=TEXT, opinion__result="positive")
    assert "Szkic zapisano" in saved.text
    elsewhere = await at_desk("ops-poraj", WORKER)
    page = await elsewhere.open(address)
    assert "niezatwierdzony szkic" in page.text
    fields = page.form(address).fields
    assert (fields["opinion.findings"], fields["opinion.result"]) == ([TEXT], ["positive"])
    assert fields["form.grounds"] == learned(network.office("ops-poraj"))["grounds"]
    page = await elsewhere.send(page.form(address))
    assert "Wydano opinię." in page.text


async def test_nothing_is_said_of_a_page_on_which_nothing_was_typed(network: Network, at_desk: SignedIn) -> None:
    ala, address = await at_desk("ops-poraj", WORKER), _address(await _interviewed(network))
    untouched = await _typing(ala, (await ala.open(address)).form(address))
    assert "Szkic zapisano" not in untouched.text
    assert "niezatwierdzony szkic" not in (await ala.open(address)).text


async def test_a_step_that_was_taken_meanwhile_keeps_nothing_and_says_so(network: Network, at_desk: SignedIn) -> None:
    ala, application = await at_desk("ops-poraj", WORKER), await _interviewed(network)
    address = _address(application)
    form = (await ala.open(address)).form(address)
    await step(network.office("ops-poraj"), application, "give_opinion", opinion=OPINION)
    late = await _typing(ala, form, opinion__findings=TEXT)
    assert "tego kroku nie można już wykonać" in late.text


async def test_what_was_typed_before_can_be_given_up(network: Network, at_desk: SignedIn) -> None:
    ala, address = await at_desk("ops-poraj", WORKER), _address(await _interviewed(network))
    await _typing(ala, (await ala.open(address)).form(address), opinion__findings=TEXT)
    page = await ala.send((await ala.open(address)).form(f"{address}/anew"))
    assert page.address == address
    assert page.form(address).fields["opinion.findings"] == [""]


async def test_a_form_that_comes_back_with_a_mistake_is_kept_too(network: Network, at_desk: SignedIn) -> None:
    ala, address = await at_desk("ops-poraj", WORKER), _address(await _interviewed(network))
    page = await ala.send((await ala.open(address)).form(address), opinion__issued_on="jutro", opinion__findings=TEXT)
    assert page.status == 422
    fields = (await ala.open(address)).form(address).fields
    assert (fields["opinion.findings"], fields["opinion.issued_on"]) == ([TEXT], ["jutro"])


async def test_what_became_known_meanwhile_is_not_undone_by_what_was_typed_before(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, ala = network.office("ops-poraj"), await at_desk("ops-poraj", WORKER)
    application = await registered(poraj)
    address = _address(application, "record_interview")
    await _typing(ala, (await ala.open(address)).form(address), form__expectations=TEXT)
    known = {name: application["client"][name] for name in ("given_name", "family_name")}
    more = {"client": known | {"address": {"town": "Myszków"}}}
    await step(poraj, application, "return_for_completion", reason="signature_missing")
    await step(poraj, application, "complete", form=more)
    page = await ala.open(address)
    await ala.send(page.form(address), held_on=HELD, place="OPS")
    client = done(await poraj.http.get(f"/applications/{application['id']}"))["client"]
    assert (client["address"]["town"], client["expectations"]) == ("Myszków", TEXT)


def test_a_page_older_than_the_application_keeps_no_data_of_the_person() -> None:
    first = {"form.client.phone": "2", "note": ""}
    typed = {"form.client.phone": ["1"], "note": ["Tekst"], "_version": ["1"]}
    assert changed(typed, first, boxes=(), whole=False) == {"note": ["Tekst"]}
    assert changed(typed, first, boxes=(), whole=True) == {"form.client.phone": ["1"], "note": ["Tekst"]}


def test_boxes_that_somebody_has_emptied_stay_empty() -> None:
    first = {"form.grounds": ["HOMELESS"], "form.labour.benefits": []}
    boxes = ("form.grounds", "form.labour.benefits")
    assert changed({}, first, boxes=boxes, whole=True) == {"form.grounds": []}
