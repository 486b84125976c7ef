"""One message as it came off the road, and what its envelope tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from contracts.envelope import Envelope, body_hash, link_hash
from contracts.events import Event
from services.kit.links import LinkStep


class UnknownEvent(Exception):
    """No handler for this type: a newer writer, or a mistake."""


class Forged(Exception):
    """The institution named as source does not belong to the node that published."""


class DifferentBody(Exception):
    """An event id came again with another body: not a duplicate but an alarm."""


@dataclass(frozen=True)
class Taken:
    """An event to be applied, and the envelope it came in."""

    event: Event
    envelope: Envelope


@dataclass(frozen=True)
class Delivery:
    """One message whose envelope could be read."""

    envelope: Envelope
    headers: dict[str, str]
    body: bytes
    source: str
    family: str

    @classmethod
    def of(cls, subject: str, headers: Mapping[str, str], body: bytes) -> "Delivery":
        """Raises MalformedEnvelope. Subjects are `ev.<from>.<to>.<family>.<event>`; the broker vouches for <from>."""
        _, source, _, family, _ = subject.split(".", 4)
        return cls(Envelope.parse(headers), dict(headers), body, source, family)

    @cached_property
    def digest(self) -> str:
        return body_hash(self.body)

    @cached_property
    def link_step(self) -> LinkStep | None:
        """Its place on its link; None for a message that is on none."""
        seq, prev = self.envelope.linkseq, self.envelope.linkprev
        if seq is None or prev is None:
            return None
        head = link_hash(prev, seq, self.envelope.id, self.body)
        return LinkStep(source=self.source, family=self.family, seq=seq, prev=prev, hash=head)
