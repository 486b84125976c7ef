"""Subjects, streams, consumers and rights on the road: one table, from which all of NATS is provisioned.

`ev.<from-node>.<to-node>.<service>.<event>`; one stream per receiving node; one durable consumer per reading service,
which takes whole families so that it sees every number of a link.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from contracts.events import Event, Family

PATH_NODE = "path"

READS: dict[str, tuple[Family, ...]] = {
    "intake": ("referral",),
    "referral": ("intake",),
    "paths": ("path", "road"),
    "path": ("intake", "referral"),
}
"""Reading service -> the families it takes. `path` runs on the path node, the others on the nodes of institutions."""

DESK = "desk"
HINTS = (
    *("intake.referral_submitted", "intake.referral_requested", "intake.notice_given"),
    *("referral.>", "path.advanced"),
)
"""What the desk of a node listens to, to know where to look. It reads no family whole and keeps no ledger."""

SERVICES_OF_PATH_NODE = ("path",)
SERVICES_OF_NODE = ("intake", "referral", "paths")


def subject(event: Event, *, source: str, target: str) -> str:
    """Where this event is published by `source` for `target`."""
    return f"ev.{source}.{target}.{event.family}.{event.name}"


def control_subject(source: str, target: str, family: str, what: str) -> str:
    """Unnumbered talk about a link: `ctl.path.ops.path.heartbeat`."""
    return f"ctl.{source}.{target}.{family}.{what}"


def stream_name(node: str) -> str:
    return f"EV_{node.upper()}"


def services_of(node: str) -> tuple[str, ...]:
    return SERVICES_OF_PATH_NODE if node == PATH_NODE else SERVICES_OF_NODE


def schemas_of(node: str) -> tuple[str, ...]:
    """The database schemas of a node: one per reading service, `edge` for who may call, `desk` for the pages."""
    return services_of(node) if node == PATH_NODE else (*services_of(node), "edge", DESK)


def readers_of(family: str, nodes: Iterable[str]) -> tuple[str, ...]:
    """Those of `nodes` where a service reads this family."""
    return tuple(node for node in nodes if any(family in READS[service] for service in services_of(node)))


@dataclass(frozen=True)
class ConsumerSpec:
    """One durable pull consumer. Delivery never gives up: the service decides what is a dead letter."""

    durable: str
    filters: tuple[str, ...]
    ack_wait: timedelta = timedelta(seconds=30)
    max_ack_pending: int = 100
    max_deliver: int = -1
    from_now: bool = False
    """Whether it is given only what comes after it was made."""


@dataclass(frozen=True)
class StreamSpec:
    """One stream: everything addressed to one node. Full means refused, never silently dropped."""

    node: str
    consumers: tuple[ConsumerSpec, ...]
    duplicate_window: timedelta = timedelta(hours=24)
    max_age: timedelta = timedelta(days=400)

    @property
    def name(self) -> str:
        return stream_name(self.node)

    @property
    def subjects(self) -> tuple[str, ...]:
        return (f"ev.*.{self.node}.>",)


def stream_spec(node: str) -> StreamSpec:
    consumers = tuple(
        ConsumerSpec(durable=service, filters=tuple(f"ev.*.{node}.{family}.>" for family in READS[service]))
        for service in services_of(node)
    )
    return StreamSpec(node=node, consumers=consumers if node == PATH_NODE else (*consumers, desk_consumer(node)))


def desk_consumer(node: str) -> ConsumerSpec:
    """For the desk: what was before, it asks for when it finds its consumer newly made."""
    return ConsumerSpec(durable=DESK, filters=tuple(f"ev.*.{node}.{hint}" for hint in HINTS), from_now=True)


def stream_specs(nodes: Iterable[str]) -> tuple[StreamSpec, ...]:
    """The whole table for these nodes (institutions' nodes and the path node)."""
    return tuple(stream_spec(node) for node in nodes)


@dataclass(frozen=True)
class Rights:
    """What a node's NATS user may do, and nothing else."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def inbox_prefix(node: str) -> str:
    return f"_INBOX_{node}"


def rights_of(node: str) -> Rights:
    """A node publishes in its own name, reads what is addressed to it, manages nothing."""
    stream = stream_name(node)
    consumers = [consumer.durable for consumer in stream_spec(node).consumers]
    return Rights(
        publish=(
            f"ev.{node}.>",
            f"ctl.{node}.>",
            f"$JS.API.STREAM.INFO.{stream}",
            *(f"$JS.API.CONSUMER.INFO.{stream}.{durable}" for durable in consumers),
            *(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}" for durable in consumers),
            f"$JS.ACK.{stream}.>",
            f"$JS.ACK.*.*.{stream}.>",  # the longer form, with domain and account hash, of newer servers
        ),
        subscribe=(f"{inbox_prefix(node)}.>", f"ctl.*.{node}.>"),
    )
