"""The road: one NATS connection per process, consumers that were provisioned beforehand, handlers by event type."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Union

import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, NatsRouter, PullSub
from faststream.security import SASLPlaintext
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as ServerAckPolicy
from nats.js.api import ConsumerConfig, DeliverPolicy, DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from contracts.subjects import READS, ConsumerSpec, StreamSpec, inbox_prefix, stream_name, stream_spec
from services.kit.dead_letters import DeadLetters
from services.kit.delivery import Delivery, UnknownEvent
from services.kit.inbox import AT_ONCE, Handlers, Inbox
from services.kit.retry import DELAYS, Retry
from services.kit.taking import taking

log = structlog.get_logger()

OLDEST_SERVER = (2, 12, 6)
"""Older servers have known holes in authorisation (CVE-2026-33222, CVE-2026-33248)."""

_PULL_SECONDS = 5.0
"""A restarted server has forgotten who was waiting: only the next pull tells it, so this bounds the pause after one."""

_PING_SECONDS = 10
_PINGS = 3
"""So many without an answer end a connection. Left to TCP, one that was cut notices for minutes neither that it is dead
nor that the network is back."""


class ServerTooOld(Exception):
    """The NATS server is older than `OLDEST_SERVER`."""


class Drift(Exception):
    """What is provisioned at the broker is not what the table says. Names stream and setting."""


def make_broker(node: str, url: str, password: str) -> NatsBroker:
    """The broker connection of a node, as the user named like it; it reconnects for ever."""
    return NatsBroker(
        url,
        security=SASLPlaintext(username=node, password=password),
        inbox_prefix=inbox_prefix(node),
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        allow_reconnect=True,
        ping_interval=_PING_SECONDS,
        max_outstanding_pings=_PINGS,
        error_cb=_log_error,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_as_it_is,
        apply_types=False,  # fitting arguments to each handler costs more than taking the event in
        logger=None,
    )


async def _log_error(error: Exception) -> None:
    """The text of the broker's errors names subjects and rights, and these hold no personal data."""
    log.warning("broker_error", cause=type(error).__name__, detail=str(error))


@dataclass(frozen=True)
class Reader:
    """One service's reading of its consumer."""

    node: str
    service: str
    inbox: Inbox
    dead_letters: DeadLetters
    delays: Sequence[float] = DELAYS

    def router(self, handlers: Handlers) -> NatsRouter:
        """A router with one subscriber, bound to the provisioned consumer and declaring nothing."""
        router = NatsRouter(middlewares=[Retry(self.dead_letters, delays=self.delays)])
        subscriber = router.subscriber(
            subject=f"ev.*.{self.node}.{READS[self.service][0]}.>",
            durable=self.service,
            stream=JStream(stream_name(self.node), declare=False),
            pull_sub=PullSub(batch_size=AT_ONCE, timeout=_PULL_SECONDS),
            inbox_prefix=f"{inbox_prefix(self.node)}.".encode(),  # nats-py adds no dot here
            ack_policy=AckPolicy.NACK_ON_ERROR,
            title=f"{self.node}.{self.service}",
        )
        subscriber(self._taker(handlers))
        return router

    def _taker(self, handlers: Handlers) -> Any:
        async def take(message: NatsMessage) -> None:
            raw = message.raw_message
            delivery = Delivery.of(raw.subject, raw.headers or {}, bytes(raw.data))
            with taking(self.node, self.service, delivery):
                try:
                    arrival = self.inbox.arrival(delivery)
                except UnknownEvent:
                    await self.inbox.hold(delivery)
                else:
                    await self.inbox.take(arrival)

        # What FastStream documents as the body; it calls with the message.
        take.__annotations__["message"] = Union[tuple(handlers.effects)]  # noqa: UP007
        return take


async def _as_it_is(message: NatsMessage) -> NatsMessage:
    """What handlers are called with: the message, not its body parsed twice."""
    return message


def stream_config(spec: StreamSpec) -> StreamConfig:
    """The stream as it must be at the server."""
    return StreamConfig(
        name=spec.name,
        subjects=list(spec.subjects),
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_age=spec.max_age.total_seconds(),
        duplicate_window=spec.duplicate_window.total_seconds(),
        deny_delete=True,
        deny_purge=True,
        allow_direct=False,
    )


def consumer_config(spec: ConsumerSpec) -> ConsumerConfig:
    """The consumer as it must be at the server."""
    return ConsumerConfig(
        durable_name=spec.durable,
        filter_subjects=list(spec.filters) if len(spec.filters) > 1 else None,
        filter_subject=spec.filters[0] if len(spec.filters) == 1 else None,
        deliver_policy=DeliverPolicy.NEW if spec.from_now else DeliverPolicy.ALL,
        ack_policy=ServerAckPolicy.EXPLICIT,
        ack_wait=spec.ack_wait.total_seconds(),
        max_ack_pending=spec.max_ack_pending,
        max_deliver=spec.max_deliver,
    )


_STREAM_SETTINGS = ("subjects", "storage", "discard", "max_age", "duplicate_window", "deny_delete", "deny_purge")
_CONSUMER_SETTINGS = (
    "filter_subject",
    "filter_subjects",
    "ack_policy",
    "ack_wait",
    "max_ack_pending",
    "max_deliver",
)


def differences(what: str, wanted: Any, found: Any, settings: Sequence[str]) -> list[str]:
    """The settings in which the server differs from the table."""
    return [
        f"{what}.{setting}"
        for setting in settings
        if (getattr(wanted, setting) or None) != (getattr(found, setting) or None)
    ]


def check_server(client: Client) -> None:
    """Raises ServerTooOld."""
    version = client.connected_server_version
    if (version.major, version.minor, version.patch) < OLDEST_SERVER:
        raise ServerTooOld(f"{version.major}.{version.minor}.{version.patch}")


async def check_drift(jetstream: JetStreamContext, node: str) -> None:
    """Raises Drift when the node's stream or one of its consumers is not as the table says, or is missing."""
    spec = stream_spec(node)
    try:
        found = (await jetstream.stream_info(spec.name)).config
    except NotFoundError:
        raise Drift(f"{spec.name} is missing") from None
    wrong = differences(spec.name, stream_config(spec), found, _STREAM_SETTINGS)
    for consumer in spec.consumers:
        name = f"{spec.name}.{consumer.durable}"
        try:
            info = await jetstream.consumer_info(spec.name, consumer.durable)
        except NotFoundError:
            wrong.append(f"{name} is missing")
        else:
            wrong += differences(name, consumer_config(consumer), info.config, _CONSUMER_SETTINGS)
    if wrong:
        raise Drift(", ".join(wrong))
