"""Whole stories over several institutions, each with a mouse and by keyboard alone."""

import asyncio
from pathlib import Path

import pytest

from tests.imports.sheets import comma_separated
from tests.nodes import Network
from tests.servers import EmbeddedServer
from tests.services.importing import sheet
from tests.services.steps import delivered, done
from tests.web.desks import Desks
from tests.web.person import Person, Way

BOTH = pytest.mark.parametrize("way", ["mouse", "keyboard"])


@BOTH
async def test_an_application_of_an_organisation_becomes_a_referral(desks: Desks, way: Way) -> None:
    person = desks.network.office("ops-poraj").body("cis-poraj")["client"]
    async with desks.person("ops-poraj", "OPS_SOCIAL_WORKER", way) as ala:
        await ala.opens("/applications/new")
        await ala.fill("PESEL albo imię, nazwisko i data urodzenia", person["pesel"])
        await ala.press("Dalej")
        await ala.fill("Nazwisko", person["family_name"])
        await ala.fill("Imię", person["given_name"])
        await ala.fill("Miejscowość zamieszkania albo pobytu", "Poraj")
        await ala.fill("Wpłynął dnia", "18.05.2026")
        await ala.choose("Jak wpłynął", "pocztą")
        await ala.choose("Kto składa wniosek", "Stowarzyszenie pomocy sąsiedzkiej w Poraju (przykład szkoleniowy)")
        await ala.choose("Wskazana jednostka przyjmująca", "Centrum Integracji Społecznej w Poraju")
        await ala.fill("O co osoba prosi i dlaczego", "Chce wrócić do pracy.")
        await ala.touch("Zgoda osoby, znak pisma")
        await ala.fill("Zgoda osoby: z jakiego dnia", "15.05.2026")
        await ala.fill("Wzór zgody", "2026-1")
        await ala.press("Zarejestruj wniosek")
        await ala.press("Zapisz wywiad")
        await ala.fill("Wywiad odbył się dnia", "25.05.2026")
        await ala.fill("Miejsce wywiadu", "w miejscu zamieszkania")
        await ala.tick("długotrwałe bezrobocie")
        await ala.choose("Czy osoba podlega wykluczeniu społecznemu?", "tak")
        await ala.tick("żadne z nich")
        await ala.choose("Sytuacja na rynku pracy", "zarejestrowana jako bezrobotna")
        await ala.fill("Miesiące w rejestrze PUP w ostatnich 2 latach", "18")
        await ala.press("Zapisz wywiad")
        await ala.press("Wydaj opinię")
        await ala.choose("Wynik opinii", "pozytywna")
        await ala.press("Wydaj opinię")
        await ala.sees("Wydaj skierowanie")  # what comes next, and who may do it
        address = ala.page.url.removeprefix(ala.base).partition("?")[0]
    async with desks.person("ops-poraj", "OPS_HEAD", way) as head:
        await head.opens(address)
        await head.press("Wydaj skierowanie")
        await head.choose("Jednostka przyjmująca", "Centrum Integracji Społecznej w Poraju")
        await head.fill("Znak sprawy", "OPS.5121.8.2026")
        await head.press("Wydaj skierowanie")
        await head.press("Zobacz, co się z nim dzieje")
        await head.sees("Dostarczono")


@BOTH
async def test_a_centre_without_a_place_declines_and_the_ops_sends_to_a_club(desks: Desks, way: Way) -> None:
    referral = await _declined(desks.network)
    async with desks.person("ops-zdunska-wola", "OPS_HEAD", way) as ala:
        await ala.opens(f"/referrals/{referral}")
        await ala.sees("Brak wolnych miejsc")
        await ala.press("Skieruj gdzie indziej")
        await ala.choose("Dokąd", "Klub Integracji Społecznej w Zduńskiej Woli")
        await ala.press("Dalej: sprawdź")
        await ala.press("Wyślij")
        await ala.sees("Wysłano skierowanie")
        again = ala.page.url.removeprefix(ala.base).split("/")[2]
    club = await desks.network.person("kis-zdunska-wola", "KIS_COORDINATOR")
    await club.has(again, status="delivered")


@BOTH
async def test_the_wrong_person_was_chosen_and_the_right_one_is_sent(desks: Desks, way: Way) -> None:
    ops, cis = desks.network.office("ops-poraj"), desks.network.office("cis-poraj")
    wrong = await delivered(ops, "cis-poraj")
    async with desks.person("ops-poraj", "OPS_HEAD", way) as ala, desks.person("cis-poraj", "CIS_HEAD") as ewa:
        await ala.opens(f"/referrals/{wrong}")
        await ala.touch("Wycofaj")
        await ala.choose("Powód", "Wysłano omyłkowo")
        await ala.press("Wycofaj")
        await cis.has(wrong, status="withdrawn")
        await ala.sees("Wycofane")
        await ewa.opens(f"/referrals/{wrong}")
        await ewa.sees("Dane osoby nie są tu już dostępne: skierowanie wycofano.")


@BOTH
async def test_withdrawing_while_the_road_is_down_is_told_as_it_is(
    desks: Desks, nats_server: EmbeddedServer, way: Way
) -> None:
    ops, cis = desks.network.office("ops-poraj"), desks.network.office("cis-poraj")
    sent = await delivered(ops, "cis-poraj")
    async with desks.person("ops-poraj", "OPS_HEAD", way) as ala:
        await ala.opens(f"/referrals/{sent}")
        async with nats_server.absent():
            await ala.touch("Wycofaj")
            await ala.choose("Powód", "Wysłano omyłkowo")
            await ala.press("Wycofaj")
            await ala.sees("czeka prośba o wycofanie")
            await ala.opens("/sent")
            await ala.sees("czeka prośba o wycofanie")
            assert (await cis.get(sent) or {})["status"] == "delivered"
        await cis.has(sent, status="withdrawn")
        await ala.opens(f"/referrals/{sent}")
        await ala.sees("Wycofane")


@pytest.mark.parametrize(("way", "rows", "wrong"), [("mouse", 60, 7), ("keyboard", 12, 2)])
async def test_a_list_with_faults_is_corrected_and_sent_again(
    desks: Desks, way: Way, rows: int, wrong: int, tmp_path: Path
) -> None:
    lines = sheet(desks.network.office("pup-myszkow"), "cis-poraj", rows)
    pesel = lines[0].index("PESEL")
    right = {line[pesel][:-1]: line[pesel] for line in lines[1 : wrong + 1]}
    for line in lines[1 : wrong + 1]:
        line[pesel] = line[pesel][:-1] + str((int(line[pesel][-1]) + 1) % 10)
    async with desks.person("pup-myszkow", "PUP_ADVISER", way) as ala:
        await _import(ala, tmp_path / "lista.csv", comma_separated(lines))
        await ala.sees(f"Do poprawienia ({wrong})")
        await ala.sees(f"Utworzone ({rows - wrong})")
        bad = await ala.download("Pobierz wiersze do poprawienia (CSV)")
        text = bad.decode("utf-8-sig")
        for begin, whole in right.items():
            text = text.replace(begin + str((int(whole[-1]) + 1) % 10), whole)
        await _import(ala, tmp_path / "lista-poprawiona.csv", text.encode())
        await ala.sees(f"Utworzone ({wrong})")
        await ala.sees("Do poprawienia (0)")


async def _import(ala: Person, file: Path, content: bytes) -> None:
    await asyncio.to_thread(file.write_bytes, content)
    await ala.opens("/imports/new")
    await ala.attach("Plik z listą", file)
    await ala.choose("Co zrobić", "Wczytaj i wyślij skierowania")
    await ala.press("Dalej")
    await ala.sees("zakończone", within=60)


async def _declined(network: Network) -> str:
    """A referral of somebody of Zduńska Wola that a centre elsewhere has no place for."""
    ops = network.office("ops-zdunska-wola")
    sent = await delivered(ops, "cis-tychy")
    head = await network.person("cis-tychy", "CIS_HEAD")
    done(await head.act(sent, "decline", reason="no_place"))
    await ops.has(sent, status="declined")
    return sent
