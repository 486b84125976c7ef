"""The statement on accessibility: what the act asks for is there, for each institution, and not stale."""

import re
from datetime import UTC, date, datetime

import pytest

from rules.accessibility import statement
from stack.institutions import read_directory
from tests.desk.browser import Browser
from tests.desk.conftest import SignedIn
from tests.nodes import Network

IDS = (
    "a11y-deklaracja",
    "a11y-wstep",
    "a11y-podmiot",
    "a11y-url",
    "a11y-data-publikacja",
    "a11y-data-aktualizacja",
    "a11y-status",
    "a11y-data-sporzadzenie",
    "a11y-data-przeglad",
    "a11y-audytor",
    "a11y-kontakt",
    "a11y-osoba",
    "a11y-email",
    "a11y-telefon",
    "a11y-procedura",
    "a11y-architektura",
    "a11y-aplikacje",
)
"""Those of "Warunki techniczne publikacji i struktura dokumentu elektronicznego deklaracji dostępności" (2.0)."""


@pytest.mark.parametrize("language", ["pl", "en"])
async def test_statement_has_each_part_once(at_desk: SignedIn, language: str) -> None:
    page = await (await at_desk("ops-poraj", "OPS_HEAD", language)).open("/accessibility")
    assert {name: len(re.findall(f'id="{name}"', page.html)) for name in IDS} == dict.fromkeys(IDS, 1)


async def test_statement_is_that_of_the_institution_of_whoever_looks(network: Network, at_desk: SignedIn) -> None:
    page = await (await at_desk("ops-poraj", "OPS_HEAD")).open("/accessibility")
    agency = read_directory(network.data)["ops-poraj"]
    assert agency.contact is not None
    assert f'id="a11y-podmiot">{agency.name}<' in page.html
    assert agency.contact.email in page.text
    assert agency.contact.building in page.text
    assert "Rzecznika Praw Obywatelskich" in page.text


async def test_stranger_finds_the_statement_of_every_institution_of_the_node(network: Network) -> None:
    browser = Browser(network.client_of("ops-poraj")._transport)
    page = await browser.open("/accessibility")
    here = [agency for agency in read_directory(network.data).agencies if agency.node == "ops"]
    assert len(here) > 1
    for agency in here:
        shown = await browser.open(f"/accessibility/{agency.slug}")
        assert f"/accessibility/{agency.slug}" in page.links
        assert agency.name in shown.text


async def test_institution_of_another_node_has_its_statement_there(network: Network) -> None:
    page = await Browser(network.client_of("ops-poraj")._transport).open("/accessibility/cis-poraj")
    assert page.status == 404


@pytest.mark.parametrize("address", ["/sign-in", "/help", "/accessibility", "/no/such/page"])
async def test_every_page_leads_to_the_statement_and_to_help_in_the_same_order(network: Network, address: str) -> None:
    page = await Browser(network.client_of("ops-poraj")._transport).open(address)
    assert [link.partition("?")[0] for link in page.links[-3:]] == ["/help", "/problem", "/accessibility"]


async def test_dates_are_written_for_programs_too(at_desk: SignedIn) -> None:
    page = await (await at_desk("ops-poraj", "OPS_HEAD")).open("/accessibility")
    dates = re.findall(r'<time id="a11y-[\w-]+" datetime="(\d{4}-\d{2}-\d{2})"', page.html)
    assert [date.fromisoformat(each) for each in dates] == [
        statement().dates.published_on,
        statement().dates.updated_on,
        statement().dates.prepared_on,
        statement().dates.reviewed_on,
    ]


def test_statement_was_looked_over_within_a_year() -> None:
    """Art. 11: every year, by 31 March. When this fails, look the pages over and write the day into the rules."""
    reviewed = statement().dates.reviewed_on
    assert reviewed >= statement().dates.prepared_on
    assert (datetime.now(UTC).date() - reviewed).days <= 365


def test_every_institution_of_the_demo_says_whom_to_ask(network: Network) -> None:
    assert [agency.slug for agency in read_directory(network.data).agencies if agency.contact is None] == []
