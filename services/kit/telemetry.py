"""Logs as JSON lines on standard output, and the numbers an operator watches. Neither ever holds personal data."""

import logging

import structlog
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text

from services.kit.database import Database

_COUNTS = {
    "sciezka_outbox_unsent": ("Events that wait to be sent", "select count(*) from outbox where sent_at is null"),
    "sciezka_inbox_parked": (
        "Events that wait for an earlier one",
        "select count(*) from inbox where state = 'parked'",
    ),
    "sciezka_dead_letters": ("Messages a person must look at", "select count(*) from dead_letter where state = 'dead'"),
}


def configure_logging(node: str) -> None:
    """Every line tells when, how serious, what happened and on which node."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    structlog.contextvars.bind_contextvars(node=node)


async def metrics(node: str, databases: dict[str, Database]) -> bytes:
    """The numbers of each service of this node, in Prometheus' text format."""
    registry = CollectorRegistry()
    gauges = {
        name: Gauge(name, help_text, ["node", "service"], registry=registry) for name, (help_text, _) in _COUNTS.items()
    }
    for service, database in databases.items():
        async with database.transaction() as session:
            for name, (_, query) in _COUNTS.items():
                count = (await session.execute(text(query))).scalar_one()
                gauges[name].labels(node=node, service=service).set(count)
    return generate_latest(registry)
