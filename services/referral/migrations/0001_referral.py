"""First tables of the receiver's side: received referrals, the sender's requests, leases; row-level security."""

from services.kit import ddl
from services.kit.plumbing_ddl import DDL
from services.kit.tenancy import protect

revision = "referral_0001"
down_revision = None

TABLES = """
create table referral (
    id uuid primary key,
    agency text not null,
    sender text not null,
    path_id uuid not null,
    number text not null,
    kind text not null check (kind in ('statutory_cis', 'kis', 'service')),
    urgency text not null check (urgency in ('normal', 'urgent')),
    status text not null check (status in (
        'delivered', 'in_review', 'info_requested', 'accepted', 'declined', 'withdrawn'
    )),
    version integer not null check (version >= 2),
    custodian text,
    sealed_dossier text,
    submitted_at timestamptz not null,
    delivered_at timestamptz not null,
    seen_at timestamptz,
    decided_at timestamptz,
    claimed_by text,
    reason text,
    sealed_note text,
    sealed_question text,
    question_due_on date,
    question_rounds integer not null default 0,
    sealed_answer text,
    check (status not in ('declined', 'withdrawn') or reason is not null),
    check ((decided_at is not null) = (status in ('accepted', 'declined', 'withdrawn'))),
    check (status <> 'in_review' or claimed_by is not null),
    check (status <> 'withdrawn' or sealed_dossier is null)
);
create index referral_list on referral (agency, delivered_at desc, id desc);

create table request (
    id uuid primary key,
    agency text not null,
    referral_id uuid not null references referral (id),
    action text not null check (action in ('withdraw', 'answer')),
    state text not null check (state in ('done', 'refused')),
    reason text,
    asked_at timestamptz not null,
    answered_at timestamptz not null
);
create index request_latest on request (referral_id, asked_at desc);

create table lease (
    referral_id uuid primary key,
    agency text not null,
    until timestamptz not null
);
create index lease_until on lease (until);
"""


def upgrade() -> None:
    ddl.run(DDL, TABLES, *map(protect, ("referral", "request")))
