"""Dead letters in running nodes: who sees them, who is told, what a decision does; at the API and in a terminal."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import nats
import pytest
import pytest_asyncio

from contracts.envelope import Envelope
from contracts.events import DeadLetterOpened, Event, ReferralSubmitted, ReminderDue
from contracts.subjects import PATH_NODE, inbox_prefix, stream_name
from services.kit.database import Database
from services.kit.dead_letters import DeadLetters, Message
from services.kit.letters import letters, wish
from stack import deadletters
from stack.errors import StackError
from tests.kit.examples import AT, body, envelope, submitted
from tests.nodes import Network, Office, eventually
from tests.services.steps import done, errors, refused

SERVICES = ("intake", "referral", "paths")
REASON = "Zdarzenie testowe"


@pytest_asyncio.fixture(autouse=True)
async def nothing_is_left(network: Network) -> AsyncIterator[None]:
    """Whatever a test of this file left dead is given up after it."""
    yield
    databases = [
        base.database(service)
        for node, base in network.bases.items()
        for service in (SERVICES if node != PATH_NODE else (PATH_NODE,))
    ]
    for database in databases:
        async with database.transaction() as session:
            for found in await letters(session):
                await wish(session, found.letter.id, "drop", by="test", reason=REASON)
    for database in databases:
        await eventually(lambda database=database: _is_done(database))


async def _is_done(database: Database) -> bool:
    async with database.transaction() as session:
        return await letters(session) == []


async def publish(network: Network, source: str, target: str, event: Event, content: bytes | None = None) -> Envelope:
    """The event on the road as node `source` publishes it; with another body than its own, if given."""
    base = network.bases[source]
    stamp = envelope(event)
    client = await nats.connect(
        base.settings.nats_url,
        user=source,
        password=base.secrets.nats_password(source),
        inbox_prefix=inbox_prefix(source),
    )
    try:
        subject = f"ev.{source}.{target}.{event.family}.{event.name}"
        stream = stream_name(target)
        await client.jetstream().publish(subject, content or body(event), stream=stream, headers=stamp.headers())
    finally:
        await client.close()
    return stamp


def sealed_for_somebody_else() -> ReferralSubmitted:
    """A referral from ops-poraj to cis-poraj that the CIS cannot open: a dead letter at once."""
    return submitted(sealed="eyJ.not.for.us")


async def waiting(office: Office, referral_id: UUID, **params: str) -> dict[str, Any]:
    """The letter about this referral, once the institution sees it in its list."""

    async def seen() -> dict[str, Any] | None:
        items = done(await office.http.get("/dead-letters", params=params))["items"]
        return next((each for each in items if each["referral_id"] == str(referral_id)), None)

    found: dict[str, Any] = await eventually(seen)
    return found


async def notice(office: Office, letter_id: str, **wanted: Any) -> dict[str, Any]:
    """The notice of this letter, once the institution has it like that."""

    async def seen() -> dict[str, Any] | None:
        items = done(await office.http.get("/notifications"))["items"]
        found = next((each for each in items if each["id"] == letter_id), None)
        return found if found and wanted.items() <= found.items() else None

    found: dict[str, Any] = await eventually(seen)
    return found


async def act(office: Office, letter_id: str, action: str, **body: Any) -> Any:
    return await office.http.post(f"/dead-letters/{letter_id}/actions/{action}", json=body)


async def test_the_head_of_the_institution_concerned_sees_it_is_told_of_it_and_may_give_it_up(network: Network) -> None:
    head = await network.person("cis-poraj", "CIS_HEAD")
    event = sealed_for_somebody_else()
    await publish(network, "ops", "cis", event)
    found = await waiting(head, event.referral_id)
    expected = {"node": "cis", "service": "referral", "state": "dead", "cause": "cannot_open", "agency": "cis-poraj"}
    assert expected.items() <= found.items()
    assert "zaszyfrowan" in found["sentence"].lower()
    shown = done(await head.http.get(f"/dead-letters/{found['id']}", headers={"Accept-Language": "en"}))
    assert (shown["event"]["sealed"], shown["event"]["sender"]) == ({"size": 14}, "ops-poraj")
    assert shown["sentence"].startswith("The sealed part cannot be opened")

    told = await notice(head, found["id"])
    assert {"kind": "dead_letter", "cause": "cannot_open", "node": "cis", "outcome": None}.items() <= told.items()
    assert (told["referral_id"], told["sentence"]) == (str(event.referral_id), found["sentence"])

    again = done(await act(head, found["id"], "retry"))
    assert (again["state"], again["attempts"], again["wish"]) == ("dead", 2, None)
    assert errors(await act(head, found["id"], "drop")) == [("reason", "missing")]
    assert errors(await act(head, found["id"], "drop", reason=" x ")) == [("reason", "string_too_short")]
    dropped = done(await act(head, found["id"], "drop", reason=REASON))
    assert (dropped["state"], dropped["reason"]) == ("dropped", REASON)
    assert dropped["decided_by"]
    await notice(head, found["id"], outcome="dropped")
    assert refused(await act(head, found["id"], "retry")) == (409, "letter_not_waiting")
    await waiting(head, event.referral_id, show="all")


async def test_nobody_else_sees_it_neither_a_caseworker_nor_another_head_of_the_node_nor_the_sender(
    network: Network,
) -> None:
    head = await network.person("cis-poraj", "CIS_HEAD")
    event = sealed_for_somebody_else()
    await publish(network, "ops", "cis", event)
    letter_id = (await waiting(head, event.referral_id))["id"]
    await notice(head, letter_id)
    worker = await network.person("cis-poraj", "CIS_SOCIAL_WORKER")
    assert refused(await worker.http.get("/dead-letters")) == (404, "not_found")
    others = [network.office(slug) for slug in ("cis-kozieglowy", "kis-zdunska-wola", "pup-myszkow", "ops-poraj")]
    for office in (worker, *others):
        assert refused(await office.http.get(f"/dead-letters/{letter_id}")) == (404, "not_found")
        assert refused(await act(office, letter_id, "retry")) == (404, "not_found")
        assert refused(await act(office, letter_id, "drop", reason=REASON)) == (404, "not_found")
    for office in others:
        assert letter_id not in (await office.http.get("/dead-letters", params={"show": "all"})).text
        assert letter_id not in (await office.http.get("/notifications")).text
    assert (await waiting(head, event.referral_id))["wish"] is None


async def test_the_list_goes_on_page_by_page(network: Network) -> None:
    head = await network.person("cis-poraj", "CIS_HEAD")
    sent = [sealed_for_somebody_else() for _ in range(52)]
    for event in sent:
        await publish(network, "ops", "cis", event)
    for event in sent[-2:]:
        await eventually(lambda event=event: _listed(head, event.referral_id))
    every = await _all(head)
    assert {str(event.referral_id) for event in sent} <= {each["referral_id"] for each in every}
    assert len({each["id"] for each in every}) == len(every)
    assert [each["first_at"] for each in every] == sorted(each["first_at"] for each in every)


async def _all(office: Office) -> list[dict[str, Any]]:
    page = done(await office.http.get("/dead-letters"))
    items: list[dict[str, Any]] = page["items"]
    while page["next"]:
        assert len(page["items"]) == 50
        page = done(await office.http.get("/dead-letters", params={"cursor": page["next"]}))
        items += page["items"]
    return items


async def _listed(office: Office, referral_id: UUID) -> bool:
    return str(referral_id) in {each["referral_id"] for each in await _all(office)}


def reminder() -> ReminderDue:
    """What the path node would tell cis-poraj, later than anything else, so that it heads the list."""
    return ReminderDue(
        path_id=uuid4(),
        version=1,
        at=AT.replace(year=AT.year + 10),
        agency="cis-poraj",
        referral_id=uuid4(),
        deadline_id=uuid4(),
        rule="decision",
        owner="cis-poraj",
        due_at=AT,
        audience="owner",
    )


async def test_a_retry_has_its_effect_in_the_rows_of_the_institution_concerned(network: Network) -> None:
    head = await network.person("cis-poraj", "CIS_HEAD")
    event = reminder()
    stamp = envelope(event, source=PATH_NODE)
    failed = Message(1, "ev.path.cis.path.reminder_due", stamp.headers(), body(event))
    await DeadLetters(network.bases["cis"].database("paths")).count_failure(failed, cause="LookupError", final=1)
    found = await waiting(head, event.referral_id)
    assert (found["service"], found["cause"]) == ("paths", "lookup_error")
    assert done(await act(head, found["id"], "retry"))["state"] == "resolved"
    told = await notice(head, str(stamp.id))
    assert (told["kind"], told["referral_id"]) == ("reminder_due", str(event.referral_id))
    await notice(head, found["id"], outcome="resolved")


async def test_the_path_node_tells_the_institution_that_wrote_the_message(network: Network) -> None:
    event = submitted(sealed=None)
    wrong = json.dumps(event.model_dump(mode="json") | {"urgency": "very"}).encode()
    await publish(network, "ops", PATH_NODE, event, wrong)
    head = network.office("ops-poraj")

    async def told() -> dict[str, Any] | None:
        items = done(await head.http.get("/notifications"))["items"]
        return next((each for each in items if each["referral_id"] == str(event.referral_id)), None)

    found: dict[str, Any] = await eventually(told)
    assert (found["kind"], found["node"], found["cause"]) == ("dead_letter", PATH_NODE, "validation_error")
    assert refused(await head.http.get(f"/dead-letters/{found['id']}")) == (404, "not_found")


async def test_a_notice_in_the_name_of_another_institution_is_a_dead_letter_and_no_notice(network: Network) -> None:
    """The path node and the institution's own node tell it of letters, and nobody else."""
    event = DeadLetterOpened(
        path_id=uuid4(),
        version=1,
        at=AT,
        letter_id=uuid4(),
        agency="cis-poraj",
        node="cis",
        service="referral",
        cause="cannot_open",
        referral_id=uuid4(),
    )
    await publish(network, "ops", "cis", event)
    head = await network.person("cis-poraj", "CIS_HEAD")
    assert event.referral_id is not None
    found = await waiting(head, event.referral_id)
    assert (found["service"], found["cause"]) == ("paths", "forged")
    assert str(event.letter_id) not in (await head.http.get("/notifications")).text
    assert found["id"] not in (await head.http.get("/notifications")).text


async def command(network: Network, *arguments: str) -> tuple[int, str]:
    """Exit code and output of `sciezka deadletters …`, as an operator runs it."""
    argv = (sys.executable, "-m", "stack", "deadletters", *arguments, "--data", str(network.data))
    process = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env={**os.environ, "COLUMNS": "160"}
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_the_command_lists_shows_retries_and_drops(network: Network) -> None:
    event = sealed_for_somebody_else()
    await publish(network, "ops", "cis", event)
    head = await network.person("cis-poraj", "CIS_HEAD")
    letter_id = (await waiting(head, event.referral_id))["id"]
    code, table = await command(network, "list")
    assert (code, letter_id in table, str(event.referral_id) in table) == (0, True, True)
    code, text = await command(network, "list", "--json")
    (listed,) = [each for each in json.loads(text) if each["id"] == letter_id]
    assert (code, listed["node"], listed["service"], listed["cause"]) == (0, "cis", "referral", "cannot_open")
    code, text = await command(network, "show", letter_id)
    assert (code, "Sprawdź klucze" in text, "eyJ" in text) == (0, True, False)
    code, text = await command(network, "retry", letter_id)
    assert (code, text.startswith("Znowu się nie udało")) == (1, True)
    code, text = await command(network, "drop", letter_id, "--reason", "x")
    assert (code, "od 3 do 500 znaków" in text) == (1, True)
    code, text = await command(network, "drop", letter_id, "--reason", REASON, "--json")
    dropped = json.loads(text)
    assert (code, dropped["state"], dropped["reason"]) == (0, "dropped", REASON)
    assert dropped["decided_by"].startswith("operator ")
    assert letter_id not in (await command(network, "list", "--json"))[1]
    assert letter_id in (await command(network, "list", "--json", "--all"))[1]
    code, text = await command(network, "retry", letter_id)
    assert (code, "nie czeka na decyzję" in text) == (1, True)


@pytest.mark.parametrize("given", ["7", str(UUID(int=7))])
async def test_an_id_that_is_none_is_said_so(network: Network, given: str) -> None:
    with pytest.raises(StackError, match="Nie ma takiego zdarzenia"):
        await deadletters.show(network.data, given)
