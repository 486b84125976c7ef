"""Applications (wnioski) at their OPS, over the public interface, on real nodes."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rules.calendar import local_day
from tests.nodes import Network, eventually
from tests.services.applying import CONSENT, GIVEN, HELD, OPINION, learned, opined, paper, people, registered, step
from tests.services.database import rows
from tests.services.files import pdf
from tests.services.steps import actions, done, errors, refused


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
