"""What the two ends of a link tell each other: signed on the way out, believed only when signed on the way in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from faststream.nats import NatsBroker, NatsMessage

from contracts.control import LinkTalk
from contracts.subjects import control_subject
from services.kit.outages import is_down
from services.kit.signing import BadSignature, Signer, TalkT

log = structlog.get_logger()

Hear = Callable[[TalkT, str], Awaitable[None]]
"""Given what was said, and the signed token."""


@dataclass(frozen=True)
class Talk:
    """The voice and the ears of one node, on core NATS."""

    broker: NatsBroker
    signer: Signer

    @property
    def node(self) -> str:
        return self.signer.node

    @property
    def possible(self) -> bool:
        """Whether the broker is there. What is said without one would only pile up: the next saying replaces it."""
        return bool(self.broker.connection.is_connected)

    async def tell(self, message: LinkTalk) -> None:
        """Say it once; nobody need be listening."""
        subject = control_subject(message.teller, message.hearer, message.family, message.what)
        await self.broker.publish(self.signer.sign(message).encode(), subject)

    def hear(self, model: type[TalkT], family: str, then: Hear[TalkT], *, one_of: str = "") -> None:
        """Have `then` called with what other nodes say of links of this family with ours. To be asked before the start.

        `one_of`: of the processes that name the same here, only one hears each message.
        """
        subscriber = self.broker.subscriber(control_subject("*", self.node, family, model.what), queue=one_of)

        @subscriber
        async def heard(message: NatsMessage) -> None:
            await self._take(model, family, message, then)

    async def _take(self, model: type[TalkT], family: str, message: NatsMessage, then: Hear[TalkT]) -> None:
        """Nothing that is said may harm the one who hears it: what cannot be used is logged and forgotten."""
        raw = message.raw_message
        try:
            talk = self.signer.read(model, bytes(raw.data))
            if control_subject(talk.teller, talk.hearer, talk.family, talk.what) != raw.subject:
                raise BadSignature("said elsewhere")
            await then(talk, bytes(raw.data).decode())
        except BadSignature as error:
            log.error("talk_refused", what=model.what, subject=raw.subject, cause=str(error))
        except Exception as error:
            say = log.warning if is_down(error) else log.error
            say("talk_lost", what=model.what, family=family, cause=type(error).__name__)
