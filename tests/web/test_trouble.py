"""Nothing is lost and nothing is doubled, whatever goes wrong between a person and the desk."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Route

from tests.nodes import Network
from tests.services.steps import delivered
from tests.web.desks import Desks
from tests.web.person import Person

TRIES = 3
SOON_SECONDS = 2.0
REASON = "Powód skierowania"


async def test_a_decision_at_one_desk_shows_at_the_other_while_somebody_types_there(desks: Desks) -> None:
    ops = desks.network.office("ops-poraj")
    waited = []
    async with desks.person("ops-poraj", "OPS_HEAD") as ala, desks.person("cis-poraj", "CIS_HEAD") as ewa:
        for _ in range(TRIES):
            referral = await delivered(ops, "cis-poraj")
            await ala.opens(f"/referrals/{referral}")
            await ala.touch("Wycofaj")
            await ala.fill("Wyjaśnienie dla drugiej instytucji (nieobowiązkowe)", "Osoba prosi, by")
            await ewa.opens(f"/referrals/{referral}")
            await ewa.press("Zaakceptuj")
            begun = asyncio.get_running_loop().time()
            await ala.sees("Zaakceptowane")
            waited.append(asyncio.get_running_loop().time() - begun)
            await ala.page.keyboard.type(" poczekać")
            assert await ala.value("Wyjaśnienie dla drugiej instytucji (nieobowiązkowe)") == "Osoba prosi, by poczekać"
    assert min(waited) < SOON_SECONDS  # the quickest: a busy machine tells nothing of ours


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_double_click_sends_once(desks: Desks, script: bool) -> None:
    draft = await _draft(desks.network)
    async with desks.person("ops-poraj", "OPS_HEAD", java_script_enabled=script) as ala:
        await ala.opens(f"/drafts/{draft}/check")
        await ala.page.get_by_role("button", name="Wyślij").dblclick()
        await ala.sees("Wysłano skierowanie")
    assert await _sent_to_centre(desks.network, draft) == 1


async def test_whoever_goes_back_finds_what_was_typed_and_does_not_send_twice(desks: Desks) -> None:
    draft = await _draft(desks.network)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}")
        await ala.fill(REASON, "Chce pracować w kuchni.")
        await ala.press("Dalej: sprawdź")
        await ala.page.go_back()
        assert await ala.value(REASON) == "Chce pracować w kuchni."
        await ala.press("Dalej: sprawdź")
        await ala.press("Wyślij")
        await ala.sees("Wysłano skierowanie")
        receipt = ala.page.url
        await ala.page.go_back()
        if await ala.page.get_by_role("button", name="Wyślij").count():
            await ala.press("Wyślij")
        assert ala.page.url == receipt or draft in ala.page.url
    assert await _sent_to_centre(desks.network, draft) == 1


async def test_the_same_form_in_two_tabs_is_sent_once(desks: Desks) -> None:
    draft = await _draft(desks.network)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala, ala.another_tab() as other:
        for tab in (ala, other):
            await tab.opens(f"/drafts/{draft}/check")
        await ala.press("Wyślij")
        await ala.sees("Wysłano skierowanie")
        await other.press("Wyślij")
        assert draft in other.page.url
    assert await _sent_to_centre(desks.network, draft) == 1


async def test_two_tabs_that_write_into_one_field_show_both_and_lose_neither(desks: Desks) -> None:
    draft = await _draft(desks.network)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala, ala.another_tab() as other:
        for tab in (ala, other):
            await tab.opens(f"/drafts/{draft}")
        await ala.fill(REASON, "Pierwszy powód.")
        await ala.sees("Zapisano")
        await other.fill(REASON, "Drugi powód.")
        await other.sees("Ten szkic zmieniono też w innym oknie")
        await other.sees("Pierwszy powód.")
        assert await other.value(REASON) == "Drugi powód."


async def test_a_form_is_found_as_typed_at_another_computer(desks: Desks) -> None:
    draft = await _draft(desks.network)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}")
        await ala.fill(REASON, "Chce pracować w kuchni.")
        await ala.sees("Zapisano")
    async with desks.person("ops-poraj", "OPS_HEAD") as elsewhere:
        await elsewhere.opens(f"/drafts/{draft}")
        assert await elsewhere.value(REASON) == "Chce pracować w kuchni."


async def test_a_desk_that_does_not_answer_is_told_of_and_asked_again(desks: Desks) -> None:
    draft = await _draft(desks.network)

    async def hang(_: Route) -> None:
        await asyncio.sleep(0)

    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.page.clock.install()
        await ala.opens(f"/drafts/{draft}")
        ala.watch.forgiven.append("htmx:")
        await ala.page.route("**/autosave", hang, times=1)
        await ala.fill(REASON, "Chce pracować w kuchni.")
        await ala.page.clock.fast_forward(5_000)
        await ala.sees("Nie zapisano")
        await ala.page.clock.fast_forward(11_000)
        await ala.misses("Nie zapisano")
    assert (await desks.network.office("ops-poraj").get(draft) or {})["form"]["reason"] == "Chce pracować w kuchni."


async def test_a_line_that_breaks_before_sending_leaves_the_form_to_be_sent_again(desks: Desks) -> None:
    draft = await _draft(desks.network)
    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}/check")
        ala.watch.forgiven.append("ERR_INTERNET_DISCONNECTED")
        await ala.context.set_offline(True)
        await ala.page.get_by_role("button", name="Wyślij").click()
        await ala.page.wait_for_url("chrome-error://**")
        await ala.context.set_offline(False)
        await _send_again(ala, draft)
    assert await _sent_to_centre(desks.network, draft) == 1


async def test_an_answer_that_is_lost_after_sending_does_not_lead_to_a_second(desks: Desks) -> None:
    draft = await _draft(desks.network)

    async def swallow(route: Route) -> None:
        await route.fetch(max_redirects=0)
        await route.abort()

    async with desks.person("ops-poraj", "OPS_HEAD") as ala:
        await ala.opens(f"/drafts/{draft}/check")
        ala.watch.forgiven.append("ERR_FAILED")
        await ala.page.route("**/send", swallow, times=1)
        await ala.page.get_by_role("button", name="Wyślij").click()
        await ala.page.wait_for_url("chrome-error://**")
        await _send_again(ala, draft)
    assert await _sent_to_centre(desks.network, draft) == 1


async def test_a_referral_is_made_and_decided_without_a_script(desks: Desks) -> None:
    person = desks.network.office("ops-poraj").body("cis-poraj")["client"]
    async with (
        desks.person("pup-myszkow", "PUP_ADVISER", java_script_enabled=False) as ala,
        desks.person("cis-poraj", "CIS_HEAD", java_script_enabled=False) as ewa,
    ):
        await ala.opens("/referrals/new")
        await ala.fill("Kogo dotyczy skierowanie", person["pesel"])
        await ala.press("Szukaj")
        await ala.press("Wypełnij formularz")
        await ala.fill("Imię", person["given_name"])
        await ala.fill("Nazwisko", person["family_name"])
        await ala.fill("Miejscowość", "Poraj")
        await ala.choose("Gmina", "Poraj")
        await ala.press("Zapisz szkic")
        await ala.choose("Dokąd", "Centrum Integracji Społecznej w Poraju")
        await ala.choose("Osoba jest wykluczona społecznie", "tak")
        await ala.tick("do żadnego z nich")
        await ala.fill("Miesiące w rejestrze PUP", "18")
        await ala.fill(REASON, "Chce wrócić do pracy.")
        await ala.press("Dalej: sprawdź")
        await ala.press("Wyślij")
        await ala.sees("Wysłano skierowanie")
        referral = ala.page.url.removeprefix(ala.base).split("/")[2]
        await desks.network.office("cis-poraj").has(referral, status="delivered")
        await ewa.opens(f"/referrals/{referral}")
        await ewa.press("Zaakceptuj")
        await ewa.sees("Zaakceptowano.")


async def _send_again(ala: Person, draft: str) -> None:
    """As somebody does who sees that a page did not come."""
    await ala.opens(f"/drafts/{draft}/check")
    if await ala.page.get_by_role("button", name="Wyślij").count():
        await ala.press("Wyślij")
    assert draft in ala.page.url


async def _draft(network: Network) -> str:
    """A form to which nothing is missing."""
    head = await network.person("ops-poraj", "OPS_HEAD")
    created = await head.create("cis-poraj", draft=True)
    assert created.status_code == 201, created.text
    return str(created.json()["id"])


async def _sent_to_centre(network: Network, draft: str) -> int:
    """How many referrals of this draft's person the centre has got."""
    cis = network.office("cis-poraj")
    sent: dict[str, Any] = await network.office("ops-poraj").has(draft, status="delivered")
    inbox = (await cis.http.get("/referrals", params={"status": "delivered"})).json()["items"]
    return sum(item["path_id"] == sent["path_id"] for item in inbox)
