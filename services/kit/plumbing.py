"""The tables every service has: outbox, inbox, links, version gate, dead letters. Ids, codes and sealed bytes only.

The schema is the service, so none of them names its consumer. They belong to no tenant; a tenant's rows are elsewhere.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field

from services.kit.database import Row

PLUMBING = registry()


class PlumbingRow(Row, registry=PLUMBING):
    """Base of the rows that every service has in its own schema."""


class OutboxRow(PlumbingRow, table=True):
    """One event for one node, kept after it was sent: the stream can be refilled from here.

    `linkhash` is the head of the link after it; the body is gone once receipt and retention allow. A row is sent again,
    under a message id of its own, when `sent_at` is taken away and `replays` counted up.
    """

    __tablename__ = "outbox"

    pos: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    id: UUID
    target: str
    subject: str
    headers: dict[str, str] = Field(sa_type=JSONB)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    numbered: bool = True
    linkseq: int | None = Field(default=None, sa_type=BigInteger)
    linkhash: str | None = None
    replays: int = 0
    created_at: datetime | None = None
    sent_at: datetime | None = None


class LinkHead(PlumbingRow, table=True):
    """The writing end of a link: the last number given to an event for `target`, and the hash of the chain so far."""

    __tablename__ = "link_head"

    target: str = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    hash: str


class LinkCursor(PlumbingRow, table=True):
    """The reading end of a link: up to here every event of this node and family arrived and the chain is whole."""

    __tablename__ = "link_cursor"

    source: str = Field(primary_key=True)
    family: str = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    hash: str


class LinkReceipt(PlumbingRow, table=True):
    """The newest receipt of a reader: everything up to `seq` is in its database, and the chain there ends in `hash`.

    `token` is what it signed (`services.kit.signing`), for whoever doubts it later.
    """

    __tablename__ = "link_receipt"

    target: str = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    hash: str
    at: datetime
    token: str
    pruned: int = Field(default=0, sa_type=BigInteger)
    """Up to here the bodies in the outbox are gone (`services.kit.retention`)."""


class PastReceipt(PlumbingRow, table=True):
    """A receipt by which a link moved. The first that covers an event proves when it had arrived at the latest."""

    __tablename__ = "past_receipt"

    target: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    hash: str
    at: datetime
    token: str


class LinkAlarm(PlumbingRow, table=True):
    """The two ends of a link do not tell the same: somebody changed or lost something after it was written.

    It stands until a person has looked at it: `settled_by`, with a reason.
    """

    __tablename__ = "link_alarm"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    kind: str
    source: str
    target: str
    family: str
    seq: int = Field(sa_type=BigInteger)
    at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    reason: str | None = None


class InboxRow(PlumbingRow, table=True):
    """One event taken in.

    `parked` waits for an earlier version of its aggregate, `unknown` for a newer program, `dead` for a person; these
    keep their body. `ignored` came after a later version, `dropped` was given up by a person.
    """

    __tablename__ = "inbox"

    id: UUID = Field(primary_key=True)
    source: str
    family: str
    linkseq: int | None = Field(default=None, sa_type=BigInteger)
    linkprev: str | None = None
    linkhash: str | None = None
    body_hash: str
    aggregate_id: UUID
    version: int
    state: str
    headers: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    received_at: datetime | None = None


class KnownVersion(PlumbingRow, table=True):
    """The version gate: the last version of an aggregate that this service has applied."""

    __tablename__ = "known_version"

    aggregate_id: UUID = Field(primary_key=True)
    version: int


class DeadLetter(PlumbingRow, table=True):
    """A message that could not be handled: `failing` while it is still tried, `dead` when a person must look.

    What is known of its event stands beside it; a malformed message has none. `wish` is what a person, `decided_by`,
    wants the service to carry out: then it is `resolved` or, with a reason, `dropped`. `agency` is the institution
    concerned, and `told` the state of which it was last told.
    """

    __tablename__ = "dead_letter"

    id: UUID = Field(primary_key=True)
    stream_seq: int = Field(sa_type=BigInteger)
    subject: str
    headers: dict[str, str] = Field(sa_type=JSONB)
    body: bytes = Field(sa_type=LargeBinary)
    cause: str
    attempts: int
    state: str
    event_id: UUID | None = None
    aggregate_id: UUID | None = None
    version: int | None = None
    wish: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    agency: str | None = None
    told: str | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    closed_at: datetime | None = None
