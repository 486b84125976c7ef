"""The inbox: what came in, by unit and by person, until it is decided."""

import re

from tests.desk.conftest import SignedIn
from tests.desk.test_work import row_of
from tests.nodes import Network, eventually
from tests.services.living import IN_A_MONTH, brought
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


async def test_those_who_wait_stand_in_their_line_with_place_and_group_and_the_sender_sees_the_group(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    wait = ("put_on_list", {"review_on": IN_A_MONTH, "edition": "opiekunczy_wiosna_2027"})
    first, second = [await brought(poraj, cis, (wait,)) for _ in range(2)]
    desk, sender = await at_desk("cis-poraj", "CIS_HEAD"), await at_desk("ops-poraj", "OPS_HEAD")

    async def places() -> tuple[int, int] | None:
        page = await desk.open("/inbox?state=waitlisted")
        told = [
            re.search(r"(\d+)\. w kolejce: Warsztat opiekuńczy", row_of(page, each) or "") for each in (first, second)
        ]
        numbers = [int(each[1]) for each in told if each]
        return (numbers[0], numbers[1]) if len(numbers) == 2 else None

    place, next_place = await eventually(places)
    assert next_place == place + 1

    async def planned() -> bool:
        return "planowana edycja: Warsztat opiekuńczy, edycja od 01.03.2027" in (
            row_of(await sender.open("/sent"), second) or ""
        )

    await eventually(planned)
    assert (
        "Planowana edycja Warsztat opiekuńczy, edycja od 01.03.2027" in (await sender.open(f"/referrals/{second}")).text
    )


async def test_an_empty_inbox_says_what_would_be_in_it(at_desk: SignedIn) -> None:
    page = await (await at_desk("pup-zdunska-wola", "PUP_ADVISER")).open("/inbox")
    assert "Skrzynka jest pusta" in page.text
    assert "/work" in page.links
