"""Institutions at the desk: whom one may send to, what one's own is, and the road between nodes."""

from services.desk.road import place
from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.steps import delivered


async def test_a_caseworker_sees_whom_they_may_send_to_and_what_is_offered(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await browser.open("/institutions?kind=cis")
    assert "Centrum Integracji Społecznej w Poraju" in page.text
    assert "skierowanie do CIS" in page.text
    assert "Warsztat opiekuńczy" in page.text
    assert "Powiatowy Urząd Pracy w Myszkowie" not in page.text


async def test_institutions_are_narrowed_to_those_that_serve_a_gmina(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await browser.open("/institutions?kind=ops&gmina=2409042")
    assert "Gminny Ośrodek Pomocy Społecznej w Poraju" in page.text
    assert "Miejski Ośrodek Pomocy Społecznej w Tychach" not in page.text


async def test_a_choice_that_nothing_fits_says_so_and_leads_on(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await browser.open("/institutions?kind=kis&gmina=2409042")
    assert "Żadna instytucja w spisie nie pasuje do wyboru." in page.text
    assert "/institutions" in page.links


async def test_ones_own_institution_shows_its_units_with_their_people_and_its_workshops(at_desk: SignedIn) -> None:
    browser = await at_desk("cis-poraj", "CIS_HEAD")
    page = await browser.open("/institution")
    for told in ("Zespół rekrutacji i diagnozy", "Warsztat opiekuńczy", "kierownik CIS", "Gmina Poraj"):
        assert told in page.text


async def test_an_administrator_sees_the_links_of_the_node_and_nothing_about_a_person(
    network: Network, at_desk: SignedIn
) -> None:
    poraj = network.office("ops-poraj")
    await delivered(poraj, "cis-poraj", client=poraj.body("cis-poraj")["client"] | {"family_name": "Nietutejsza"})
    browser = await at_desk("ops-poraj", "ADMIN")
    page = await browser.open("/operator")
    assert "CIS: skierowania i wnioski" in page.text
    assert "Rejestr ścieżek i terminów: etapy i terminy" in page.text
    assert "wszystko potwierdzone" in page.text or "najstarsze z" in page.text
    assert "Nietutejsza" not in page.html


async def test_an_institution_is_listed_with_where_to_ring_and_its_site(at_desk: SignedIn) -> None:
    browser = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    for address in ("/institutions?kind=pup", "/institution"):
        page = await browser.open(address)
        assert "ul. Szkoleniowa 1, " in page.text
        assert "tel:000000000" in page.links
        assert [link for link in page.links if link.startswith("https://bip.")]


def test_a_place_is_called_by_its_institutions_or_when_they_are_many_by_their_kinds_and_towns(
    network: Network,
) -> None:
    directory = network.directory
    assert place(directory, "owes", "pl").name == "JOWES Ośrodek Wsparcia Ekonomii Społecznej, Częstochowa"
    centres = place(directory, "cis", "pl")
    assert (centres.name, centres.towns, centres.code) == ("CIS", "Koziegłowy, Myszków, Poraj, Tychy", "cis")
    assert place(directory, "ops", "en").name == "KIS and OPS"
    assert place(directory, "gone", "pl").name == "gone"
