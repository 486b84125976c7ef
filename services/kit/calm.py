"""A pause that FastStream does not make: it asks a stream that is gone again at once, for ever.

Measured: after a stream was deleted under a reader, its loop took 70 % of a processor until the stream was back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from faststream.nats import NatsBroker
from faststream.nats.subscriber.usecases import PullStreamSubscriber
from nats.js.errors import Error as JetStreamError

_PAUSE_SECONDS = 1.0


def calm(broker: NatsBroker) -> None:
    """Have each reader of a started broker wait a moment after the broker said that it has no such stream."""
    for subscriber in broker.subscribers:
        if isinstance(subscriber, PullStreamSubscriber) and subscriber.subscription is not None:
            subscription: Any = subscriber.subscription
            subscription.fetch = _pausing(subscription.fetch)


def _pausing(fetch: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def fetch_or_pause(*args: Any, **options: Any) -> Any:
        try:
            return await fetch(*args, **options)
        except JetStreamError:
            await asyncio.sleep(_PAUSE_SECONDS)
            raise

    return fetch_or_pause
