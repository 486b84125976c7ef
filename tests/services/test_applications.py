"""Applications (wnioski) at their OPS, over the public interface, on real nodes."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from rules.calendar import local_day
from services.kit.pesel import read_pesel
from tests.nodes import Network, Office, eventually
from tests.services.applying import CONSENT, GIVEN, HELD, OPINION, learned, opined, paper, people, registered, step
from tests.services.database import road_closed, rows
from tests.services.files import pdf
from tests.services.steps import actions, delivered, done, errors, refused


def leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return 1


async def test_a_paper_application_takes_at_most_ten_fields_and_is_marked_as_paper(network: Network) -> None:
    worker, _ = await people(network)
    assert leaves(paper(worker)) <= 10
    application = await registered(worker)
    assert (application["channel"], application["on_paper"], application["route"]) == ("paper", True, "A")
    assert (application["status"], application["version"], application["agency"]) == ("registered", 1, "ops-poraj")
    assert actions(application) == {"schedule_interview", "record_interview", "return_for_completion", "withdraw"}


async def test_route_a_from_paper_to_the_centre(network: Network) -> None:
    worker, head = await people(network)
    application = await registered(worker)
    await step(worker, application, "schedule_interview", on="2030-01-07", place="ul. Szkolna 1, Poraj")
    await step(worker, application, "record_interview", held_on=HELD, form=learned(worker))
    await step(worker, application, "give_opinion", opinion=OPINION)
    issued = await step(head, application, "issue", case_mark="OPS.8123.1.2026")
    assert (issued["status"], issued["issued_by"], issued["case_mark"]) == ("referred", "OPS_HEAD", "OPS.8123.1.2026")
    referral = await worker.has(issued["referral_id"], status="delivered")
    assert (referral["kind"], referral["receiver"], referral["path_id"]) == (
        "statutory_cis",
        "cis-poraj",
        application["path_id"],
    )
    centre = network.office("cis-poraj")
    dossier = done(await centre.act(issued["referral_id"], "claim"))["client"]
    assert dossier["case_mark"] == "OPS.8123.1.2026"
    assert (dossier["opinion"]["issued_on"], dossier["given_name"]) == (GIVEN, application["client"]["given_name"])


async def test_the_path_has_the_deadlines_of_the_ops_before_any_referral_and_goes_on_with_it(network: Network) -> None:
    worker, head = await people(network)
    today = str(local_day(datetime.now(UTC)))
    application = await registered(worker, received_on=today)
    address = f"/paths/{application['path_id']}"

    async def path(stage: str, rule: str, status: str) -> dict[str, Any] | None:
        answer = await worker.http.get(address)
        found: dict[str, Any] = answer.json()
        if answer.status_code != 200 or found["stage"] != stage:
            return None
        states = {deadline["rule"]: deadline["status"] for deadline in found["deadlines"]}
        return found if states.get(rule) == status else None

    before = await eventually(lambda: path("applied", "interview", "open"))
    assert (before["ball"], before["custodian"]) == ("ops-poraj", "ops-poraj")
    (due,) = application["due"]
    assert (due["rule"], due["due_at"]) == ("interview", before["next_deadline"]["due_at"])
    await step(worker, application, "record_interview", held_on=today, place="OPS", form=learned(worker))
    await eventually(lambda: path("applied", "opinion", "open"))
    opinion = OPINION | {"interview_on": today, "issued_on": today}
    await step(worker, application, "give_opinion", opinion=opinion)
    await step(head, application, "issue", case_mark="OPS.1")
    after = await eventually(lambda: path("referred", "issue", "met"))
    assert [entry["type"] for entry in after["timeline"]][:3] == [
        "application_registered",
        "interview_held",
        "opinion_given",
    ]


async def test_the_scan_of_an_application_is_kept_with_it_and_does_not_go_on_with_the_referral(
    network: Network,
) -> None:
    worker, head = await people(network)
    scan = done(await worker.http.post("/attachments", files={"file": ("wniosek.pdf", pdf())}), 201)["id"]
    application = await registered(worker, attachments=[scan])
    assert [file["id"] for file in application["client"]["attachments"]] == [scan]
    assert refused(await worker.http.delete(f"/attachments/{scan}")) == (409, "attachment_in_use")
    await step(worker, application, "record_interview", held_on=HELD, place="OPS", form=learned(worker))
    await step(worker, application, "give_opinion", opinion=OPINION)
    issued = await step(head, application, "issue", case_mark="OPS.5")
    sent = done(await worker.http.get(f"/referrals/{issued['referral_id']}"))
    assert sent["client"]["attachments"] is None


async def test_a_file_added_when_the_referral_is_issued_goes_with_it_and_the_scan_stays(network: Network) -> None:
    worker, head = await people(network)
    scan, other = [
        done(await worker.http.post("/attachments", files={"file": ("plik.pdf", pdf())}), 201)["id"] for _ in range(2)
    ]
    application = await opined(worker, attachments=[scan])
    issued = await step(head, application, "issue", case_mark="OPS.6", form={"attachments": [other]})
    assert [file["id"] for file in issued["client"]["attachments"]] == [scan, other]
    sent = done(await worker.http.get(f"/referrals/{issued['referral_id']}"))
    assert [file["id"] for file in sent["client"]["attachments"]] == [other]


async def test_an_application_holds_no_more_files_than_a_form_can_name(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    form = {"attachments": [str(uuid4()) for _ in range(10)]}
    body = {"held_on": HELD, "place": "OPS", "form": form}
    answer = await worker.http.post(f"/applications/{application['id']}/actions/record_interview", json=body)
    assert {code for _, code in errors(answer)} == {"attachment_unknown"}
    scan = done(await worker.http.post("/attachments", files={"file": ("plik.pdf", pdf())}), 201)["id"]
    other = await registered(worker, attachments=[scan])
    answer = await worker.http.post(f"/applications/{other['id']}/actions/record_interview", json=body)
    assert errors(answer) == [("form.attachments", "too_many_files")]


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


async def test_the_same_key_registers_one_application(network: Network) -> None:
    worker, _ = await people(network)
    body, headers = paper(worker), {"Idempotency-Key": str(uuid4())}
    first = done(await worker.http.post("/applications", json=body, headers=headers), 201)
    again = done(await worker.http.post("/applications", json=body, headers=headers), 201)
    assert again == first
    events = """
        select 1 from intake.outbox where headers ->> 'ce-subject' = $1 and headers ->> 'ce-type' like '%application%'
    """
    assert len(await rows(network, "ops", events, first["path_id"])) == 1
    other = await worker.http.post("/applications", json=body | {"urgency": "urgent"}, headers=headers)
    assert refused(other) == (422, "key_reused")


async def test_a_person_has_one_open_application_and_the_second_is_told_where_it_is(network: Network) -> None:
    worker, _ = await people(network)
    body = paper(worker)
    first = done(await worker.http.post("/applications", json=body), 201)
    second = await worker.http.post("/applications", json=body)
    assert refused(second) == (409, "application_open")
    assert second.json()["link"] == f"/api/v1/applications/{first['id']}"
    await step(worker, first, "withdraw", reason="withdrawn_by_person")
    done(await worker.http.post("/applications", json=body), 201)


async def test_of_two_registrations_at_once_one_is_refused(network: Network) -> None:
    worker, _ = await people(network)
    body = paper(worker)
    answers = await asyncio.gather(*(worker.http.post("/applications", json=body) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_known_client_is_named_by_id_and_everything_of_theirs_is_on_one_path(network: Network) -> None:
    worker, _ = await people(network)
    first = await registered(worker)
    await step(worker, first, "withdraw", reason="no_contact")
    body = paper(worker) | {"client": None, "client_id": first["client_id"]}
    again = done(await worker.http.post("/applications", json=body), 201)
    assert (again["client_id"], again["client"]["pesel"]) == (first["client_id"], first["client"]["pesel"])
    service = await worker.send("pup-myszkow", client=None, client_id=first["client_id"])
    assert service["path_id"] == again["path_id"]


async def test_a_client_who_is_corrected_meanwhile_is_referred_as_corrected(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker)
    address = f"/clients/{application['client_id']}"
    known = done(await worker.http.get(address))["known"]
    known["person"] |= {"family_name": "Poprawiona", "pesel": paper(worker)["client"]["pesel"], "birth_date": None}
    corrected = done(await worker.http.put(address, json=known))["known"]["person"]
    assert done(await worker.http.get(f"/applications/{application['id']}"))["client"]["family_name"] == "Poprawiona"
    issued = await step(head, application, "issue", case_mark="OPS.8", form={"expectations": "Praca."})
    assert issued["client_id"] == application["client_id"]
    sent = done(await worker.http.get(f"/referrals/{issued['referral_id']}"))["client"]
    assert (sent["family_name"], sent["pesel"]) == ("Poprawiona", corrected["pesel"])


def by_name(worker: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    """A person as somebody who has no PESEL at hand writes them down, and as the interview shows them to be."""
    whole = paper(worker)["client"]
    born = read_pesel(whole["pesel"], training=True).birth_date
    names = {name: whole[name] for name in ("given_name", "family_name")}
    return names | {"birth_date": str(born)}, names | {"pesel": whole["pesel"]}


async def test_a_pesel_learned_at_the_interview_is_the_same_clients(network: Network) -> None:
    worker, _ = await people(network)
    named, whole = by_name(worker)
    application = await registered(worker, client=named)
    draft = await worker.send("pup-myszkow", draft=True, client=named)
    held = await step(worker, application, "record_interview", held_on=HELD, place="OPS", form={"client": whole})
    assert (held["client_id"], held["client"]["pesel"]) == (application["client_id"], whole["pesel"])
    client = done(await worker.http.get(f"/clients/{application['client_id']}"))
    assert (client["version"], client["known"]["person"]["pesel"]) == (2, whole["pesel"])
    assert [each["id"] for each in client["referrals"]] == [draft["id"]]
    again = await worker.http.post("/applications", json=paper(worker, client=whole))
    assert refused(again) == (409, "application_open")
    assert again.json()["link"] == f"/api/v1/applications/{application['id']}"


async def test_an_identity_that_another_client_has_is_refused_with_a_link_until_they_are_merged(
    network: Network,
) -> None:
    worker, head = await people(network)
    named, whole = by_name(worker)
    application = await registered(worker, client=named)
    sent = await worker.send("pup-myszkow", client=whole)
    (other,) = done(await worker.http.post("/clients/search", json={"pesel": whole["pesel"]}))["items"]
    address = f"/applications/{application['id']}"
    body = {"held_on": HELD, "place": "OPS", "form": {"client": whole}}
    answer = await worker.http.post(f"{address}/actions/record_interview", json=body)
    assert refused(answer) == (409, "client_exists")
    assert answer.json()["link"] == f"/api/v1/clients/{other['client_id']}"
    assert done(await worker.http.get(address)) == application
    wish = {"into": other["client_id"], "reason": "Ta sama osoba."}
    done(await head.http.post(f"/clients/{application['client_id']}/merge", json=wish), 201)
    held = await step(worker, application, **{"action": "record_interview"} | body)
    assert held["client_id"] == other["client_id"]
    client = done(await worker.http.get(f"/clients/{other['client_id']}"))
    assert [each["id"] for each in client["referrals"]] == [sent["id"]]


async def test_what_an_action_does_not_tell_again_leaves_a_correction_of_the_client_alone(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker, background={"occupation": "kucharz"})
    address = f"/clients/{application['client_id']}"
    known = done(await worker.http.get(address))["known"]
    done(await worker.http.put(address, json=known | {"background": {"occupation": "piekarz"}}))
    await step(worker, application, "record_interview", held_on=HELD, place="OPS", form={"expectations": "Praca."})
    assert done(await worker.http.get(address))["known"]["background"]["occupation"] == "piekarz"


async def test_a_member_of_the_household_named_by_an_id_is_a_client_of_the_ops(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    form = {"household": [{"relation": "child", "client_id": str(uuid4())}]}
    body = {"held_on": HELD, "place": "OPS", "form": form}
    answer = await worker.http.post(f"/applications/{application['id']}/actions/record_interview", json=body)
    assert errors(answer) == [("form.household.0.client_id", "client_unknown")]


@pytest.mark.parametrize("changed", ["merged", "corrected"])
async def test_an_application_in_flight_while_its_client_changes_ends_in_order_with_nobody_left_over(
    network: Network, changed: str
) -> None:
    club, head = network.office("owes-jowes"), await network.person("ops-poraj", "OPS_HEAD")
    named, whole = by_name(head)
    mine = await head.send("cis-poraj", client=named)
    gone = await client_of(network, "ops", mine)
    async with road_closed(network, "owes"):
        sent = await club.send("ops-poraj", kind="application", consent=CONSENT, client=named)
        sender = await client_of(network, "owes", sent)
        known = done(await club.http.get(f"/clients/{sender}"))["known"] | {"person": whole}
        done(await club.http.put(f"/clients/{sender}", json=known))
        if changed == "merged":
            other = await head.send("pup-myszkow", client=whole)
            kept = await client_of(network, "ops", other)
            wish = {"into": kept, "reason": "Ta sama osoba."}
            done(await head.http.post(f"/clients/{gone}/merge", json=wish), 201)
            referrals = {mine["id"], other["id"]}
        else:
            kept, referrals = gone, {mine["id"]}
            known = done(await head.http.get(f"/clients/{gone}"))["known"]
            known["person"] |= {"phone": "+48 000 222 333"}
            done(await head.http.put(f"/clients/{gone}", json=known))
    await club.has(sent["id"], status="delivered")
    done(await head.act(sent["id"], "claim"))
    done(await head.act(sent["id"], "accept"))
    assert (await club.has(sent["id"], status="accepted"))["version"] == 4
    application = await eventually(lambda: taken_from(head, sent["id"]))
    assert (application["client_id"], application["path_id"]) == (kept, sent["path_id"])
    client = done(await head.http.get(f"/clients/{kept}"))
    assert [each["id"] for each in client["applications"]] == [application["id"]]
    assert {each["id"] for each in client["referrals"]} == referrals
    assert done(await head.http.get(f"/clients/{gone}"))["id"] == kept
    assert [each["id"] for each in done(await club.http.get(f"/clients/{sender}"))["referrals"]] == [sent["id"]]
    assert await client_of(network, "owes", sent) == sender


async def client_of(network: Network, node: str, referral: dict[str, Any]) -> str:
    """The client whose referral this is."""
    (row,) = await rows(network, node, "select client_id from intake.referral where id = $1", referral["id"])
    return str(row["client_id"])


async def taken_from(office: Office, referral_id: str) -> dict[str, Any] | None:
    """The application that an electronic one became."""
    items = done(await office.http.get("/applications"))["items"]
    return next((item for item in items if item["source_id"] == referral_id), None)


async def test_a_negative_opinion_is_never_issued(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker, "negative")
    shown = done(await head.http.get(f"/applications/{application['id']}"))
    assert actions(shown) == {"refuse", "withdraw"}
    answer = await head.http.post(f"/applications/{application['id']}/actions/issue", json={"case_mark": "OPS.1"})
    assert refused(answer) == (409, "illegal_action")
    assert "art. 12 ust. 2" in answer.json()["title"]
    ended = await step(head, application, "refuse", reason="negative_opinion")
    assert (ended["status"], ended["reason"], ended["referral_id"]) == ("refused", "negative_opinion", None)


async def test_a_social_worker_does_not_issue_and_a_head_gives_no_opinion(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker)
    answer = await worker.http.post(f"/applications/{application['id']}/actions/issue", json={"case_mark": "OPS.1"})
    assert refused(answer) == (403, "role_not_allowed")
    fresh = await registered(worker)
    answer = await head.http.post(f"/applications/{fresh['id']}/actions/record_interview", json={"held_on": HELD})
    assert refused(answer) == (403, "role_not_allowed")


async def test_a_deputy_issues(network: Network) -> None:
    worker, _ = await people(network)
    deputy = await network.person("ops-poraj", "OPS_DEPUTY")
    issued = await step(deputy, await opined(worker), "issue", case_mark="OPS.2")
    assert issued["issued_by"] == "OPS_DEPUTY"


async def test_who_did_each_step_is_on_record_and_a_deputy_is_no_head(network: Network) -> None:
    worker, _ = await people(network)
    deputy = await network.person("ops-poraj", "OPS_DEPUTY")
    application = await opined(worker)
    await step(deputy, application, "issue", case_mark="OPS.11")
    shown = done(await worker.http.get(f"/applications/{application['id']}"))
    assert [(taken["action"], taken["actor"], taken["role"]) for taken in shown["steps"]] == [
        ("register", "ops-social-worker@ops-poraj", "OPS_SOCIAL_WORKER"),
        ("record_interview", "ops-social-worker@ops-poraj", "OPS_SOCIAL_WORKER"),
        ("give_opinion", "ops-social-worker@ops-poraj", "OPS_SOCIAL_WORKER"),
        ("issue", "ops-deputy@ops-poraj", "OPS_DEPUTY"),
    ]
    assert [taken["at"] for taken in shown["steps"]][::3] == [shown["registered_at"], shown["decided_at"]]


async def test_the_token_of_an_ops_stands_for_no_role(network: Network) -> None:
    ops = network.office("ops-poraj")
    issued = await step(ops, await opined(ops), "issue", case_mark="OPS.12")
    assert {(taken["actor"], taken["role"]) for taken in issued["steps"]} == {("ops-poraj", None)}
    assert issued["issued_by"] is None


async def test_of_two_who_issue_at_once_one_does(network: Network) -> None:
    worker, head = await people(network)
    application = await opined(worker)
    address, body = f"/applications/{application['id']}/actions/issue", {"case_mark": "OPS.4"}
    answers = await asyncio.gather(*(head.http.post(address, json=body) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    sent = "select 1 from intake.referral where client_id = $1"
    assert len(await rows(network, "ops", sent, application["client_id"])) == 1


async def test_what_a_referral_lacks_is_told_at_the_field_where_the_action_takes_it(network: Network) -> None:
    worker, head = await people(network)
    application = await registered(worker)
    await step(worker, application, "record_interview", held_on=HELD, place="OPS")
    await step(worker, application, "give_opinion", opinion=OPINION)
    address = f"/applications/{application['id']}/actions/issue"
    answer = await head.http.post(address, json={"case_mark": "OPS.3"})
    assert {field for field, _ in errors(answer)} >= {"form.grounds", "form.general_clause", "form.labour.benefits"}
    files = {"case_mark": "OPS.3", "form": {"attachments": [str(uuid4())]}}
    assert errors(await head.http.post(address, json=files)) == [("form.attachments.0", "attachment_unknown")]
    unchanged = done(await head.http.get(f"/applications/{application['id']}"))
    assert (unchanged["status"], unchanged["version"]) == ("opinion_given", 3)
    assert errors(await head.http.post(address, json={})) == [("case_mark", "missing")]
    issued = await step(head, application, "issue", case_mark="OPS.3", form=learned(worker))
    assert issued["version"] == 4


async def test_an_opinion_follows_the_interview_on_record(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    address = f"/applications/{application['id']}/actions"
    early = await worker.http.post(f"{address}/give_opinion", json={"opinion": OPINION})
    assert refused(early) == (409, "illegal_action")
    await step(worker, application, "record_interview", held_on=HELD, place="OPS")
    other = OPINION | {"interview_on": "2026-05-26"}
    assert errors(await worker.http.post(f"{address}/give_opinion", json={"opinion": other})) == [
        ("opinion.interview_on", "interview_differs")
    ]
    before = OPINION | {"issued_on": "2026-05-20"}
    assert errors(await worker.http.post(f"{address}/give_opinion", json={"opinion": before})) == [
        ("opinion.interview_on", "interview_after_opinion")
    ]


@pytest.mark.parametrize(
    ("action", "body", "wrong"),
    [
        ("record_interview", {"held_on": "2026-05-01", "place": "OPS"}, ("held_on", "before_receipt")),
        ("record_interview", {"held_on": "2130-01-01", "place": "OPS"}, ("held_on", "future_date")),
        ("record_interview", {"held_on": HELD}, ("place", "missing")),
        ("schedule_interview", {"on": "2026-05-01", "place": "OPS"}, ("on", "past_date")),
        ("schedule_interview", {"on": "2130-01-01"}, ("place", "missing")),
        ("withdraw", {}, ("reason", "reason_required")),
        ("withdraw", {"reason": "mood"}, ("reason", "unknown_reason")),
        ("withdraw", {"reason": "other"}, ("note", "note_required")),
        ("withdraw", {"reason": "no_contact", "case_mark": "X"}, ("case_mark", "not_of_this_action")),
    ],
)
async def test_a_step_that_cannot_be_is_refused_by_field(
    network: Network, action: str, body: dict[str, Any], wrong: tuple[str, str]
) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    answer = await worker.http.post(f"/applications/{application['id']}/actions/{action}", json=body)
    assert errors(answer) == [wrong]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"received_on": "2130-01-01"}, ("received_on", "future_date")),
        ({"received_on": "0001-01-01"}, ("received_on", "too_long_ago")),
        ({"applicant": {"kind": "pup", "name": "PUP"}}, ("applicant.kind", "applicant_unknown")),
        ({"applicant": {"kind": "pcpr"}, "consent": CONSENT}, ("applicant.name", "missing")),
        ({"applicant": {"kind": "pcpr", "party": "nobody"}, "consent": CONSENT}, ("applicant.party", "party_unknown")),
        (
            {"applicant": {"kind": "pcpr", "party": "pup-myszkow"}, "consent": CONSENT},
            ("applicant.kind", "applicant_differs"),
        ),
        (
            {"applicant": {"kind": "ngo", "party": "cis-poraj"}, "consent": CONSENT},
            ("applicant.kind", "applicant_differs"),
        ),
        (
            {"applicant": {"kind": "pcpr", "party": "praktyki-myszkow"}, "consent": CONSENT},
            ("applicant.kind", "applicant_differs"),
        ),
        ({"receiver": "pup-myszkow"}, ("receiver", "not_for_applications")),
        ({"receiver": "nobody"}, ("receiver", "receiver_unknown")),
        ({"client": None}, ("client", "missing")),
        ({"attachments": [str(uuid4())]}, ("attachments.0", "attachment_unknown")),
    ],
)
async def test_an_application_that_cannot_be_registered_is_refused_by_field(
    network: Network, changes: dict[str, Any], wrong: tuple[str, str]
) -> None:
    worker, _ = await people(network)
    assert errors(await worker.http.post("/applications", json=paper(worker, **changes))) == [wrong]


async def test_a_returned_application_goes_on_where_it_was(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    await step(worker, application, "record_interview", held_on=HELD, place="OPS")
    returned = await step(worker, application, "return_for_completion", reason="signature_missing", note="Strona 2.")
    assert (returned["status"], actions(returned)) == ("returned", {"complete", "withdraw"})
    assert [due["rule"] for due in returned["due"]] == ["completion"]
    completed = await step(worker, application, "complete", form={"expectations": "Praca blisko domu."})
    assert (completed["status"], completed["reason"], completed["note"]) == ("interviewed", None, None)
    assert completed["client"]["expectations"] == "Praca blisko domu."
    assert completed["client"]["family_name"] == application["client"]["family_name"]


async def test_a_stale_step_is_refused_and_changes_nothing(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    address, reason = f"/applications/{application['id']}", {"reason": "no_contact"}
    shown = await worker.http.get(address)
    assert shown.headers["ETag"] == '"1"'
    await step(worker, application, "schedule_interview", on="2130-01-07", place="OPS")
    stale = await worker.http.post(f"{address}/actions/withdraw", json=reason, headers={"If-Match": '"1"'})
    assert refused(stale) == (412, "stale")
    assert done(await worker.http.get(address))["status"] == "interview_planned"


async def test_an_application_is_its_ops_own(network: Network) -> None:
    worker, _ = await people(network)
    application = await registered(worker)
    other = network.office("ops-myszkow")
    assert (await other.http.get(f"/applications/{application['id']}")).status_code == 404
    answer = await other.http.post(f"/applications/{application['id']}/actions/withdraw", json={"reason": "no_contact"})
    assert answer.status_code == 404
    listed = (await other.http.get("/applications")).json()["items"]
    assert application["id"] not in [item["id"] for item in listed]
    centre = network.office("cis-poraj")
    assert refused(await centre.http.post("/applications", json=paper(centre))) == (403, "role_not_allowed")


async def test_neither_the_person_nor_the_applicant_is_in_the_clear_in_the_database(network: Network) -> None:
    worker, _ = await people(network)
    applicant = {"kind": "therapy_unit", "party": "poradnia-myszkow"}
    application = await registered(worker, applicant=applicant, consent=CONSENT)
    await step(worker, application, "withdraw", reason="no_contact")
    secrets = ("therapy_unit", "poradnia", application["client"]["family_name"], application["client"]["pesel"])
    kept = await rows(network, "ops", "select * from intake.application where id = $1", application["id"])
    kept += await rows(network, "ops", "select * from intake.notice where agency = $1", "ops-poraj")
    told = "select convert_from(body, 'UTF8') as body from intake.outbox where headers ->> 'ce-subject' = $1"
    kept += await rows(network, "ops", told, application["path_id"])
    clear = " ".join(str(value) for row in kept for name, value in row.items() if not name.startswith("sealed_"))
    assert str(application["id"]) in clear
    assert [secret for secret in secrets if secret in clear] == []
