"""Route B: institutions that apply for a person, on paper or by an account of their own."""

from typing import Any

import pytest

from tests.nodes import Network, eventually
from tests.services.applying import CONSENT, OPINION, learned, opined, paper, people, registered, step
from tests.services.database import rows
from tests.services.steps import delivered, done, errors


async def test_route_b_on_paper_from_an_organisation_needs_the_persons_consent(network: Network) -> None:
    worker, _ = await people(network)
    applicant = {"kind": "ngo", "party": "stowarzyszenie-poraj", "mark": "SP/7/2026"}
    without = await worker.http.post("/applications", json=paper(worker, applicant=applicant))
    assert errors(without) == [("consent", "consent_required")]
    assert "art. 12 ust. 1" in without.json()["errors"][0]["message"]
    application = await registered(worker, applicant=applicant, consent=CONSENT)
    assert application["route"] == "B"
    assert application["applicant"]["name"].startswith("Stowarzyszenie")
    assert application["client"]["consent"]["given_on"] == CONSENT["given_on"]


async def test_route_b_from_a_club_with_an_account_nothing_is_typed_twice(network: Network) -> None:
    club, ops = network.office("kis-zdunska-wola"), network.office("ops-zdunska-wola")
    sent = await club.send(
        "ops-zdunska-wola",
        kind="application",
        consent=CONSENT,
        case_mark="KIS/3",
        **learned(network.office("ops-poraj")),
    )
    await club.has(sent["id"], status="delivered")
    done(await ops.act(sent["id"], "accept"))
    taken = await club.has(sent["id"], status="accepted")
    assert taken["custodian"] == "kis-zdunska-wola"

    async def arrived() -> dict[str, Any] | None:
        items = (await ops.http.get("/applications", params={"status": "registered"})).json()["items"]
        return next((item for item in items if item["source_id"] == sent["id"]), None)

    application = await eventually(arrived)
    assert (application["channel"], application["route"], application["path_id"]) == (
        "electronic",
        "B",
        sent["path_id"],
    )
    assert application["applicant"] == {
        "kind": "kis",
        "name": application["applicant"]["name"],
        "party": "kis-zdunska-wola",
        "mark": "KIS/3",
    }
    assert application["client"]["pesel"] == sent["client"]["pesel"]
    await step(ops, application, "record_interview", held_on=application["received_on"], place="OPS")
    day = application["received_on"]
    await step(ops, application, "give_opinion", opinion=OPINION | {"interview_on": day, "issued_on": day})
    issued = await step(ops, application, "issue", receiver="cis-poraj", case_mark="OPS.9", paid_place=True)
    await ops.has(issued["referral_id"], status="delivered")
    path = await eventually(lambda: _stage(club, sent["path_id"], "referred"))
    assert path["custodian"] == "ops-zdunska-wola"


async def test_a_second_applicant_is_registered_too_and_each_application_keeps_its_path(network: Network) -> None:
    worker, head = await people(network)
    ops, other = network.office("ops-poraj"), network.office("ops-myszkow")
    first = await opined(worker)
    client = {name: first["client"][name] for name in ("given_name", "family_name", "pesel")}
    sent = await other.send("ops-poraj", kind="application", consent=CONSENT, client=client)
    await ops.has(sent["id"], status="delivered")
    done(await ops.act(sent["id"], "accept"))

    async def arrived() -> dict[str, Any] | None:
        items = (await ops.http.get("/applications")).json()["items"]
        return next((item for item in items if item["source_id"] == sent["id"]), None)

    second = await eventually(arrived)
    assert second["client_id"] == first["client_id"]
    assert second["path_id"] == sent["path_id"] != first["path_id"]
    issued = await step(head, first, "issue", case_mark="OPS.10")
    referral = done(await worker.http.get(f"/referrals/{issued['referral_id']}"))
    assert referral["path_id"] == first["path_id"]


@pytest.mark.parametrize(("sender", "kind"), [("owes-jowes", "ngo"), ("ops-myszkow", "ops"), ("cis-tychy", "ngo")])
async def test_whoever_the_act_lets_apply_by_an_account_is_registered_as_that(
    network: Network, sender: str, kind: str
) -> None:
    office, ops = network.office(sender), network.office("ops-poraj")
    sent = await office.send("ops-poraj", kind="application", consent=CONSENT)
    await ops.has(sent["id"], status="delivered")
    done(await ops.act(sent["id"], "accept"))

    async def arrived() -> dict[str, Any] | None:
        items = (await ops.http.get("/applications")).json()["items"]
        return next((item for item in items if item["source_id"] == sent["id"]), None)

    application = await eventually(arrived)
    assert (application["route"], application["applicant"]["kind"]) == ("B", kind)
    assert application["applicant"]["party"] == sender
    assert application["client"]["pesel"] == sent["client"]["pesel"]


async def _stage(office: Any, path_id: str, stage: str) -> dict[str, Any] | None:
    found: dict[str, Any] = (await office.http.get(f"/paths/{path_id}")).json()
    return found if found.get("stage") == stage else None


async def test_an_electronic_application_needs_consent_and_an_applicant_of_the_act(network: Network) -> None:
    club, centre = network.office("kis-zdunska-wola"), network.office("cis-poraj")
    without = await club.create("ops-zdunska-wola", kind="application")
    assert ("consent", "consent_required") in errors(without)
    answer = await centre.create("ops-poraj", kind="application", consent=CONSENT)
    assert errors(answer) == [("kind", "applicant_not_entitled")]
    assert "art. 12 ust. 1" in answer.json()["errors"][0]["message"]


async def test_a_pup_cannot_apply(network: Network) -> None:
    answer = await network.office("pup-myszkow").create("ops-myszkow", kind="application", consent=CONSENT)
    assert errors(answer) == [("kind", "kind_not_allowed")]


async def test_a_declined_application_is_not_registered(network: Network) -> None:
    club, ops = network.office("kis-zdunska-wola"), network.office("ops-zdunska-wola")
    referral = await delivered(club, "ops-zdunska-wola", kind="application", consent=CONSENT)
    done(await ops.act(referral, "decline", reason="outside_territory"))
    await club.has(referral, status="declined")
    found = "select 1 from intake.application where source_id = $1"
    assert await rows(network, "ops", found, referral) == []
