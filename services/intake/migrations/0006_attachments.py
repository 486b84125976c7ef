"""Attached files: sealed, in parts; who uses and who opened them; what is on its way to a receiver.

The parts are sealed, so that nothing is gained by compressing them.
"""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0006"
down_revision = "intake_0005"

TABLES = """
create table attachment (
    id uuid primary key,
    agency text not null,
    media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png')),
    size integer not null check (size > 0),
    parts integer not null check (parts > 0),
    sealed_name text not null,
    uploaded_by text not null,
    uploaded_at timestamptz not null
);
create index attachment_uploaded on attachment (agency, uploaded_at);

create table attachment_part (
    attachment_id uuid not null references attachment (id) on delete cascade,
    part integer not null check (part > 0),
    agency text not null,
    sealed text not null,
    primary key (attachment_id, part)
);
alter table attachment_part alter column sealed set storage external;

create table attachment_use (
    attachment_id uuid not null references attachment (id),
    used_by uuid not null,
    agency text not null,
    shared boolean not null,
    primary key (attachment_id, used_by)
);
create index attachment_use_of on attachment_use (used_by);

create table attachment_handover (
    referral_id uuid not null references referral (id),
    attachment_id uuid not null,
    agency text not null,
    next_part integer not null check (next_part > 0),
    ordered_at timestamptz not null,
    primary key (referral_id, attachment_id)
);
create index attachment_handover_order on attachment_handover (ordered_at);

create table attachment_access (
    id bigint generated always as identity primary key,
    agency text not null,
    attachment_id uuid not null,
    actor text not null,
    at timestamptz not null
);
create index attachment_access_of on attachment_access (agency, attachment_id, at);
"""


def upgrade() -> None:
    ddl.run(TABLES, *map(protect, ("attachment", "attachment_part", "attachment_use", "attachment_access")))
