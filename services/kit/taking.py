"""The taking in of one event, seen from outside: its span, its log line, its counts, and what became of it.

Events of several callers may be taken in together, in the course of one of them; so what belongs to an event is found
by its id here, and not in the context of whoever does the work.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol
from uuid import UUID

import structlog
from prometheus_client import Histogram

from contracts.envelope import Envelope
from contracts.events import REGISTRY
from services.kit import correlation, tracing

log = structlog.get_logger()

APPLIED = "applied"
FAILED = "failed"

_SECONDS = Histogram(
    "sciezka_event_seconds",
    "Time to take in an event, by what became of it: applied, known, parked, ignored, unknown, failed",
    ["node", "service", "event", "outcome"],
)


class Arrived(Protocol):
    """A message whose envelope could be read: `services.kit.delivery.Delivery` is one."""

    @property
    def envelope(self) -> Envelope: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


@dataclass
class _Open:
    traceparent: str | None
    outcome: str


_open: dict[tuple[str, UUID], _Open] = {}


@contextmanager
def taking(node: str, service: str, arrived: Arrived) -> Iterator[None]:
    """Around the taking in of one event; `became` tells inside what came of it, otherwise it was applied."""
    envelope = arrived.envelope
    event = _name(envelope.type)
    codes = {
        "sciezka.node": node,
        "sciezka.service": service,
        "messaging.system": "nats",
        "messaging.message.id": str(envelope.id),
        "sciezka.path": str(envelope.subject),
        "sciezka.correlation": str(envelope.correlation_id),
    }
    started, key = perf_counter(), (node, envelope.id)
    with (
        correlation.followed([envelope.correlation_id]),
        tracing.span(f"receive {event}", codes, kind="consumer", parent=arrived.headers.get(tracing.HEADER)),
    ):
        mine = _open[key] = _Open(tracing.current(), APPLIED)
        cause: dict[str, str] = {}
        try:
            yield
        except BaseException as error:
            mine.outcome, cause = FAILED, {"cause": type(error).__name__}
            raise
        finally:
            if _open.get(key) is mine:
                del _open[key]
            taken = perf_counter() - started
            _SECONDS.labels(node, service, event, mine.outcome).observe(taken)
            tracing.note({"sciezka.outcome": mine.outcome})
            log.info(
                "event_taken",
                service=service,
                type=event,
                id=str(envelope.id),
                outcome=mine.outcome,
                ms=round(taken * 1000, 1),
                **cause,
            )


def became(node: str, event_id: UUID, outcome: str) -> None:
    """What came of an event that is being taken in: known, parked, ignored, unknown."""
    if found := _open.get((node, event_id)):
        found.outcome = outcome


def carried(node: str, cause: Envelope | None) -> dict[str, str]:
    """The header that takes the trace on with a letter: from the event that caused it, otherwise from the request."""
    found = _open.get((node, cause.id)) if cause else None
    traceparent = found.traceparent if found else tracing.current()
    return {tracing.HEADER: traceparent} if traceparent else {}


def _name(kind: str) -> str:
    """`referral.accepted`: the family and the event. What no contract knows has one name, so that names stay few."""
    model = REGISTRY.get(kind)
    return f"{model.family}.{model.name}" if model else "unknown"
