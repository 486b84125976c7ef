"""Traces: one request is one trace through all nodes, and no span names a person. Without a collector: nothing."""

import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.kit import tracing
from services.kit.delivery import Delivery
from services.kit.pesel import training_pesel
from services.kit.taking import carried, taking
from tests.kit.collector import Collector, attributes, collecting
from tests.kit.examples import body, envelope, submitted
from tests.nodes import TODAY, Network, eventually

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PESEL = training_pesel(TODAY.replace(year=1986), 4711)
CANARY = {
    "client": {
        "given_name": "Żółciejewska",
        "family_name": "Kanarkowska",
        "pesel": PESEL,
        "phone": "+48 000 753 159",
        "email": "kanarkowska@example.org",
        "address": {"street": "Klatkowa 753", "town": "Poraj"},
    },
    "reason": "canary reason 753",
}
WORDS = ("ółciejewska", "anarkowska", PESEL, "753 159", "reason 753", "latkowa")


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that this process traces to."""
    with collecting() as running:
        monkeypatch.setenv(tracing.ENDPOINT, running.url)
        tracing.configure("test")
        try:
            yield running
        finally:
            tracing.close()


def _delivery(traceparent: str | None) -> Delivery:
    event = submitted()
    headers = envelope(event).headers() | ({tracing.HEADER: traceparent} if traceparent else {})
    return Delivery.of("ev.ops.cis.intake.referral_submitted", headers, body(event))


def test_without_a_collector_nothing_is_traced_and_no_header_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tracing.ENDPOINT, raising=False)
    tracing.configure("test")
    delivery = _delivery(PARENT)
    with tracing.span("request"), taking("cis", "referral", delivery):
        assert tracing.current() is None
        assert carried("cis", delivery.envelope) == {}
        assert tracing.onward({"a": "b"}) == {"a": "b"}


def test_an_event_goes_on_with_the_trace_in_its_headers(collector: Collector) -> None:
    with taking("cis", "referral", _delivery(PARENT)):
        pass
    tracing.close()
    (span,) = collector.spans
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == tuple(PARENT.split("-")[1:3])
    found = attributes(span)
    assert (span.name, found["sciezka.node"], found["sciezka.outcome"]) == (
        "receive intake.referral_submitted",
        "cis",
        "applied",
    )


def test_a_letter_goes_on_from_the_event_that_caused_it_whoever_does_the_work(collector: Collector) -> None:
    """Events are taken in together, in the course of one of them."""
    first, second = _delivery(None), _delivery(PARENT)
    with taking("cis", "referral", second), taking("cis", "referral", first):
        (traceparent,) = carried("cis", second.envelope).values()
        assert traceparent.split("-")[1] == PARENT.split("-")[1]
        assert carried("cis", first.envelope)[tracing.HEADER] == tracing.current() != traceparent
        assert carried("pup", second.envelope)[tracing.HEADER] == tracing.current()


def test_an_error_is_told_by_its_class_only(collector: Collector) -> None:
    with pytest.raises(ValueError, match="Kanarkowska"), tracing.span("request"):
        raise ValueError("Kanarkowska")
    tracing.close()
    (span,) = collector.spans
    assert (attributes(span)["error.type"], span.status.code, list(span.events)) == ("ValueError", 2, [])
    assert b"anarkowska" not in b"".join(collector.bodies)


def test_a_collector_that_is_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as gone:
        monkeypatch.setenv(tracing.ENDPOINT, gone.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    tracing.configure("test")
    try:
        with tracing.span("request"):
            assert tracing.current() is not None
    finally:
        tracing.close()
    assert tracing.current() is None


def test_opentelemetry_knows_no_global_provider_of_ours(collector: Collector) -> None:
    """With one, FastAPI would add spans with the address as somebody typed it."""
    trace = sys.modules["opentelemetry.trace"]
    assert type(trace.get_tracer_provider()).__name__ == "ProxyTracerProvider"


async def test_one_post_is_one_trace_through_edge_relay_receiver_and_path_and_names_nobody(
    network: Network, collector: Collector
) -> None:
    answer = await network.office("ops-poraj").create("pup-myszkow", **CANARY)
    assert answer.status_code == 201
    referral = answer.json()["id"]
    assert await eventually(lambda: network.office("pup-myszkow").get(referral))
    await network.office("pup-myszkow").act(str(uuid4()), "claim")

    async def everywhere() -> bool:
        assert tracing._provider is not None
        tracing._provider.force_flush()
        names = {(attributes(span)["sciezka.node"], span.name.split(" ")[0]) for span in _trace_of_post(collector)}
        return names >= {
            ("ops", "POST"),
            ("ops", "publish"),
            ("pup", "receive"),
            ("pup", "publish"),
            ("path", "receive"),
            ("path", "wake"),
            ("ops", "receive"),
        }

    await eventually(everywhere)
    trace = _trace_of_post(collector)
    known = {span.span_id for span in trace}
    assert [span.name for span in trace if not span.parent_span_id] == ["POST /api/v1/referrals"]
    assert {span.parent_span_id for span in trace if span.parent_span_id} <= known
    everything = b"".join(collector.bodies)
    assert [word for word in WORDS if word.encode() in everything] == []


def _trace_of_post(collector: Collector) -> list[object]:
    spans = collector.spans
    (post,) = (span for span in spans if span.name == "POST /api/v1/referrals")
    return [span for span in spans if span.trace_id == post.trace_id]
