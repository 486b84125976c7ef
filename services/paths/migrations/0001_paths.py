"""First tables of the node's copy of paths; row-level security."""

from services.kit import ddl
from services.kit.plumbing_ddl import DDL
from services.kit.tenancy import protect

revision = "paths_0001"
down_revision = None

TABLES = """
create table path (
    id uuid not null,
    agency text not null,
    version integer not null,
    view jsonb not null,
    primary key (id, agency)
);

create table notice (
    id uuid primary key,
    agency text not null,
    kind text not null check (kind in ('reminder_due', 'deadline_missed')),
    path_id uuid not null,
    referral_id uuid not null,
    rule text not null,
    audience text,
    due_at timestamptz not null,
    at timestamptz not null
);
create index notice_list on notice (agency, at desc, id desc);

create table freshness (
    one boolean primary key check (one),
    as_of timestamptz not null
);
"""


def upgrade() -> None:
    ddl.run(DDL, TABLES, protect("path"), protect("notice"))
