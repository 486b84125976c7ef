"""Logs and numbers: what belongs together bears one id, what is wrong is counted, and nobody is named."""

import json
import subprocess
import sys
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from services.kit import correlation
from services.kit.broker import make_broker
from services.kit.database import Database
from services.kit.measures import OF_EVERY_SERVICE
from services.kit.metrics import metrics
from tests.kit.examples import submitted
from tests.kit.road import SOURCE, TARGET, Road
from tests.kit.speaking import PERSON
from tests.nodes import Network, eventually

# --- logs ------------------------------------------------------------------------------------------------------------


@cache
def _said() -> tuple[str, list[dict[str, Any]]]:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.kit.speaking"], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr, [json.loads(line) for line in done.stdout.splitlines()]


def _lines(event: str, **wanted: object) -> list[dict[str, Any]]:
    return [line for line in _said()[1] if line["event"] == event and wanted.items() <= line.items()]


def test_every_line_is_json_with_time_level_and_node() -> None:
    everything, lines = _said()
    assert len(everything.splitlines()) == len(lines)
    assert all(line["node"] == "cis" and line["level"] and line["timestamp"].endswith("Z") for line in lines)


def test_a_request_is_one_line_with_the_template_of_its_route_and_not_its_address() -> None:
    (line,) = _lines("request", route="/people/{person}")
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["ms"] > 0
    assert [line["route"] for line in _lines("request")] == ["/people/{person}", "unmatched", "/fault"]
    assert [line["status"] for line in _lines("request")] == [200, 404, 500]


def test_lines_inside_a_request_bear_its_id_which_is_ours_and_told_to_the_client() -> None:
    ids = [line["request_id"] for line in _lines("answered")]
    assert len({UUID(found) for found in ids}) == 4
    assert all(UUID(found).version == 7 for found in ids)
    (inside, _) = _lines("inside")
    (request,) = _lines("request", route="/people/{person}")
    assert inside["correlation_id"] == request["correlation_id"] == ids[0]
    assert not any("correlation_id" in line for line in _lines("answered"))


def test_an_event_is_one_line_with_what_became_of_it_and_the_id_of_its_chain() -> None:
    parked, failed = _lines("event_taken")
    assert (parked["type"], parked["outcome"], "cause" in parked) == ("intake.referral_submitted", "parked", False)
    assert (failed["outcome"], failed["cause"]) == ("failed", "ValueError")
    (_, inside) = _lines("inside")
    assert inside["correlation_id"] == parked["correlation_id"] == parked["id"]


def test_what_is_no_plain_value_is_told_by_its_class() -> None:
    first, second = _lines("inside")
    assert UUID(first["path"])
    assert second["type"] == "Delivery"


def test_libraries_and_faults_are_told_without_the_texts_they_have_filled_in() -> None:
    filled, formatted = _lines("library")
    assert (filled["said"], filled["cause"], filled["level"]) == ("Cannot read %s", "ValueError", "error")
    assert filled["at"][0].startswith("tests/kit/speaking.py:")
    assert (formatted["said"], "cause" in formatted) == ("Cannot read", False)
    (fault,) = _lines("request", status=500)
    assert (fault["level"], fault["cause"]) == ("error", "ValueError")
    assert fault["at"][-1].endswith(" fault")


def test_no_line_names_a_person() -> None:
    everything, _ = _said()
    assert [word for word in PERSON.split() if word in everything] == []


def test_a_chain_of_several_events_is_named_with_all_of_them() -> None:
    one, other = uuid4(), uuid4()
    with correlation.followed([one, other, one]):
        assert correlation.current() is None
        with correlation.followed([other]):
            assert correlation.current() == other
    assert correlation.current() is None


# --- numbers ---------------------------------------------------------------------------------------------------------

Figures = dict[tuple[str, ...], float]


async def _figures(road: Road, database: Database, node: str = TARGET, service: str = "referral") -> Figures:
    """What `/metrics` would say: by name and the values of its labels (in the order of their names) but node
    and service."""
    broker = make_broker(node, road.nats.address, road.secrets.nats_password(node))
    await broker.connect()
    try:
        page = await metrics(node, broker, {service: database}, {service: OF_EVERY_SERVICE})
    finally:
        await broker.stop()
    return {
        (
            sample.name,
            *(value for label, value in sorted(sample.labels.items()) if label not in ("node", "service")),
        ): float(sample.value)
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


async def _run(database: Database, *statements: str) -> None:
    async with database.transaction() as session:
        for statement in statements:
            await session.execute(text(statement))


_ENTERED = """
    insert into inbox (id, source, family, linkseq, linkprev, linkhash, body_hash, aggregate_id, version, state)
    select gen_random_uuid(), 'ops', 'intake', seq, '', '', '', gen_random_uuid(), 1, 'applied' from unnest({}) as seq
"""


async def test_backlog_and_the_age_of_its_oldest_event_are_told(road: Road) -> None:
    await road.publish(submitted(), submitted())
    await _run(road.sender, "update outbox set created_at = now() - interval '100 seconds' where pos = 1")
    found = await _figures(road, road.sender, SOURCE, "intake")
    assert found["sciezka_outbox_unsent",] == 2
    assert 100 <= found["sciezka_outbox_oldest_seconds",] < 160


async def test_numbers_that_are_missing_on_a_link_are_counted(road: Road) -> None:
    cursor = (
        "insert into link_cursor (source, family, seq, hash) values ('ops', 'intake', 3, ''), ('pup', 'path', 7, '')"
    )
    await _run(road.receiver, cursor, _ENTERED.format("array[1, 2, 3, 6, 9]"))
    found = await _figures(road, road.receiver)
    assert found["sciezka_link_cursor", "intake", "ops"] == 3
    assert found["sciezka_link_gap", "intake", "ops"] == 4
    assert found["sciezka_link_gap", "path", "pup"] == 0


async def test_what_arrived_and_could_not_be_handled_is_not_missing(road: Road) -> None:
    failing = """
        insert into dead_letter (id, stream_seq, subject, headers, body, cause, attempts, state)
        select gen_random_uuid(), 1, subject, jsonb_build_object('ce-linkseq', number), '', '', 1, 'failing'
        from (values ('ev.ops.cis.intake.x', '2'), ('ev.ops.cis.intake.x', 'no number'), ('ev.pup.cis.intake.x', '3'))
            as arrived (subject, number)
    """
    cursor = "insert into link_cursor (source, family, seq, hash) values ('ops', 'intake', 1, '')"
    await _run(road.receiver, cursor, _ENTERED.format("array[1, 4]"), failing)
    found = await _figures(road, road.receiver)
    assert found["sciezka_link_gap", "intake", "ops"] == 1


async def test_events_without_a_receipt_are_counted_by_node(road: Road) -> None:
    await _run(
        road.sender,
        "insert into link_head (target, seq, hash) values ('cis', 10, ''), ('path', 4, '')",
        "insert into link_receipt (target, seq, hash, at, token) values ('cis', 7, '', now(), '')",
    )
    found = await _figures(road, road.sender)
    assert found["sciezka_link_head", "cis"] == 10
    assert (found["sciezka_link_unreceipted", "cis"], found["sciezka_link_unreceipted", "path"]) == (3, 4)


async def test_alarms_and_what_is_held_back_are_counted(road: Road) -> None:
    await _run(
        road.receiver,
        _ENTERED.format("array[1, 2, 3]"),
        "update inbox set state = case linkseq when 1 then 'unknown' else 'parked' end",
        "insert into link_alarm (kind, source, target, family, seq, settled_at)"
        " values ('chain', 'ops', 'cis', 'intake', 5, null), ('chain', 'ops', 'cis', 'intake', 6, now())",
        "insert into dead_letter (id, stream_seq, subject, headers, body, cause, attempts, state)"
        " select gen_random_uuid(), 1, '', '{}', '', '', 1, state"
        " from unnest(array['dead', 'failing', 'dead']) as state",
    )
    found = await _figures(road, road.receiver)
    assert found["sciezka_link_alarms", "chain"] == 1
    assert (found["sciezka_inbox_unknown",], found["sciezka_inbox_parked",]) == (1, 2)
    assert (found["sciezka_dead_letters",], found["sciezka_dead_letters_failing",]) == (2, 1)


async def test_what_waits_on_the_stream_is_told_by_consumer(road: Road) -> None:
    await road.publish(submitted(), submitted())
    await road.drain()
    found = await _figures(road, road.receiver)
    assert (found["sciezka_consumer_pending",], found["sciezka_consumer_unacknowledged",]) == (2, 0)
    assert found["sciezka_up", "nats"] == 1


async def test_a_database_that_is_down_is_told_and_the_rest_all_the_same(road: Road) -> None:
    await road.publish(submitted())
    await road.drain()
    away = Database(road.receiver.url.set(port=1))
    found = await _figures(road, away)
    assert (found["sciezka_up", "database referral"], found["sciezka_up", "nats"]) == (0, 1)
    assert found["sciezka_consumer_pending",] == 1
    assert ("sciezka_outbox_unsent",) not in found


async def test_a_broker_that_is_down_is_told_and_the_rest_all_the_same(road: Road) -> None:
    broker = make_broker(TARGET, road.nats.address, road.secrets.nats_password(TARGET))
    await broker.connect()
    async with road.nats.absent():
        page = await metrics(TARGET, broker, {"referral": road.receiver}, {"referral": OF_EVERY_SERVICE})
    await eventually(partial(broker.ping, 1))  # one that still reconnects cannot be stopped
    await broker.stop()
    assert 'sciezka_up{node="cis",part="nats"} 0.0' in page.decode()
    assert 'sciezka_up{node="cis",part="database referral"} 1.0' in page.decode()
    assert 'sciezka_outbox_unsent{node="cis",service="referral"} 0.0' in page.decode()


async def test_requests_are_counted_by_template_method_and_status(network: Network) -> None:
    """Never by address: a name that a stranger could choose would grow without end."""
    client = network.clients["owes"]
    for path in ("/referrals/a", "/referrals/b"):
        await client.get(path)
    await client.request("KANARKOWSKA", f"http://node/{PERSON}")
    page = (await client.get("http://node/metrics")).text
    counts = [
        line for line in page.splitlines() if line.startswith("sciezka_http_request_seconds_count{") and "owes" in line
    ]
    labels = 'method="GET",node="owes",route="/api/v1/referrals/{referral_id}",status="401"'
    assert f"sciezka_http_request_seconds_count{{{labels}}} 2.0" in counts
    assert [line for line in counts if 'method="other"' in line and 'route="unmatched"' in line]
    assert "KANARKOWSKA" not in page.upper()


async def test_the_path_node_tells_what_is_late_and_what_temporal_does_not_know_yet(network: Network) -> None:
    names = ("due_oldest_seconds", "facts_waiting", "facts_oldest_seconds", "untold_oldest_seconds")

    async def told() -> bool:  # a machine that is busy may leave some out once
        page = (await network.clients["path"].get("http://node/metrics")).text
        return all(f'sciezka_{name}{{node="path",service="path"}} ' in page for name in names)

    await eventually(told)
