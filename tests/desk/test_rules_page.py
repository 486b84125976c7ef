"""Terminy i przepisy at the desk: how long there is for what, what has moved, and that each deadline says so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from rules.calendar import add_working_days, local_day
from services.desk.dates import from_to, short_day
from services.kit.service import Service
from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.nodes import Network, eventually
from tests.services.dues import claim_of
from tests.services.steps import delivered
from tests.workflows.rulings import apply_file, day_off, length

TODAY = local_day(datetime.now(UTC))
FREE = add_working_days(TODAY, 1)


def path_service(network: Network) -> Service:
    return network.bases["path"].service("path")


@pytest_asyncio.fixture
async def rules_of_the_release(network: Network) -> AsyncIterator[None]:
    """Other tests go on under the rules that ship."""
    yield
    await apply_file(path_service(network), "")


def row_of(page: Page, identity: str) -> str:
    """What the row with this id says, its tags included; empty when there is none."""
    return page.html.partition(f'id="{identity}"')[2].partition("</tr>")[0]


async def moved_claim(network: Network) -> dict[str, Any]:
    """The claim deadline of a new referral from ops-poraj to cis-poraj, once a new day off has moved it."""
    office = network.office("cis-poraj")
    referral_id = await delivered(network.office("ops-poraj"), "cis-poraj")
    await claim_of(office, referral_id, moved=False)
    await apply_file(path_service(network), day_off(FREE))
    return await claim_of(office, referral_id, moved=True)


async def moved_row(browser: Browser, deadline_id: str) -> str:
    """What the list of moved deadlines says of this one, on whichever of its pages."""
    following = ["/rules/moved"]
    while following:
        page = await browser.open(following[0])
        if row := row_of(page, f"due-{deadline_id}"):
            return row
        following = [link for link in page.links if link.startswith("/rules/moved?cursor=")]
    return ""


async def test_how_long_a_decision_may_take_is_in_sight_at_once(at_desk: SignedIn) -> None:
    page = await (await at_desk("cis-poraj", "CIS_SOCIAL_WORKER")).open("/rules")
    assert '<details class="govuk-details sciezka-rules" id="referral" open>' in page.html
    assert '<details class="govuk-details sciezka-rules" id="office">' in page.html
    row = row_of(page, "rule-decision")
    for said in ("7 dni; pilne: 2 dni robocze", "wpłynęło", "jednostka przyjmująca", "poziom usług", "od 01.01.2025"):
        assert said in row, said


async def test_what_nothing_watches_yet_stands_apart_and_says_so(at_desk: SignedIn) -> None:
    page = await (await at_desk("cis-poraj", "CIS_HEAD")).open("/rules")
    watched, _, others = page.html.partition("tych terminów Ścieżka jeszcze nie pilnuje")
    assert 'id="rule-interview"' in watched
    assert 'id="rule-trial"' in others
    assert 'id="rule-trial"' not in watched


async def test_a_rule_that_is_asked_for_is_unfolded_and_so_are_all_on_request(at_desk: SignedIn) -> None:
    head = await at_desk("cis-poraj", "CIS_HEAD")
    page = await head.open("/rules?rule=trial")
    assert 'id="participation" open>' in page.html
    assert 'id="referral">' in page.html
    page = await head.open("/rules?unfolded=1")
    assert page.html.count('sciezka-rules" id=') == page.html.count(" open>")


async def test_the_rules_are_told_in_english_too(at_desk: SignedIn) -> None:
    page = await (await at_desk("cis-poraj", "CIS_HEAD", "en")).open("/rules")
    assert "7 days; urgent: 2 working days" in row_of(page, "rule-decision")
    assert "decision to accept or decline" in row_of(page, "rule-decision")


async def test_an_administrator_sees_neither_page_nor_the_way_to_it(at_desk: SignedIn) -> None:
    admin = await at_desk("ops-poraj", "ADMIN")
    assert "/rules" not in (await admin.open("/institutions")).links
    assert [(await admin.open(address)).status for address in ("/rules", "/rules/moved")] == [403, 403]


async def test_an_institution_without_moved_deadlines_is_told_what_they_are(at_desk: SignedIn) -> None:
    page = await (await at_desk("cis-kozieglowy", "CIS_SOCIAL_WORKER")).open("/rules/moved")
    assert "Żaden termin nie jest przesunięty" in page.text
    assert "/rules" in page.links


@pytest.mark.usefixtures("rules_of_the_release")
async def test_a_length_of_our_own_stands_beside_the_rule_with_its_basis(network: Network, at_desk: SignedIn) -> None:
    ours = length("claim", "5wd", TODAY, urgent="2wd", more='institution = "cis-poraj"\n')
    await apply_file(path_service(network), ours + length("decision", "9d", TODAY, urgent="3wd"))
    browser = await at_desk("cis-poraj", "CIS_HEAD")

    async def known() -> Page | None:
        page = await browser.open("/rules")
        return page if "Porozumienie z testu" in page.text else None

    page: Page = await eventually(known)
    assert "<strong>3 dni robocze; pilne: 1 dzień roboczy</strong>" in row_of(page, "rule-claim")
    assert f"u nas od {short_day(TODAY, 'pl')}: 5 dni roboczych; pilne: 2 dni robocze" in row_of(page, "rule-claim")
    assert "<strong>9 dni; pilne: 3 dni robocze</strong>" in row_of(page, "rule-decision")
    assert "zamiast: 7 dni; pilne: 2 dni robocze" in row_of(page, "rule-decision")
    page = await (await at_desk("ops-poraj", "OPS_HEAD")).open("/rules")
    assert "5 dni roboczych" not in row_of(page, "rule-claim")


async def test_a_version_that_running_cases_keep_is_shown_beside_the_one_in_force(
    network: Network, at_desk: SignedIn
) -> None:
    office, browser = network.office("cis-poraj"), await at_desk("cis-poraj", "CIS_HEAD")
    assert "liczy się jeszcze inaczej" not in row_of(await browser.open("/rules"), "rule-extension_period")
    referral_id = await delivered(network.office("ops-poraj"), "cis-poraj")
    path_id = (await office.get(referral_id) or {})["path_id"]
    of_2009 = """
        update path set view = jsonb_set(view, '{deadlines}', coalesce((
            select jsonb_agg(each || '{"rule": "extension_period", "rule_version": "2009"}')
            from jsonb_array_elements(view -> 'deadlines') as each where each ->> 'rule' = 'claim'
        ), view -> 'deadlines')) where id = :path
    """

    async def kept() -> str | None:
        async with network.bases["cis"].database("paths").transaction("cis-poraj") as session:
            await session.execute(text(of_2009), {"path": path_id})
        row = row_of(await browser.open("/rules"), "rule-extension_period")
        return row if "1 trwający termin liczy się jeszcze inaczej" in row else None

    row: str = await eventually(kept)
    assert row.index("12 miesięcy") < row.index("6 miesięcy") < row.index("od 01.01.2015 do 31.12.2021")


@pytest.mark.usefixtures("rules_of_the_release")
async def test_a_deadline_that_moved_is_listed_with_its_person_and_says_so_wherever_it_stands(
    network: Network, at_desk: SignedIn
) -> None:
    claim = await moved_claim(network)
    was, becomes = from_to(datetime.fromisoformat(claim["moved"]["was"]), datetime.fromisoformat(claim["due_at"]), "pl")
    said = f"przesunięto z {was} na {becomes}: {claim['moved']['why']}"
    worker = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    sent = await network.office("ops-poraj").get(claim["referral_id"])
    assert sent is not None
    told = (sent["client"]["family_name"], sent["number"], "Wzięcie do rozpatrzenia", was, becomes, "Dzień żałoby")

    async def named() -> bool:
        row = await moved_row(worker, claim["id"])
        return all(each in row for each in told)

    await eventually(named)  # the deadline may be known here before the referral is on the lists
    link = "/rules?rule=claim#rule-claim"
    for address in (f"/referrals/{claim['referral_id']}", f"/clients/{sent['client_id']}"):
        page = await worker.open(address)
        assert said in page.text, address
        assert link in page.links, address
    receiver = await at_desk("cis-poraj", "CIS_SOCIAL_WORKER")

    async def listed() -> bool:
        return said in (await receiver.open("/work?whose=all&order=newest")).text

    await eventually(listed)
    assert link in (await receiver.open("/work?whose=all&order=newest")).links
    # Before anybody took it on, the receiver knows the town of the person and no name.
    row = await moved_row(receiver, claim["id"])
    assert sent["client"]["address"]["town"] in row
    assert sent["client"]["family_name"] not in row
    assert await moved_row(await at_desk("pup-myszkow", "PUP_ADVISER"), claim["id"]) == ""
    in_english = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER", "en")
    assert "Day of mourning" in await moved_row(in_english, claim["id"])


@pytest.mark.usefixtures("rules_of_the_release")
async def test_the_basis_of_a_deadline_is_told_in_the_language_of_the_page(network: Network, at_desk: SignedIn) -> None:
    referral_id = await delivered(network.office("ops-poraj"), "cis-poraj")
    browser = await at_desk("cis-poraj", "CIS_HEAD", "en")

    async def listed() -> str:
        return row_of(await browser.open("/work?whose=all&order=newest"), f"item-{referral_id}")

    row = ""

    async def due() -> bool:
        nonlocal row
        row = await listed()
        return "Service level: taking up a referral" in row

    await eventually(due)
    assert "Poziom usług" not in row


def test_a_move_is_told_without_a_year_that_both_days_share() -> None:
    was, becomes = datetime(2026, 11, 12, 22, 59, tzinfo=UTC), datetime(2026, 11, 13, 22, 59, tzinfo=UTC)
    assert from_to(was, becomes, "pl") == ("12.11", "13.11.2026")
    assert from_to(was, becomes, "en") == ("12 Nov", "13 Nov 2026")
    assert from_to(was, datetime(2027, 1, 4, 9, tzinfo=UTC), "pl") == ("12.11.2026", "04.01.2027")
    assert from_to(was, datetime(2026, 11, 12, 9, 5, tzinfo=UTC), "pl") == ("23:59", "12.11.2026, 10:05")
