"""The tables of the path service."""

from services.kit import ddl
from services.kit.plumbing_ddl import DDL as PLUMBING

revision = "path_0001"
down_revision = None

PATHS = """
create table path (
    id uuid primary key,
    version integer not null check (version >= 0),
    stage text not null check (stage in (
        'referred', 'accepted', 'trial', 'main', 'extension', 'work', 'completed', 'follow_up', 'closed')),
    state jsonb not null,
    changed_at timestamptz not null,
    checked_at timestamptz not null
);
create index path_to_check on path (checked_at) where stage <> 'closed';

create table referral (
    id uuid primary key,
    path_id uuid not null references path,
    kind text not null check (kind in ('statutory_cis', 'kis', 'service')),
    urgency text not null check (urgency in ('normal', 'urgent')),
    sender text not null,
    receiver text not null,
    status text not null check (status in (
        'submitted', 'delivered', 'in_review', 'info_requested', 'accepted', 'declined', 'withdrawn')),
    custodian text
);
create index referral_of_path on referral (path_id);

create table fact (
    pos bigint generated always as identity primary key,
    event_id uuid not null unique,
    path_id uuid not null references path,
    fact jsonb not null,
    received_at timestamptz not null default now()
);
create index fact_of_path on fact (path_id, pos);

create table deadline (
    id uuid primary key,
    path_id uuid not null references path,
    referral_id uuid not null references referral,
    rule text not null,
    rule_version text not null,
    calendar_version text not null,
    basis text not null,
    derivation jsonb not null,
    owner text not null,
    base_event text not null,
    base_at timestamptz not null,
    due_at timestamptz not null,
    status text not null default 'open' check (status in ('open', 'met', 'missed', 'met_late', 'dropped'))
);
create index deadline_of_path on deadline (path_id);
create index deadline_pending on deadline (due_at) where status in ('open', 'missed');

create table emission (
    id uuid primary key,
    path_id uuid not null references path,
    deadline_id uuid not null references deadline,
    at timestamptz not null,
    kind text not null check (kind in ('reminder', 'missed')),
    audience text check (audience in ('owner', 'deputy', 'head', 'sender', 'operator')),
    emitted_at timestamptz,
    check ((kind = 'reminder') = (audience is not null))
);
create index emission_due on emission (at) where emitted_at is null;
create index emission_of_path on emission (path_id) where emitted_at is null;
create index emission_of_deadline on emission (deadline_id);

create table wake (
    pos bigint generated always as identity primary key,
    path_id uuid not null references path,
    fact jsonb not null,
    attempts integer not null default 0 check (attempts >= 0),
    next_at timestamptz not null default now(),
    sent_at timestamptz
);
create index wake_unsent on wake (pos) where sent_at is null;
create index wake_of_path on wake (path_id, pos) where sent_at is null;
"""


def upgrade() -> None:
    ddl.run(PLUMBING, PATHS)
