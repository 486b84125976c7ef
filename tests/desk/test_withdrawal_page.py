"""Everything that goes on for a client taken back from their page: why, what would happen, doing exactly that."""

from tests.desk.conftest import SignedIn
from tests.nodes import Network
from tests.services.living import ACCEPT, brought
from tests.services.steps import delivered


async def test_what_is_shown_before_is_what_happens(network: Network, at_desk: SignedIn) -> None:
    poraj, head = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    referral = await delivered(poraj, "cis-poraj")
    client = (await poraj.has(referral))["client_id"]
    page = await head.open(f"/clients/{client}/withdrawal")
    shown = await head.send(page.form(f"/clients/{client}/withdrawal/preview"), reason="person_moved")
    assert "zostanie wycofane" in shown.text
    assert "person_moved" not in shown.address
    ended = await head.send(shown.form(f"/clients/{client}/withdrawal/all"))
    assert "Wycofano wszystko, co można było wycofać." in ended.text
    known = await poraj.has(referral, status="withdrawn")
    assert known["reason"] == "person_moved"


async def test_when_something_changed_meanwhile_nothing_happens_and_the_new_list_is_shown(
    network: Network, at_desk: SignedIn
) -> None:
    poraj, head = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    referral = await delivered(poraj, "cis-poraj")
    client = (await poraj.has(referral))["client_id"]
    page = await head.open(f"/clients/{client}/withdrawal")
    shown = await head.send(page.form(f"/clients/{client}/withdrawal/preview"), reason="person_moved")
    await network.office("cis-poraj").act(referral, "accept")
    await poraj.has(referral, status="accepted")
    refused = await head.send(shown.form(f"/clients/{client}/withdrawal/all"))
    assert refused.status == 412
    assert "Niczego nie wycofano" in refused.text
    assert "pójdzie prośba o anulowanie" in refused.text
    await poraj.has(referral, status="accepted")


async def test_without_a_reason_nothing_is_shown(network: Network, at_desk: SignedIn) -> None:
    poraj, head = network.office("ops-poraj"), await at_desk("ops-poraj", "OPS_HEAD")
    referral = await brought(poraj, network.office("cis-poraj"), (ACCEPT,))
    client = (await poraj.has(referral))["client_id"]
    page = await head.open(f"/clients/{client}/withdrawal")
    wrong = await head.send(page.form(f"/clients/{client}/withdrawal/preview"))
    assert wrong.status == 422
    assert "Wybierz powód." in wrong.text
    assert f"/clients/{client}/withdrawal" in (await head.open(f"/clients/{client}")).links
