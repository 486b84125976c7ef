"""CloudEvents 1.0 in binary mode of the NATS binding: attributes as `ce-` headers, the event as JSON body.

Source: CloudEvents spec 1.0.2 and its NATS protocol binding §3.1. Extension attributes are ours: `version`,
`causationid`, `correlationid`, `linkseq`, `linkprev`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

SPEC_VERSION = "1.0"
FIRST_LINK = "0" * 64
"""`linkprev` of the first event of a link."""


class MalformedEnvelope(ValueError):
    """A header is missing or unreadable. Names the header only, never its value."""


@dataclass(frozen=True)
class Envelope:
    """Everything about an event but its body.

    `source` is the institution (or the path node) that writes, `subject` the path. `linkseq` numbers the events of one
    link (from, to, family) without gaps and `linkprev` is the hash of the one before; both are absent until the relay
    has numbered the row, and on what takes no number.
    """

    id: UUID
    type: str
    source: str
    subject: UUID
    time: datetime
    version: int
    correlation_id: UUID
    causation_id: UUID | None = None
    linkseq: int | None = None
    linkprev: str | None = None

    def headers(self) -> dict[str, str]:
        """The NATS headers of this event, message id for the broker's dedupe window included."""
        values = {
            "Nats-Msg-Id": str(self.id),
            "content-type": "application/json",
            "ce-specversion": SPEC_VERSION,
            "ce-id": str(self.id),
            "ce-type": self.type,
            "ce-source": self.source,
            "ce-subject": str(self.subject),
            "ce-time": self.time.isoformat(),
            "ce-version": str(self.version),
            "ce-correlationid": str(self.correlation_id),
        }
        if self.causation_id is not None:
            values["ce-causationid"] = str(self.causation_id)
        if self.linkseq is not None and self.linkprev is not None:
            values |= on_link(self.linkseq, self.linkprev)
        return values

    @classmethod
    def parse(cls, headers: Mapping[str, str]) -> "Envelope":
        """The envelope in these headers. Raises MalformedEnvelope."""
        try:
            causation, linkseq = headers.get("ce-causationid"), headers.get("ce-linkseq")
            return cls(
                id=UUID(headers["ce-id"]),
                type=headers["ce-type"],
                source=headers["ce-source"],
                subject=UUID(headers["ce-subject"]),
                time=datetime.fromisoformat(headers["ce-time"]),
                version=_number(headers["ce-version"], bits=31),
                correlation_id=UUID(headers["ce-correlationid"]),
                causation_id=UUID(causation) if causation else None,
                linkseq=_number(linkseq, bits=63) if linkseq else None,
                linkprev=headers.get("ce-linkprev"),
            )
        except KeyError as missing:
            raise MalformedEnvelope(f"missing header {missing.args[0]}") from None
        except ValueError:
            raise MalformedEnvelope("unreadable header") from None


def _number(given: str, bits: int) -> int:
    """One that the database can hold: what it cannot would be delivered for ever. Raises ValueError."""
    number = int(given)
    if not 0 <= number < 1 << bits:
        raise ValueError
    return number


def on_link(seq: int, prev: str) -> dict[str, str]:
    """The headers that tell an event's place on its link."""
    return {"ce-linkseq": str(seq), "ce-linkprev": prev}


def body_hash(body: bytes) -> str:
    return sha256(body).hexdigest()


def link_hash(prev: str, seq: int, event_id: UUID, body: bytes) -> str:
    """The head of a link after this event: covers the whole chain before it, its number, its id and its body."""
    return chained(prev, seq, event_id, body_hash(body))


def chained(prev: str, seq: int, event_id: UUID, digest: str) -> str:
    """`link_hash` where only the hash of the body is at hand."""
    return sha256(f"{prev}\n{seq}\n{event_id}\n{digest}".encode()).hexdigest()
