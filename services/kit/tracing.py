"""Traces: one trace from the request through the road to the path, sent to an OTLP collector when there is one.

Without `OTEL_EXPORTER_OTLP_ENDPOINT` nothing is imported and every call here costs one `if`. A trace travels as W3C
`traceparent` (w3.org/TR/trace-context) in a header of the letter. Spans carry ids and codes only, and of an error its
class, never its text. The provider is ours alone and not OpenTelemetry's global one: with that, FastAPI would add spans
of its own, with the address and the query as somebody typed them.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""Where the collector is, `http://host:4318`; the other `OTEL_` variables are read by OpenTelemetry itself."""

HEADER = "traceparent"

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Codes = Mapping[str, str | int]
"""Attributes of a span: ids, codes, numbers. Never a text that somebody typed."""

_NOTHING: AbstractContextManager[None] = nullcontext()
_provider: "TracerProvider | None" = None
_tracer: "Tracer | None" = None


def configure(name: str) -> None:
    """Begin to trace under this name when the environment says where to. Once in a process, after any fork."""
    global _provider, _tracer
    if not os.environ.get(ENDPOINT):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": name, "service.namespace": "sciezka"})
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("sciezka")


def close() -> None:
    """Send what is still held back, and trace no more. Takes some seconds when the collector is away."""
    global _provider, _tracer
    if _provider is not None:
        _provider.shutdown()
    _provider = _tracer = None


def span(
    name: str, codes: Codes | None = None, *, kind: Kind = "internal", parent: str | None = None
) -> AbstractContextManager[None]:
    """A span around a block: below the `traceparent` of another process, or below the current one."""
    return _NOTHING if _tracer is None else _span(_tracer, name, codes or {}, kind, parent)


def note(codes: Codes, *, name: str | None = None) -> None:
    """What is known at the end of the current span only: more attributes, a better name."""
    if _tracer is not None:
        from opentelemetry.trace import get_current_span

        found = get_current_span()
        found.set_attributes(dict(codes))
        if name is not None:
            found.update_name(name)


def current() -> str | None:
    """The `traceparent` of the current span; None outside of a trace."""
    return None if _tracer is None else _traceparent()


def onward(headers: Mapping[str, str]) -> dict[str, str]:
    """These headers with the current span as the one to go on from; as they are outside of a trace."""
    found = current()
    return {**headers, HEADER: found} if found else dict(headers)


@contextmanager
def _span(tracer: "Tracer", name: str, codes: Codes, kind: Kind, parent: str | None) -> Iterator[None]:
    from opentelemetry.trace import SpanKind, use_span
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({HEADER: parent}) if parent else None
    opened = tracer.start_span(name, context, SpanKind[kind.upper()], dict(codes))
    try:
        with use_span(opened, record_exception=False, set_status_on_exception=False):
            yield
    except BaseException as error:
        _failed(opened, error)
        raise
    finally:
        opened.end()


def _failed(opened: "Span", error: BaseException) -> None:
    from opentelemetry.trace import StatusCode

    opened.set_attribute("error.type", type(error).__name__)
    opened.set_status(StatusCode.ERROR)


def _traceparent() -> str | None:
    from opentelemetry.trace import get_current_span

    context = get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"
