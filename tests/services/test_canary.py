"""Canaries: people made up for this test go through everything, and then no place that is not sealed knows them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.kit.pesel import training_pesel
from tests.nodes import TODAY, Network, Office, eventually
from tests.paper import Paper
from tests.services import living
from tests.services.applying import CONSENT, HELD, OPINION, registered, step
from tests.services.database import administrator, rows
from tests.services.files import pdf
from tests.services.steps import SOON, delivered, done

PESEL = training_pesel(TODAY.replace(year=1987), 7531)
CANARIES = (
    "Kanarkowska",
    "Żółciejewska",
    PESEL,
    "+48 000 753 159",
    "kanarkowska@example.org",
    "Klatkowa 753",
    "canary reason 753",
    "canary expectations 753",
    "canary needs 753",
    "canary conditions 753",
    "canary reasons 753",
    "canary correction 753",
    "canary merge 753",
    "canary eyes 753",
    "canary route 753",
    "canary question 753",
    "canary answer 753",
    "canary note 753",
    "canary withdrawal 753",
    "canary applicant 753",
    "canary place 753",
    "canary findings 753",
    "canary mark 753",
    "canary file 753",
    "canary page 753",
    "canary room 753",
    "canary pause 753",
    "canary outcome 753",
    "canary reopening 753",
    "canary still ended 753",
    "canary summary 753",
    "canary refusal 753",
    "canary cancelling 753",
    "canary places 753",
)
ROOTS = ("canary ", "anarkowska", "ciejewska", PESEL, "000 753 159", "Klatkowa 753")
"""What has none of these has no canary: for the many files of a database, one look for all of them takes too long."""

NODES = ("ops", "pup", "cis", "owes", "path")


def test_every_canary_has_a_root() -> None:
    assert [word for word in CANARIES if not _found(word.encode(), ROOTS)] == []


def _canary(**changes: Any) -> dict[str, Any]:
    person = {
        "given_name": "Żółciejewska",
        "family_name": "Kanarkowska",
        "pesel": PESEL,
        "phone": "+48 000 753 159",
        "email": "kanarkowska@example.org",
        "address": {"street": "Klatkowa 753", "town": "Poraj"},
    }
    return {
        "client": person | changes,
        "reason": "canary reason 753",
        "expectations": "canary expectations 753",
        "accessibility_needs": "canary needs 753",
    }


async def _through_everything(network: Network) -> list[str]:
    """Every action and every refusal with canaries in it; returns the referrals' ids."""
    poraj, cis, pup = (network.office(slug) for slug in ("ops-poraj", "cis-poraj", "pup-myszkow"))
    told = {"result": "with_conditions", "conditions": "canary conditions 753", "reasons": "canary reasons 753"}
    opinion = poraj.body("cis-poraj")["opinion"] | told
    asked = await delivered(poraj, "cis-poraj", **_canary(), opinion=opinion, headers={"Idempotency-Key": "canary"})
    await _refused(poraj)
    done(await cis.act(asked, "claim"))
    done(await cis.act(asked, "ask", question="canary question 753", due_on=SOON))
    await poraj.has(asked, status="info_requested")
    done(await poraj.act(asked, "answer", text="canary answer 753"), 202)
    await cis.has(asked, status="in_review")
    done(await cis.act(asked, "decline", reason="other", note="canary note 753"))
    await poraj.has(asked, status="declined")
    withdrawn = await delivered(poraj, "pup-myszkow", **_canary())
    done(await poraj.act(withdrawn, "withdraw", reason="other", note="canary withdrawal 753"), 202)
    await pup.has(withdrawn, status="withdrawn")
    file = {"file": ("canary file 753.pdf", pdf(b"canary page 753" * 20_000))}
    named = (await poraj.http.post("/attachments", files=file)).json()["id"]
    accepted = await delivered(poraj, "cis-poraj", **_canary(), attachments=[named])
    done(await cis.act(accepted, "accept"))
    await _opened(cis, accepted, named)
    await _lived(poraj, cis, accepted)
    await _asked_for_places(poraj, cis)
    draft = await poraj.send("owes-jowes", draft=True, **_canary(pesel=None, birth_date="1987-06-01"))
    await _known_and_half_typed(poraj)
    await _applied(poraj)
    return [asked, withdrawn, draft["id"]]


async def _lived(poraj: Office, cis: Office, referral: str) -> None:
    """Canaries in every text that goes with the life of a referral after its acceptance."""
    done(await cis.act(referral, "schedule", meet_at=living.MEETING, place="canary room 753"))
    done(await cis.act(referral, "start", signed_on=living.TODAY))
    done(await cis.act(referral, "suspend", reason="other", note="canary pause 753", until=SOON))
    done(await cis.act(referral, "resume"))
    done(await cis.act(referral, "complete", outcome="none", evidence="document", note="canary outcome 753"))
    await poraj.has(referral, status="completed")
    await living.asked(poraj, referral, "ask_reopen", reason="other", note="canary reopening 753")
    unopened = done(await cis.act(referral, "refuse_reopen", reason="other", note="canary still ended 753"))
    await poraj.has(referral, version=unopened["version"])
    await living.asked(poraj, referral, "ask_reopen", reason="person_returned")
    done(await cis.act(referral, "reopen"))
    done(await cis.act(referral, "propose_return", reason="needs_changed", text="canary summary 753"))
    await poraj.has(referral, status="return_proposed")
    await living.asked(poraj, referral, "refuse_return", reason="other", note="canary refusal 753")
    await living.asked(poraj, referral, "request_cancel", reason="other", note="canary cancelling 753")
    done(await cis.act(referral, "confirm_cancel"))


async def _asked_for_places(poraj: Office, cis: Office) -> None:
    """A canary in the note of an answer."""
    body = {"receivers": ["cis-poraj"], "places": 1}
    (question,) = done(await poraj.http.post("/place-questions", json=body), 201)["items"]

    async def answered() -> bool:
        answer = {"free": 1, "note": "canary places 753"}
        found = await cis.http.post(f"/place-questions/{question['id']}/answer", json=answer)
        return found.status_code == 200

    await eventually(answered)


async def _known_and_half_typed(poraj: Office) -> None:
    """Canaries looked for, corrected and merged as clients, and in drafts that are right in nothing."""
    twin = _canary(pesel=None, birth_date="1987-06-01")["client"]
    await poraj.send("owes-jowes", client=twin)
    names = {name: twin[name] for name in ("given_name", "family_name", "birth_date")}
    (known,) = done(await poraj.http.post("/clients/search", json={"pesel": PESEL}))["items"]
    found = done(await poraj.http.post("/clients/search", json=names))["items"]
    (other,) = (each for each in found if each["person"]["pesel"] is None and "same_name_and_birth_date" in each["why"])
    url = f"/clients/{other['client_id']}"
    client = done(await poraj.http.get(url))["known"]
    done(await poraj.http.put(url, json=client | {"accessibility_needs": "canary correction 753"}))
    merge = {"into": known["client_id"], "reason": "canary merge 753"}
    done(await poraj.http.post(f"{url}/merge", json=merge), 201)
    half = {"draft": True, "client": {"pesel": PESEL, "eyes": "canary eyes 753"}, "route": "canary route 753"}
    draft = done(await poraj.http.post("/referrals", json=half), 201)
    assert (await poraj.act(draft["id"], "submit")).status_code == 422


async def _applied(poraj: Office) -> None:
    """Canaries who apply, through an institution without an account, until that is told on paper what became of it."""
    applicant = {"kind": "therapy_unit", "name": "canary applicant 753", "mark": "canary mark 753"}
    application = await registered(poraj, **_canary(), applicant=applicant, consent=CONSENT)
    await step(poraj, application, "record_interview", held_on=HELD, place="canary place 753")
    await step(poraj, application, "give_opinion", opinion=OPINION | {"findings": "canary findings 753"})
    await step(poraj, application, "withdraw", reason="other", note="canary note 753")
    (notice,) = (
        item
        for item in done(await poraj.http.get("/notices", params={"box": "given"}))["items"]
        if item["client"]["number"] == application["number"]
    )
    letter = await poraj.http.get(f"/notices/{notice['id']}/print")
    assert "canary applicant 753" in Paper(letter.content).text


async def _opened(cis: Office, referral: str, attachment: str) -> None:
    address = f"/referrals/{referral}/attachments/{attachment}/content"

    async def whole() -> bool:
        answer = await cis.http.get(address)
        return answer.status_code == 200 and b"canary page 753" in answer.content

    await eventually(whole)


async def _refused(poraj: Office) -> None:
    """Refusals of all kinds, each for a request with canaries."""
    for status, changes in (
        (409, _canary()),
        (422, _canary(pesel="87660175310")),
        (422, _canary(email="Kanarkowska")),
        (422, _canary() | {"receiver": "cis-nigdzie"}),
    ):
        body = poraj.body("cis-poraj") | changes
        answer = await poraj.http.post("/referrals", json=body)
        assert answer.status_code == status
        assert _canaries(answer.content) == []


def _forms(word: str) -> Iterable[bytes]:
    """A text as it may lie in a file: as it is, in hexadecimal, escaped for JSON."""
    yield from {word.encode(), word.encode().hex().encode(), word.encode("unicode_escape")}


def _found(content: bytes, words: Iterable[str]) -> list[str]:
    return [word for word in words if any(form in content for form in _forms(word))]


def _canaries(content: bytes) -> list[str]:
    return _found(content, CANARIES) if _found(content, ROOTS) else []


async def _tables(network: Network, node: str) -> dict[str, bytes]:
    """Every row of every table of a node's database, by table."""
    query = """
        select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')
    """
    names = [row["name"] for row in await rows(network, node, query)]
    async with administrator(network, node) as connection:
        return {
            name: "\n".join(
                row["row"] for row in await connection.fetch(f"select t::text as row from {name} t")
            ).encode()
            for name in names
        }


def _files(folder: Path) -> Iterable[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


async def test_no_table_file_or_log_names_a_person(network: Network, capsys: pytest.CaptureFixture[str]) -> None:
    referrals = await _through_everything(network)
    structlog.get_logger().warning("canary_control")
    for node in NODES:
        tables = await _tables(network, node)
        assert {name: found for name, rows in tables.items() if (found := _canaries(rows))} == {}
    tables = await _tables(network, "ops")
    assert _found(tables["intake.referral"], referrals) == referrals[:2]
    assert _found(tables["intake.draft"], referrals) == referrals[2:]
    assert _found(tables["intake.outbox"], [referrals[0]]) == [referrals[0]]

    async def written() -> bool:
        blocks = [content for path, content in _files(network.data / "nats") if path.suffix == ".blk"]
        return all(_found(b"".join(blocks), [referral]) for referral in referrals[:2])

    await eventually(written)
    assert {path: found for path, content in _files(network.data) if (found := _canaries(content))} == {}
    logged = capsys.readouterr().out
    assert "canary_control" in logged
    assert _canaries(logged.encode()) == []


async def test_metrics_and_documents_name_no_person(network: Network) -> None:
    sent = await network.office("ops-poraj").send(
        "cis-poraj", **_canary(pesel=training_pesel(TODAY.replace(year=1988), 1))
    )
    words = (*CANARIES, sent["client"]["pesel"], sent["id"])
    for path in ("/metrics", "/asyncapi", "/openapi.json", "/ready"):
        answer = await network.clients["ops"].get(f"http://node{path}")
        assert _found(answer.content, words) == []
