"""The road between nodes as an administrator sees it: numbers, ids and instants, nothing about any person."""

from contracts.base import Code, Instant, Message, Slug


class OutgoingLink(Message):
    """What a service of this node writes to another node.

    `last`: the number given last; `receipted`: up to which number the other node has signed for, at `receipt_at`;
    `unsent`: events that wait to be sent; `waiting_since`: the oldest event without a receipt. `delay_seconds`, from
    the event to the receipt that covers it: half of the last hundred took no longer, `slowest_seconds` none of them.
    """

    service: Code
    target: Slug
    last: int
    receipted: int
    receipt_at: Instant | None
    unsent: int
    waiting_since: Instant | None
    delay_seconds: float | None
    slowest_seconds: float | None


class IncomingLink(Message):
    """What a service of this node reads from another node: up to `last` without a gap, `missing` numbers after it."""

    service: Code
    source: Slug
    family: Code
    last: int
    missing: int
    arrived_at: Instant | None


class LinkAlarm(Message):
    """The two ends of a link do not tell the same; `seq` is the lowest number, `count` how many alarms."""

    service: Code
    kind: Code
    source: Slug
    target: Slug
    family: Code
    seq: int
    count: int
    since: Instant


class Road(Message):
    """All links of a node as they were at `as_of`."""

    node: Slug
    as_of: Instant
    outgoing: tuple[OutgoingLink, ...]
    incoming: tuple[IncomingLink, ...]
    alarms: tuple[LinkAlarm, ...]
