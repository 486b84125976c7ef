"""The inbox: what came in, by unit and by person, until it is decided."""

from tests.desk.conftest import SignedIn
from tests.desk.test_work import row_of
from tests.nodes import Network, eventually
from tests.services.steps import delivered

ALL = "/inbox?order=newest"


async def test_it_tells_when_it_came_and_whose_inbox_it_is_in(network: Network, at_desk: SignedIn) -> None:
    referral = await delivered(network.office("ops-poraj"), "cis-poraj", unit="rekrutacja")
    desk = await at_desk("cis-poraj", "CIS_HEAD")

    async def row() -> str | None:
        found = row_of(await desk.open(ALL), referral)
        return found if found and "dni robocze" in found else None

    found = await eventually(row)
    assert "wpłynęło" in found
    assert "Zespół rekrutacji" in found
    assert "Weź do rozpatrzenia" in found
    assert row_of(await desk.open("/inbox?unit=rekrutacja&order=newest"), referral)
    assert row_of(await desk.open("/inbox?unit=elsewhere&order=newest"), referral) is None


async def test_it_can_be_narrowed_to_what_nobody_has_taken(network: Network, at_desk: SignedIn) -> None:
    free = await delivered(network.office("ops-poraj"), "cis-poraj")
    taken = await delivered(network.office("ops-poraj"), "cis-poraj")
    worker = await network.person("cis-poraj", "CIS_SOCIAL_WORKER")
    assert (await worker.act(taken, "claim")).status_code == 200
    desk = await at_desk("cis-poraj", "CIS_HEAD")

    async def known() -> bool:
        page = await desk.open(ALL)
        return "rozpatruje:" in (row_of(page, taken) or "") and row_of(page, free) is not None

    await eventually(known)
    page = await desk.open("/inbox?person=-&order=newest")
    assert row_of(page, free)
    assert row_of(page, taken) is None


async def test_what_is_decided_has_left_it(network: Network, at_desk: SignedIn) -> None:
    cis = network.office("cis-poraj")
    referral = await delivered(network.office("ops-poraj"), "cis-poraj")
    desk = await at_desk("cis-poraj", "CIS_HEAD")

    async def there() -> bool:
        return row_of(await desk.open(ALL), referral) is not None

    async def gone() -> bool:
        return row_of(await desk.open(ALL), referral) is None

    await eventually(there)
    assert (await cis.act(referral, "accept")).status_code == 200
    await eventually(gone)


async def test_an_empty_inbox_says_what_would_be_in_it(at_desk: SignedIn) -> None:
    page = await (await at_desk("pup-zdunska-wola", "PUP_ADVISER")).open("/inbox")
    assert "Skrzynka jest pusta" in page.text
    assert "/work" in page.links
