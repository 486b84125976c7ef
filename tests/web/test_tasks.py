"""What the tasks of docs/ux.md cost, with a mouse and by keyboard. Each has institutions of its own, whose lists no
other test fills: how many Tabs away a row is, is part of what is counted."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.nodes import Office
from tests.services.files import pdf
from tests.services.steps import delivered, done
from tests.web.desks import Desks
from tests.web.person import Person, Way
from tests.web.tasks import counted

WAYS: tuple[Way, ...] = ("mouse", "keyboard")
pytestmark = pytest.mark.parametrize("way", WAYS)

REASON = "Chce wrócić do pracy."


async def test_an_application_on_paper_is_recorded(desks: Desks, way: Way, tmp_path: Path) -> None:
    scan = tmp_path / "wniosek.pdf"
    scan.write_bytes(pdf())
    person = desks.network.office("ops-kozieglowy").body("cis-kozieglowy")["client"]
    async with desks.person("ops-kozieglowy", "OPS_SOCIAL_WORKER", way) as ala:
        await ala.opens("/applications")
        effort = ala.begin()
        await ala.press("Zarejestruj wniosek")
        await ala.fill("PESEL albo imię, nazwisko i data urodzenia", person["pesel"])
        await ala.press("Dalej")
        await ala.fill("Nazwisko", "Próbna")
        await ala.fill("Imię", "Halina")
        await ala.fill("Miejscowość zamieszkania albo pobytu", "Koziegłowy")
        await ala.choose("Jak wpłynął", "na papierze, złożony na miejscu")
        await ala.choose("Wskazana jednostka przyjmująca", "Centrum Integracji Społecznej w Koziegłowach")
        await ala.fill("O co osoba prosi i dlaczego", REASON)
        await ala.attach("Wybierz plik: Skan wniosku", scan)
        await ala.press("Zarejestruj wniosek")
        await ala.sees("Zarejestrowany")
    counted("U44", way, effort)


async def test_a_known_client_is_referred(desks: Desks, way: Way) -> None:
    person = await _known(desks.network.office("pup-tychy"))
    async with desks.person("pup-tychy", "PUP_ADVISER", way) as ala:
        await ala.opens("/work")
        effort = ala.begin()
        await ala.press("Nowe skierowanie")
        await ala.fill("Kogo dotyczy skierowanie", person["pesel"])
        await ala.press(f"Wybierz: {person['given_name']} {person['family_name']}")
        await _refer(ala)
        counted("U01", way, effort)


async def test_a_new_client_is_referred(desks: Desks, way: Way) -> None:
    person = desks.network.office("pup-tychy").body("cis-tychy")["client"]
    async with desks.person("pup-tychy", "PUP_ADVISER", way) as ala:
        await ala.opens("/work")
        effort = ala.begin()
        await ala.press("Nowe skierowanie")
        await ala.fill("Kogo dotyczy skierowanie", person["pesel"])
        await ala.press("Wypełnij formularz")
        await ala.fill("Imię", "Halina")
        await ala.fill("Nazwisko", "Próbna")
        await ala.fill("Telefon", "000 123 456")
        await ala.fill("Miejscowość", "Tychy")
        await ala.choose("Gmina", "Tychy")
        await _refer(ala)
        counted("U02", way, effort)


async def test_decisions_are_made_from_the_inbox_and_taken_back(desks: Desks, way: Way) -> None:
    ops, cis = desks.network.office("ops-kozieglowy"), desks.network.office("cis-kozieglowy")
    async with desks.person("cis-kozieglowy", "CIS_HEAD", way) as ewa:
        first = await delivered(ops, "cis-kozieglowy")
        await _alone_in_the_inbox(ewa)
        effort = ewa.begin()
        await ewa.press("Weź do rozpatrzenia")
        await ewa.press("Zaakceptuj")
        counted("U10 accept", way, effort)
        await cis.has(first, status="accepted")
        effort = ewa.begin()
        await ewa.press("Cofnij decyzję")
        counted("U10 undo", way, effort)
        await cis.has(first, status="in_review")
        head = await desks.network.person("cis-kozieglowy", "CIS_HEAD")
        done(await head.act(first, "decline", reason="no_place"))
        second = await delivered(ops, "cis-kozieglowy")
        await _alone_in_the_inbox(ewa)
        effort = ewa.begin()
        await ewa.press("Weź do rozpatrzenia")
        await ewa.touch("Odmów")
        await ewa.choose("Powód", "Brak wolnych miejsc")
        await ewa.press("Odmów")
        counted("U10 decline", way, effort)
        await cis.has(second, status="declined", reason="no_place")


async def _alone_in_the_inbox(ewa: Person) -> None:
    """The inbox, once its list has caught up: one referral, that nobody has taken on."""
    await ewa.opens("/inbox")
    await expect(ewa.page.locator("tbody tr")).to_have_count(1)
    await ewa.sees("Weź do rozpatrzenia")


async def _known(office: Office) -> dict[str, Any]:
    """A person whose earlier referral is over."""
    sent = await office.send("owes-jowes")
    await office.has(sent["id"], status="delivered")
    await office.act(sent["id"], "withdraw", reason="sent_by_mistake")
    await office.has(sent["id"], status="withdrawn")
    client: dict[str, Any] = sent["client"]
    return client


async def _refer(ala: Person) -> None:
    """What a PUP tells of a long-term unemployed person, and the sending."""
    await ala.choose("Dokąd", "Centrum Integracji Społecznej w Tychach")
    await ala.choose("Osoba jest wykluczona społecznie", "tak")
    await ala.tick("do żadnego z nich")
    await ala.fill("Miesiące w rejestrze PUP", "18")
    await ala.fill("Powód skierowania", REASON)
    await ala.sees("Niczego nie brakuje.")  # the list of what is missing stands before the button
    await ala.press("Dalej: sprawdź")
    await ala.press("Wyślij")
    await ala.sees("Wysłano skierowanie")
