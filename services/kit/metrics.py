"""`/metrics`: the figures of each service and of its consumer, and whether what they come from could be reached.

A part that is down is told as such, and the rest is told all the same: figures are wanted most when something is wrong.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import nats.errors
import structlog
from faststream.nats import NatsBroker
from nats.js import JetStreamContext
from nats.js.errors import Error as JetStreamError
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text

from contracts.subjects import stream_name
from services.kit.database import Database
from services.kit.measures import Measure, together
from services.kit.outages import DATABASE_ERRORS

log = structlog.get_logger()

SECONDS = 3.0
"""How long one part may take to answer."""

_LAG = {
    "sciezka_consumer_pending": ("Messages not yet delivered to the service (lag)", "num_pending"),
    "sciezka_consumer_unacknowledged": ("Messages delivered and not yet finished with", "num_ack_pending"),
}


async def metrics(
    node: str,
    broker: NatsBroker,
    databases: Mapping[str, Database],
    measures: Mapping[str, Sequence[Measure]],
) -> bytes:
    """All figures of this process in Prometheus' text format. `measures`: by service, what its schema is asked for."""
    page = _Page(node)
    await asyncio.gather(
        *(page.service(service, databases[service], asked) for service, asked in measures.items()),
        page.consumers(broker, tuple(measures)),
    )
    return generate_latest(REGISTRY) + generate_latest(page.registry)


class _Page:
    """One scrape: gauges made afresh, so that nothing of the past is told as present."""

    def __init__(self, node: str) -> None:
        self.registry = CollectorRegistry()
        self._node = node
        self._gauges: dict[str, Gauge] = {}
        self._up = self._gauge("sciezka_up", "Whether the figures of this part could be read", ("part",))

    async def service(self, service: str, database: Database, measures: Sequence[Measure]) -> None:
        part = f"database {service}"
        try:
            async with asyncio.timeout(SECONDS), database.transaction() as session:
                rows = (await session.execute(text(together(measures)))).all()
        except DATABASE_ERRORS as error:
            self._down(part, error)
            return
        self._up.labels(self._node, part).set(1)
        for place, first, second, figure in rows:
            measure = measures[place]
            values = (first, second)[: len(measure.labels)]
            gauge = self._gauge(measure.name, measure.help, ("service", *measure.labels))
            gauge.labels(self._node, service, *values).set(figure)

    async def consumers(self, broker: NatsBroker, services: Sequence[str]) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                jetstream = broker.connection.jetstream()
                infos = await asyncio.gather(*(_info(jetstream, self._node, service) for service in services))
        except (nats.errors.Error, JetStreamError, OSError) as error:
            self._down("nats", error)
            return
        self._up.labels(self._node, "nats").set(1)
        for service, info in zip(services, infos, strict=True):
            for name, (help_text, field) in _LAG.items():
                self._gauge(name, help_text, ("service",)).labels(self._node, service).set(getattr(info, field) or 0)

    def _down(self, part: str, error: Exception) -> None:
        log.warning("figures_missing", part=part, cause=type(error).__name__)
        self._up.labels(self._node, part).set(0)

    def _gauge(self, name: str, help_text: str, labels: tuple[str, ...]) -> Gauge:
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, help_text, ("node", *labels), registry=self.registry)
        return self._gauges[name]


async def _info(jetstream: JetStreamContext, node: str, service: str) -> Any:
    return await jetstream.consumer_info(stream_name(node), service)
