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


DDL = """
create table outbox (
    pos bigint generated always as identity primary key,
    id uuid not null,
    target text not null,
    subject text not null,
    headers jsonb not null,
    body bytea not null,
    linkseq bigint,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    unique (id, target)
);
create index outbox_unsent on outbox (pos) where sent_at is null;
create unique index outbox_link on outbox (target, linkseq) where linkseq is not null;

create table link_head (
    target text primary key,
    seq bigint not null,
    hash text not null
);

create table link_cursor (
    source text not null,
    family text not null,
    seq bigint not null,
    hash text not null,
    primary key (source, family)
);

create table inbox (
    id uuid primary key,
    source text not null,
    family text not null,
    linkseq bigint,
    linkprev text,
    linkhash text,
    body_hash text not null,
    aggregate_id uuid not null,
    version integer not null,
    state text not null check (state in ('applied', 'ignored', 'parked')),
    headers jsonb,
    body bytea,
    received_at timestamptz not null default now()
);
create unique index inbox_link on inbox (source, family, linkseq) where linkseq is not null;
create index inbox_parked on inbox (aggregate_id, version) where state = 'parked';

create table known_version (
    aggregate_id uuid primary key,
    version integer not null
);

create table dead_letter (
    id uuid primary key,
    stream_seq bigint not null,
    subject text not null,
    headers jsonb not null,
    body bytea not null,
    cause text not null,
    attempts integer not null,
    state text not null check (state in ('failing', 'dead', 'resolved')),
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now()
);
"""

ROAD_DDL = """
alter table outbox alter column body drop not null;
alter table outbox add column numbered boolean not null default true;
alter table outbox add column linkhash text;
alter table outbox add column replays integer not null default 0;
create index outbox_created on outbox using brin (created_at) with (pages_per_range = 16, autosummarize = on);
create index outbox_unnumbered on outbox (pos) where not numbered;

create table link_receipt (
    target text primary key,
    seq bigint not null,
    hash text not null,
    at timestamptz not null,
    token text not null,
    pruned bigint not null default 0
);

create table past_receipt (
    target text not null,
    seq bigint not null,
    hash text not null,
    at timestamptz not null,
    token text not null,
    primary key (target, seq)
);

create table link_alarm (
    id bigint generated always as identity primary key,
    kind text not null,
    source text not null,
    target text not null,
    family text not null,
    seq bigint not null,
    at timestamptz not null default now(),
    settled_at timestamptz,
    settled_by text,
    reason text,
    unique (kind, source, target, family, seq)
);

alter table inbox drop constraint inbox_state_check;
alter table inbox add constraint inbox_state_check
    check (state in ('applied', 'ignored', 'parked', 'unknown', 'dead', 'dropped'));
create index inbox_held on inbox (state) where state in ('parked', 'unknown', 'dead');

alter table dead_letter add column event_id uuid;
alter table dead_letter add column aggregate_id uuid;
alter table dead_letter add column version integer;
alter table dead_letter add column wish text check (wish in ('retry', 'drop'));
alter table dead_letter add column reason text;
alter table dead_letter add column decided_by text;
alter table dead_letter add column agency text;
alter table dead_letter add column told text;
alter table dead_letter add column closed_at timestamptz;
alter table dead_letter drop constraint dead_letter_state_check;
alter table dead_letter add constraint dead_letter_state_check
    check (state in ('failing', 'dead', 'resolved', 'dropped'));
create index dead_letter_open on dead_letter (state) where state in ('failing', 'dead');
create index dead_letter_untold on dead_letter (first_at) where told is distinct from state and state <> 'failing';
"""
