"""Letters at the desk: whose they are, how they are answered, and that nobody else gets one."""

from typing import Any

import httpx2

from tests.desk.conftest import SignedIn
from tests.nodes import Network, Office, eventually
from tests.paper import Paper
from tests.services.applying import opined, people
from tests.services.steps import done


async def sent(office: Office, receiver: str, **changes: Any) -> dict[str, Any]:
    return done(await office.http.post("/referrals", json=office.body(receiver) | changes), 201)


def letter(answer: httpx2.Response, name: str) -> Paper:
    """The letter in an answer that shows it in the browser and keeps it nowhere."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="{name}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return Paper(answer.content)


async def test_a_sender_prints_referral_opinion_and_receipt(network: Network, at_desk: SignedIn) -> None:
    office = network.office("ops-poraj")
    referral = await sent(office, "cis-poraj", case_mark="OPS.91")
    head, number = await at_desk("ops-poraj", "OPS_HEAD"), referral["number"]

    async def known() -> bool:
        return (await office.http.get(f"/paths/{referral['path_id']}")).status_code == 200

    await eventually(known)
    base = f"/referrals/{referral['id']}"
    person = referral["client"]
    name = f"{person['given_name']} {person['family_name']}"
    paper = letter(await head.http.get(f"{base}/letter.pdf"), f"skierowanie-{number}")
    for part in (name, person["pesel"], "OPS.91", "Centrum Integracji Społecznej w Poraju"):
        assert part in paper.text
    assert name not in paper.properties
    assert "pozytywna" in letter(await head.http.get(f"{base}/opinion.pdf"), f"opinia-{number}").text
    receipt = letter(await head.http.get(f"{base}/receipt.pdf"), f"potwierdzenie-{number}").text
    assert "Podjęcie skierowania" in receipt or "Dostarczenie do instytucji" in receipt
    assert person["pesel"] not in receipt


async def test_letters_are_the_senders_only(network: Network, at_desk: SignedIn) -> None:
    referral = await sent(network.office("ops-poraj"), "cis-poraj")
    await network.office("cis-poraj").has(referral["id"], status="delivered")
    receiver, stranger = await at_desk("cis-poraj", "CIS_HEAD"), await at_desk("ops-myszkow", "OPS_HEAD")
    for browser in (receiver, stranger):
        for name in ("letter", "opinion", "receipt"):
            answer = await browser.http.get(f"/referrals/{referral['id']}/{name}.pdf")
            assert answer.status_code == 404
            assert answer.headers["content-type"].startswith("text/html")


async def test_nobody_prints_without_signing_in(network: Network) -> None:
    referral = await sent(network.office("ops-poraj"), "cis-poraj")
    http = httpx2.AsyncClient(transport=network.client_of("ops-poraj")._transport, base_url="https://node")
    answer = await http.get(f"/referrals/{referral['id']}/letter.pdf")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


async def test_a_draft_and_a_wrong_address_are_not_there(network: Network, at_desk: SignedIn) -> None:
    draft = await sent(network.office("ops-poraj"), "cis-poraj", draft=True)
    head = await at_desk("ops-poraj", "OPS_HEAD")
    assert (await head.http.get(f"/referrals/{draft['id']}/letter.pdf")).status_code == 404
    assert (await head.http.get("/referrals/nothing/letter.pdf")).status_code == 404


async def test_the_opinion_on_an_application_is_printed_once_it_is_given(network: Network, at_desk: SignedIn) -> None:
    worker, _ = await people(network)
    application = await opined(worker, "negative")
    social_worker = await at_desk("ops-poraj", "OPS_SOCIAL_WORKER")
    answer = await social_worker.http.get(f"/applications/{application['id']}/opinion.pdf")
    paper = letter(answer, f"opinia-{application['number']}")
    for part in ("negatywna", "Stan zdrowia.", application["client"]["pesel"]):
        assert part in paper.text


async def test_a_notice_is_printed_as_the_interface_prints_it(network: Network, at_desk: SignedIn) -> None:
    pup = network.office("pup-myszkow")
    referral = await sent(pup, "cis-myszkow")
    found = done(await pup.http.get("/notices", params={"box": "given"}))["items"]
    (notice,) = [item for item in found if item["referral_id"] == referral["id"]]
    head = await at_desk("pup-myszkow", "PUP_HEAD")
    paper = letter(await head.http.get(f"/notices/{notice['id']}/letter.pdf"), f"zawiadomienie-{referral['number']}")
    assert "Zawiadomienie o skierowaniu przez PUP" in paper.text
    assert referral["client"]["family_name"] in paper.text
