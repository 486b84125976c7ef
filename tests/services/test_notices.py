"""Notices: the OPS of residence hears of a direct referral, an applicant what became of its application."""

from typing import Any
from uuid import uuid4

import pytest

from tests.nodes import Network, Office, eventually
from tests.paper import Paper
from tests.services.applying import CONSENT, opined, people, step
from tests.services.steps import done

MYSZKOW, ZARKI = "2409011", "2409053"


def living_in(office: Office, gmina: str | None, town: str) -> dict[str, Any]:
    """A direct referral to a centre of somebody who lives there."""
    body = office.body("cis-myszkow")
    client = body["client"] | {"address": {"town": town, "gmina": gmina}}
    return body | {"client": client, "paid_place": True}


async def sent(office: Office, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    return done(await office.http.post("/referrals", json=body, headers=headers), 201)


async def notices(office: Office, box: str, **wanted: str) -> list[dict[str, Any]]:
    answer = await office.http.get("/notices", params={"box": box})
    found: list[dict[str, Any]] = answer.json()["items"]
    return [item for item in found if all(item[name] == value for name, value in wanted.items())]


async def arrived(office: Office, **wanted: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = await eventually(lambda: notices(office, "received", **wanted))
    (notice,) = found
    return notice


async def test_the_ops_of_residence_is_told_of_a_direct_referral(network: Network) -> None:
    pup, ops = network.office("pup-myszkow"), network.office("ops-myszkow")
    referral = await sent(pup, living_in(pup, MYSZKOW, "Myszków"))
    notice = await arrived(ops, referral_id=referral["id"])
    assert (notice["kind"], notice["sender"], notice["receiver"]) == ("direct_referral", "pup-myszkow", "ops-myszkow")
    assert notice["client"]["pesel"] == referral["client"]["pesel"]
    assert notice["client"]["home"]["town"] == "Myszków"
    assert (notice["client"]["centre"], notice["client"]["number"]) == ("cis-myszkow", referral["number"])
    (given,) = await notices(pup, "given", referral_id=referral["id"])
    assert (given["id"], given["printable"]) == (notice["id"], False)


async def test_a_notice_is_read_once_and_by_its_addressee_only(network: Network) -> None:
    pup, ops = network.office("pup-myszkow"), network.office("ops-myszkow")
    referral = await sent(pup, living_in(pup, MYSZKOW, "Myszków"))
    notice = await arrived(ops, referral_id=referral["id"])
    assert notice["read_at"] is None
    address = f"/notices/{notice['id']}/actions/read"
    for stranger in (pup, network.office("ops-poraj"), network.office("cis-myszkow")):
        assert (await stranger.http.post(address)).status_code == 404
    read = done(await ops.http.post(address))
    assert read["read_at"] is not None
    assert done(await ops.http.post(address)) == read


@pytest.mark.parametrize(
    ("gmina", "town", "receiver", "name"),
    [
        (ZARKI, "Żarki", "mgops-zarki", "Miejsko-Gminny Ośrodek Pomocy Społecznej w Żarkach"),
        ("1465011", "Warszawa", None, "Ośrodek pomocy społecznej właściwy dla miejsca zamieszkania"),
    ],
)
async def test_an_ops_that_is_not_connected_is_told_on_paper(
    network: Network, gmina: str, town: str, receiver: str | None, name: str
) -> None:
    pup = network.office("pup-myszkow")
    referral = await sent(pup, living_in(pup, gmina, town) | {"case_mark": "PUP.600.1"})
    (notice,) = await notices(pup, "given", referral_id=referral["id"])
    assert (notice["receiver"], notice["printable"]) == (receiver, True)
    text = await printed(pup, notice)
    person = referral["client"]
    for part in (name, person["family_name"], "PUP.600.1", referral["number"], "art. 12 ust. 1"):
        assert part in text
    assert "Centrum Integracji Społecznej w Myszkowie" in text


async def test_a_letter_about_a_direct_referral_tells_how_to_find_the_person(network: Network) -> None:
    pup = network.office("pup-myszkow")
    body = living_in(pup, ZARKI, "Żarki")
    body["client"]["address"] |= {"street": "Ogrodowa 7", "postal_code": "42-310"}
    referral = await sent(pup, body)
    (notice,) = await notices(pup, "given", referral_id=referral["id"])
    text = await printed(pup, notice)
    assert f"Numer PESEL: {referral['client']['pesel']}." in text
    assert "Adres: Ogrodowa 7, 42-310 Żarki." in text


async def test_a_letter_runs_nothing_and_is_kept_nowhere(network: Network) -> None:
    pup = network.office("pup-myszkow")
    body = living_in(pup, ZARKI, "Żarki")
    body["client"]["family_name"] = "<script>alert(1)</script>"
    referral = await sent(pup, body)
    (notice,) = await notices(pup, "given", referral_id=referral["id"])
    answer = await pup.http.get(f"/notices/{notice['id']}/print")
    assert "<script>alert(1)</script>" in Paper(answer.content).text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="zawiadomienie-{referral["number"]}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert (await network.office("ops-poraj").http.get(f"/notices/{notice['id']}/print")).status_code == 404


async def test_the_same_key_gives_one_notice(network: Network) -> None:
    pup, ops = network.office("pup-myszkow"), network.office("ops-myszkow")
    body, key = living_in(pup, MYSZKOW, "Myszków"), str(uuid4())
    first = await sent(pup, body, **{"Idempotency-Key": key})
    assert await sent(pup, body, **{"Idempotency-Key": key}) == first
    await arrived(ops, referral_id=first["id"])
    assert len(await notices(pup, "given", referral_id=first["id"])) == 1


async def test_a_draft_gives_its_notice_when_it_is_sent_and_not_before(network: Network) -> None:
    pup, ops = network.office("pup-myszkow"), network.office("ops-myszkow")
    draft = await sent(pup, living_in(pup, MYSZKOW, "Myszków") | {"draft": True})
    assert await notices(pup, "given", referral_id=draft["id"]) == []
    done(await pup.act(draft["id"], "submit"))
    await arrived(ops, referral_id=draft["id"])


async def test_other_referrals_give_no_notice(network: Network) -> None:
    pup, ops = network.office("pup-myszkow"), network.office("ops-poraj")
    service, statutory = await pup.send("ops-myszkow"), await ops.send("cis-poraj")
    assert await notices(pup, "given", referral_id=service["id"]) == []
    assert await notices(ops, "given", referral_id=statutory["id"]) == []


async def test_a_club_learns_what_became_of_its_application(network: Network) -> None:
    club, ops = network.office("kis-zdunska-wola"), network.office("ops-zdunska-wola")
    body = club.body("ops-zdunska-wola") | {"kind": "application", "consent": CONSENT, "case_mark": "KIS/4"}
    application = done(await club.http.post("/referrals", json=body), 201)
    await club.has(application["id"], status="delivered")
    done(await ops.act(application["id"], "accept"))

    async def taken() -> dict[str, Any] | None:
        items = (await ops.http.get("/applications")).json()["items"]
        return next((item for item in items if item["source_id"] == application["id"]), None)

    await step(ops, await eventually(taken), "withdraw", reason="no_contact")
    notice = await arrived(club, referral_id=application["id"])
    content = notice["client"]
    assert (notice["kind"], content["outcome"], content["reason"]) == ("application_outcome", "withdrawn", "no_contact")
    assert content["addressee_mark"] == "KIS/4"


async def test_an_organisation_without_an_account_gets_a_letter(network: Network) -> None:
    worker, head = await people(network)
    applicant = {"kind": "ngo", "party": "stowarzyszenie-poraj", "mark": "SP/8/2026"}
    application = await opined(worker, "negative", applicant=applicant, consent=CONSENT)
    await step(head, application, "refuse", reason="negative_opinion")
    (notice,) = [item for item in await notices(head, "given") if item["client"]["number"] == application["number"]]
    assert (notice["receiver"], notice["printable"], notice["client"]["pesel"]) == ("stowarzyszenie-poraj", True, None)
    text = await printed(head, notice)
    for part in ("Stowarzyszenie pomocy sąsiedzkiej", "SP/8/2026", "Odmówiono skierowania", "Negatywna opinia"):
        assert part in text


async def test_a_person_who_applied_gets_a_letter_home(network: Network) -> None:
    worker, head = await people(network)
    issued = await step(head, await opined(worker), "issue", case_mark="OPS.77")
    (notice,) = [item for item in await notices(head, "given") if item["client"]["number"] == issued["number"]]
    assert (notice["receiver"], notice["printable"]) == (None, True)
    text = await printed(head, notice)
    person = issued["client"]
    for part in (f"{person['given_name']} {person['family_name']}", "Poraj", "OPS.77", "Wydano skierowanie"):
        assert part in text
    assert person["pesel"] not in text


async def test_a_prison_that_passed_an_application_on_is_not_told_and_the_person_is(network: Network) -> None:
    worker, head = await people(network)
    applicant = {"kind": "prison", "party": "areszt-czestochowa", "mark": "AS/9/2026"}
    issued = await step(head, await opined(worker, applicant=applicant), "issue", case_mark="OPS.78")
    (notice,) = [item for item in await notices(head, "given") if item["client"]["number"] == issued["number"]]
    assert (notice["receiver"], notice["printable"]) == (None, True)
    text = await printed(head, notice)
    person = issued["client"]
    for part in (f"{person['given_name']} {person['family_name']}", "Poraj", "OPS.78", "Wydano skierowanie"):
        assert part in text
    for part in ("Areszt", "Częstochow", "AS/9/2026"):
        assert part not in text


async def test_a_representative_who_applied_is_told(network: Network) -> None:
    worker, head = await people(network)
    applicant = {"kind": "representative", "name": "Halina Opiekuńska"}
    issued = await step(head, await opined(worker, applicant=applicant), "issue", case_mark="OPS.79")
    (notice,) = [item for item in await notices(head, "given") if item["client"]["number"] == issued["number"]]
    assert "Halina Opiekuńska" in await printed(head, notice)


async def printed(office: Office, notice: dict[str, Any]) -> str:
    """What a reader sees of the letter."""
    answer = await office.http.get(f"/notices/{notice['id']}/print")
    assert answer.status_code == 200, answer.text
    return Paper(answer.content).text
