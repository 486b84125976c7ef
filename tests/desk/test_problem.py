"""When something does not work: whom to tell, and a text for them."""

from uuid import uuid4

from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.steps import delivered


async def _problem(browser: Browser, page: Page) -> Page:
    """The page to which the one that somebody looks at leads on."""
    return await browser.open(next(link for link in page.links if link.startswith("/problem")))


async def test_a_page_leads_to_a_text_with_its_address_and_the_number_in_the_log_and_no_person(
    network: Network, at_desk: SignedIn
) -> None:
    poraj = network.office("ops-poraj")
    client = poraj.body("cis-poraj")["client"] | {"family_name": "Nietutejsza"}
    referral = await delivered(poraj, "cis-poraj", client=client)
    ala = await at_desk("ops-poraj", "OPS_HEAD")
    page = await ala.open(f"/referrals/{referral}")
    told = await _problem(ala, page)
    text = told.html.partition("<textarea")[2].partition("</textarea>")[0]
    for each in (f"/referrals/{referral}", page.answer.headers["x-request-id"], "Gminny Ośrodek Pomocy Społecznej"):
        assert each in text
    assert "Nietutejsza" in page.text
    assert "Nietutejsza" not in told.html


async def test_a_caseworker_is_told_who_administers_and_an_administrator_who_else_helps(at_desk: SignedIn) -> None:
    ala, admin = await at_desk("ops-tychy", "OPS_HEAD"), await at_desk("ops-tychy", "ADMIN")
    told = await _problem(ala, await ala.open("/work"))
    name = told.text.partition(", administrator")[0].rpartition("Komu ")[2]
    assert name in (await admin.open("/work")).text  # above every page stands who looks
    assert "utrzymuje w tej instytucji system" in (await _problem(admin, await admin.open("/accounts"))).text


async def test_a_fault_leads_there_too_and_an_address_of_elsewhere_is_no_page_to_go_back_to(
    network: Network,
) -> None:
    stranger = Browser(network.client_of("ops-poraj")._transport)
    missing = await stranger.open("/no/such/page")
    assert "/no/such/page" in (await _problem(stranger, missing)).links
    foreign = await stranger.open(f"/problem?page=//elsewhere.example/&number={uuid4()}")
    assert not [link for link in foreign.links if "elsewhere" in link.partition("?")[0]]
