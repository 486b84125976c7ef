"""Notices at the desk: what others told this institution, and what it told others."""

from typing import Any

from sqlalchemy import text

from tests.desk.browser import Page
from tests.desk.conftest import SignedIn
from tests.desk.items import kept
from tests.nodes import Network, eventually
from tests.services.applying import CONSENT, opined, people, step
from tests.services.steps import done
from tests.services.test_notices import MYSZKOW, living_in, sent


async def test_a_received_notice_is_marked_as_read_in_one_action(network: Network, at_desk: SignedIn) -> None:
    pup, ala = network.office("pup-myszkow"), await at_desk("ops-myszkow", "OPS_SOCIAL_WORKER")
    referral = await sent(pup, living_in(pup, MYSZKOW, "Myszków"))

    async def arrived() -> Any:
        page = await ala.open("/notices")
        return page if referral["number"] in page.text else None

    page: Page = await eventually(arrived)
    assert "Zawiadomienie o skierowaniu przez PUP" in page.text
    assert {"/notices", "/notices?box=given"} <= set(page.links)
    assert referral["number"] in page.text.partition("Nieprzeczytane")[2].partition("Przeczytane")[0]
    assert f"/referrals/{referral['id']}" not in page.links
    [form] = [form for form in page.forms if form.action == _read(page, referral["number"])]
    page = await ala.send(form)
    assert form.action not in [each.action for each in page.forms]
    assert referral["number"] in page.text.rpartition("Przeczytane")[2]


async def test_a_notice_that_tells_no_path_leaves_the_list_when_it_is_read(network: Network, at_desk: SignedIn) -> None:
    pup, ala = network.office("pup-myszkow"), await at_desk("ops-myszkow", "OPS_SOCIAL_WORKER")
    referral = await sent(pup, living_in(pup, MYSZKOW, "Myszków"))

    async def arrived() -> Any:
        page = await ala.open("/notices")
        return page if referral["number"] in page.text else None

    page: Page = await eventually(arrived)
    address = _read(page, referral["number"])
    notice = address.split("/")[2]
    database = network.bases["ops"].database("desk")

    async def listed() -> bool:
        return notice in {row["id"] for row in await kept(database, "ops-myszkow")}

    await eventually(listed)
    row = (await ala.open("/work?what=notice&order=newest")).html.partition(f'id="item-{notice}"')[2]
    assert referral["number"] in row.partition("</tr>")[0]
    async with database.transaction("ops-myszkow") as session:
        await session.execute(text("update work set path_id = null where id = :id"), {"id": notice})
    [form] = [form for form in page.forms if form.action == address]
    await ala.send(form)
    assert not await listed()


def _read(page: Page, number: str) -> str:
    """The address of the button that names this case."""
    before = page.html.partition(f": {number}</span></button>")[0]
    return before.rpartition('action="')[2].partition('"')[0]


async def test_a_given_notice_for_an_applicant_without_account_is_a_letter_to_print(
    network: Network, at_desk: SignedIn
) -> None:
    worker, head = await people(network)
    applicant = {"kind": "ngo", "party": "stowarzyszenie-poraj", "mark": "SP/8/2026"}
    application = await opined(worker, applicant=applicant, consent=CONSENT)
    await step(head, application, "issue", receiver="cis-poraj", case_mark="OPS.7")
    notices = done(await head.http.get("/notices", params={"box": "given"}))["items"]
    [given] = [each for each in notices if each["client"]["number"] == application["number"]]
    ala = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    page = await ala.open("/notices?box=given")
    assert "Stowarzyszenie pomocy sąsiedzkiej w Poraju" in page.text
    assert "znak wniosku: SP/8/2026" in page.text
    address = f"/notices/{given['id']}/letter.pdf"
    assert address in page.links
    assert (await ala.open(address)).answer.headers["content-type"] == "application/pdf"


async def test_who_has_no_notices_is_told_what_they_are(at_desk: SignedIn) -> None:
    page = await (await at_desk("cis-kozieglowy", "CIS_SOCIAL_WORKER")).open("/notices")
    assert "Nie ma zawiadomień." in page.text
