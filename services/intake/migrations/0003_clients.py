"""What is known of clients, sealed, with its history; keys to find them by; merges of two records of one person."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0003"
down_revision = "intake_0002"

TABLES = """
alter table client
    add column sealed_known text,
    add column has_pesel boolean not null default false,
    add column version integer not null default 1 check (version >= 1),
    add column updated_at timestamptz,
    add column updated_by text,
    add column merged_into uuid references client (id),
    add check (merged_into <> id),
    add check ((sealed_known is null) = (updated_at is null and updated_by is null));
create index client_list on client (agency, created_at desc, id desc) where merged_into is null;
create index client_merged on client (merged_into) where merged_into is not null;

create table client_version (
    client_id uuid not null references client (id),
    version integer not null check (version >= 1),
    agency text not null,
    sealed_known text not null,
    updated_at timestamptz not null,
    updated_by text not null,
    primary key (client_id, version)
);

create table client_key (
    agency text not null,
    key bytea not null,
    client_id uuid not null references client (id),
    primary key (agency, key, client_id)
);
create index client_key_of on client_key (client_id);

create table client_merge (
    id uuid primary key,
    agency text not null,
    kept uuid not null references client (id),
    gone uuid not null references client (id),
    kept_version integer not null,
    moved uuid[] not null,
    redirected uuid[] not null,
    sealed_reason text not null,
    merged_by text not null,
    merged_at timestamptz not null,
    undone_by text,
    undone_at timestamptz,
    check ((undone_by is null) = (undone_at is null))
);
create unique index client_merge_one on client_merge (gone) where undone_at is null;
create index client_merge_of on client_merge (kept) where undone_at is null;
"""


def upgrade() -> None:
    ddl.run(TABLES, *map(protect, ("client_version", "client_key", "client_merge")))
