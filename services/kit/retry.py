"""The one place that decides what becomes of a message whose handler failed.

Malformed or forged: a dead letter at once. A dependency down: again, later, for ever. Anything else: a dead letter
after eight attempts. FastStream's own default would discard the message at the first exception.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from faststream import BaseMiddleware
from faststream.exceptions import HandlerException, NackMessage, RejectMessage
from faststream.nats import NatsMessage
from pydantic import ValidationError

from contracts.envelope import MalformedEnvelope
from services.kit.dead_letters import DeadLetters, Message
from services.kit.delivery import DifferentBody, Forged, UnknownEvent
from services.kit.keyring import CannotOpen
from services.kit.links import ChainBroken
from services.kit.outages import DATABASE_ERRORS, is_down

log = structlog.get_logger()

ATTEMPTS = 8
DELAYS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds before the next delivery, by the number of deliveries so far; the last one repeats for ever."""

HOPELESS = (
    ValidationError,
    MalformedEnvelope,
    UnknownEvent,
    Forged,
    DifferentBody,
    ChainBroken,
    CannotOpen,
)


class Retry:
    """The policy of one service; makes the middleware that FastStream asks for with every message."""

    def __init__(self, dead_letters: DeadLetters, *, delays: Sequence[float] = DELAYS) -> None:
        self._dead_letters = dead_letters
        self._delays = delays

    def __call__(self, msg: Any, /, *, context: Any) -> "_Middleware":
        return _Middleware(msg, context=context, policy=self)

    async def judge(self, error: Exception, message: NatsMessage) -> HandlerException:
        """What to answer the broker."""
        deliveries = message.raw_message.metadata.num_delivered or 1
        again = NackMessage(delay=self._delays[min(deliveries, len(self._delays)) - 1])
        cause = type(error).__name__
        log.warning("delivery_failed", cause=cause, subject=message.raw_message.subject, deliveries=deliveries)
        if is_down(error):
            return again
        try:
            dead = await self._dead_letters.count_failure(
                as_kept(message), cause=cause, final=1 if isinstance(error, HOPELESS) else ATTEMPTS
            )
        except DATABASE_ERRORS:
            return again  # nowhere to keep it now, so the broker keeps it
        return RejectMessage() if dead else again

    async def succeeded(self, message: NatsMessage) -> None:
        """A message that failed before went through: it is nobody's work any more."""
        if (message.raw_message.metadata.num_delivered or 1) > 1:
            await self._dead_letters.settle(as_kept(message))


class _Middleware(BaseMiddleware):
    def __init__(self, msg: Any, /, *, context: Any, policy: Retry) -> None:
        super().__init__(msg, context=context)
        self._policy = policy

    async def consume_scope(self, call_next: Any, msg: Any) -> Any:
        try:
            result = await call_next(msg)
            await self._policy.succeeded(msg)
        except Exception as error:
            raise await self._policy.judge(error, msg) from None
        return result


def as_kept(message: NatsMessage) -> Message:
    """The parts of a delivery that a dead letter keeps."""
    raw = message.raw_message
    return Message(
        stream_seq=raw.metadata.sequence.stream,
        subject=raw.subject,
        headers=dict(raw.headers or {}),
        body=bytes(raw.data),
    )
