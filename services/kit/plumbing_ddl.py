"""The tables of `services.kit.plumbing` in SQL, one script for each migration: what was released never changes."""

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
