"""Canaries: people made up for this test go through everything, and then no place that is not sealed knows them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.kit.pesel import training_pesel
from tests.nodes import TODAY, Network, Office, eventually
from tests.services.database import administrator, rows
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
    "canary question 753",
    "canary answer 753",
    "canary note 753",
    "canary withdrawal 753",
)
NODES = ("ops", "pup", "cis", "owes", "path")


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
    opinion = poraj.body("cis-poraj")["opinion"] | {"result": "with_conditions", "conditions": "canary conditions 753"}
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
    draft = await poraj.send("owes-jowes", draft=True, **_canary(pesel=None, birth_date="1987-06-01"))
    return [asked, withdrawn, draft["id"]]


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
        assert _found(answer.content, CANARIES) == []


def _forms(word: str) -> Iterable[bytes]:
    """A text as it may lie in a file: as it is, in hexadecimal, escaped for JSON."""
    yield word.encode()
    yield word.encode().hex().encode()
    yield word.encode("unicode_escape")


def _found(content: bytes, words: Iterable[str]) -> list[str]:
    return [word for word in words if any(form in content for form in _forms(word))]


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
        assert {name: found for name, rows in tables.items() if (found := _found(rows, CANARIES))} == {}
    assert _found((await _tables(network, "ops"))["intake.referral"], referrals) == referrals
    assert _found((await _tables(network, "ops"))["intake.outbox"], [referrals[0]]) == [referrals[0]]

    async def written() -> bool:
        blocks = [content for path, content in _files(network.data / "nats") if path.suffix == ".blk"]
        return all(_found(b"".join(blocks), [referral]) for referral in referrals[:2])

    await eventually(written)
    assert {path: found for path, content in _files(network.data) if (found := _found(content, CANARIES))} == {}
    logged = capsys.readouterr().out
    assert "canary_control" in logged
    assert _found(logged.encode(), CANARIES) == []


async def test_metrics_and_documents_name_no_person(network: Network) -> None:
    sent = await network.office("ops-poraj").send(
        "cis-poraj", **_canary(pesel=training_pesel(TODAY.replace(year=1988), 1))
    )
    words = (*CANARIES, sent["client"]["pesel"], sent["id"])
    for path in ("/metrics", "/asyncapi", "/openapi.json", "/ready"):
        answer = await network.clients["ops"].get(f"http://node{path}")
        assert _found(answer.content, words) == []
