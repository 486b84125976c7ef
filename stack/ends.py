"""The two ends of links at a node: what a service that writes does beside its relay, and what one that reads."""

from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from contracts.control import Heartbeat, Receipt, Replay
from contracts.subjects import READS
from services.kit import heartbeats, receipts, replays
from services.kit.gaps import EVERY_SECONDS, Gaps, Whole
from services.kit.heartbeats import Untold, nothing
from services.kit.patience import Waits
from services.kit.receipts import IDLE_SECONDS, MOVING_SECONDS, Receipts
from services.kit.service import Service
from services.kit.talk import Talk
from services.kit.wake import Bell

Task = Coroutine[Any, Any, None]


@dataclass(frozen=True)
class Pace:
    """Seconds: between heartbeats, between receipts of a link that moves and of one that does not, between two looks
    for what is missing, and how long that may be missing."""

    heartbeat: float = heartbeats.EVERY_SECONDS
    moving: float = MOVING_SECONDS
    idle: float = IDLE_SECONDS
    look: float = EVERY_SECONDS
    waits: Waits = field(default_factory=Waits)


def writing_end(service: Service, talk: Talk, untold: Untold = nothing, pace: Pace | None = None) -> list[Task]:
    """Heartbeats out, receipts and requests to send again in. To be called before the broker starts."""

    async def keep(receipt: Receipt, token: str) -> None:
        await receipts.keep(service, receipt, token)

    async def send_again(replay: Replay, _: str) -> None:
        await replays.again(service, replay)

    talk.hear(Receipt, service.name, keep, one_of=service.name)
    talk.hear(Replay, service.name, send_again, one_of=service.name)
    return [heartbeats.run(service, talk, untold, every=(pace or Pace()).heartbeat)]


def reading_end(
    service: Service, talk: Talk, arrived: Bell, whole: Whole | None = None, pace: Pace | None = None
) -> list[Task]:
    """Heartbeats in, receipts and requests to send again out. To be called before the broker starts.

    `arrived`: what the service's inbox rings.
    """
    pace = pace or Pace()
    gaps = Gaps(service, talk, whole=whole, waits=pace.waits)
    receipts_of = Receipts(service, talk, arrived, moving=pace.moving, idle=pace.idle)

    async def compare(heartbeat: Heartbeat, _: str) -> None:
        await gaps.hear(heartbeat)

    for family in READS[service.name]:
        talk.hear(Heartbeat, family, compare)
    return [receipts_of.run(), gaps.run(every=pace.look)]
