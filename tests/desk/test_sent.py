"""Sent referrals: the four states of a delivery, each only when it is a fact."""

from tests.desk.browser import Browser
from tests.desk.conftest import SignedIn
from tests.desk.test_work import row_of
from tests.nodes import Network, eventually

ALL = "/sent?page=1"


async def _tells(desk: Browser, item: str, *wanted: str) -> str:
    """The row of a referral once it says all this."""

    async def row() -> str | None:
        found = row_of(await desk.open(ALL), item)
        return found if found and all(text in found for text in wanted) else None

    found: str = await eventually(row)
    return found


async def test_each_state_is_told_when_it_has_come_and_not_before(network: Network, at_desk: SignedIn) -> None:
    ops, cis = network.office("ops-poraj"), await network.person("cis-poraj", "CIS_HEAD")
    desk = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    sent = await ops.send("cis-poraj")
    row = await _tells(desk, sent["id"], "dostarczono")
    assert "jeszcze nie otwarto" in row
    assert "jeszcze nie rozstrzygnięto" in row
    await cis.has(sent["id"])
    assert "jeszcze nie rozstrzygnięto" in await _tells(desk, sent["id"], "otwarto")
    assert (await cis.act(sent["id"], "accept")).status_code == 200
    row = await _tells(desk, sent["id"], "Zaakceptowane")
    assert "jeszcze nie" not in row


async def test_a_refusal_is_told_with_its_reason(network: Network, at_desk: SignedIn) -> None:
    ops, cis = network.office("ops-poraj"), await network.person("cis-poraj", "CIS_HEAD")
    desk = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    sent = await ops.send("cis-poraj")
    await cis.has(sent["id"])
    assert (await cis.act(sent["id"], "decline", reason="no_place")).status_code == 200
    await _tells(desk, sent["id"], "Odmowa", "miejsc")
    assert row_of(await desk.open("/sent?state=declined"), sent["id"])
    assert row_of(await desk.open("/sent?state=accepted"), sent["id"]) is None
    assert "/sent?state=declined" in (await desk.open("/work?whose=all")).links


async def test_a_request_that_came_too_late_is_told_with_why(network: Network, at_desk: SignedIn) -> None:
    ops, cis = network.office("ops-poraj"), await network.person("cis-poraj", "CIS_HEAD")
    desk = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    sent = await ops.send("cis-poraj")
    await ops.has(sent["id"], status="delivered")
    await cis.act(sent["id"], "accept")
    asked = await ops.act(sent["id"], "withdraw", reason="person_moved")
    if asked.status_code == 202:  # the acceptance may have come back before the wish
        await _tells(desk, sent["id"], "Nie można było wycofać", "już zaakceptowane")
    else:
        await _tells(desk, sent["id"], "Zaakceptowane")


async def test_who_has_sent_nothing_is_told_what_would_be_here(at_desk: SignedIn) -> None:
    page = await (await at_desk("pup-zdunska-wola", "PUP_ADVISER")).open("/sent")
    assert "Nic jeszcze nie wysłano" in page.text
    assert "/referrals/new" in page.links
