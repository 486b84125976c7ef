"""First tables of intake: clients, sent referrals, requests, idempotency; row-level security from the start."""

from services.kit import ddl
from services.kit.plumbing_ddl import DDL
from services.kit.tenancy import protect

revision = "intake_0001"
down_revision = None

TABLES = """
create table client (
    id uuid primary key,
    agency text not null,
    person_index bytea not null,
    created_at timestamptz not null,
    unique (agency, person_index)
);

create table referral (
    id uuid primary key,
    agency text not null,
    client_id uuid not null references client (id),
    path_id uuid not null,
    number text not null,
    receiver text not null,
    kind text not null check (kind in ('statutory_cis', 'kis', 'service')),
    urgency text not null check (urgency in ('normal', 'urgent')),
    status text not null check (status in (
        'draft', 'submitted', 'delivered', 'in_review', 'info_requested', 'accepted', 'declined', 'withdrawn'
    )),
    version integer not null check (version >= 0),
    custodian text,
    sealed_form text not null,
    created_at timestamptz not null,
    submitted_at timestamptz,
    delivered_at timestamptz,
    seen_at timestamptz,
    decided_at timestamptz,
    reason text,
    sealed_note text,
    sealed_question text,
    question_due_on date,
    sealed_answer text,
    check ((status = 'draft') = (version = 0)),
    check (status not in ('declined', 'withdrawn') or reason is not null)
);
create index referral_list on referral (agency, created_at desc, id desc);
create index referral_path on referral (agency, client_id);
create unique index referral_one_open_statutory on referral (agency, client_id, kind)
    where kind <> 'service' and status in ('submitted', 'delivered', 'in_review', 'info_requested');
create unique index referral_one_open_service on referral (agency, client_id, receiver)
    where kind = 'service' and status in ('submitted', 'delivered', 'in_review', 'info_requested');

create table request (
    id uuid primary key,
    agency text not null,
    referral_id uuid not null references referral (id),
    action text not null check (action in ('withdraw', 'answer')),
    state text not null check (state in ('pending', 'done', 'refused')),
    reason text,
    asked_at timestamptz not null,
    answered_at timestamptz,
    check ((state = 'pending') = (answered_at is null))
);
create unique index request_one_pending on request (referral_id) where state = 'pending';
create index request_latest on request (referral_id, asked_at desc);

create table idempotency (
    agency text not null,
    key text not null check (length(key) between 1 and 255),
    body_hash text not null,
    sealed_answer text,
    created_at timestamptz not null default now(),
    primary key (agency, key)
);
"""


def upgrade() -> None:
    ddl.run(DDL, TABLES, *map(protect, ("client", "referral", "request", "idempotency")))
