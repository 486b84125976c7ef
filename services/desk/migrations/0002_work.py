"""The list of work: items by ids and codes, marks of what has changed, how accounts like the list."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "desk_0002"
down_revision = "desk_0001"

TABLES = """
create table work (
    agency text not null,
    id uuid not null,
    what text not null check (what in ('received', 'sent', 'application', 'notice')),
    kind text not null,
    status text not null,
    urgency text not null check (urgency in ('normal', 'urgent')),
    path_id uuid,
    sender text not null,
    receiver text,
    unit text,
    claimed_by text,
    version integer not null,
    revision integer not null,
    path_version integer not null,
    began_at timestamptz not null,
    due_at timestamptz,
    item jsonb not null,
    deadline jsonb,
    stored_at timestamptz not null default now(),
    primary key (agency, id)
);
create index work_list on work (agency, what, status, due_at, id);
create index work_newest on work (agency, what, began_at desc, id desc);
create index work_path on work (agency, path_id);

create table mark (
    agency text not null,
    path_id uuid not null,
    about uuid not null,
    version integer not null,
    asked integer not null default 0,
    since timestamptz not null default now(),
    due_at timestamptz not null default now(),
    primary key (agency, path_id, about)
);
create index mark_due on mark (due_at);

create table rebuilt (
    agency text primary key,
    consumer_made timestamptz not null,
    at timestamptz not null
);

create table liking (
    agency text not null,
    login text not null,
    list text not null check (list in ('work', 'inbox', 'sent')),
    query text not null,
    primary key (agency, login, list)
);
"""


def upgrade() -> None:
    ddl.run(TABLES, protect("work"), protect("liking"))
