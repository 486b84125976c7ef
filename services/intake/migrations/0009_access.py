"""Who looked for clients or at one; files whose sending failed are tried again later."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0009"
down_revision = "intake_0008"

TABLES = """
create table client_access (
    id bigint generated always as identity primary key,
    agency text not null,
    actor text not null,
    client_id uuid,
    at timestamptz not null
);
create index client_access_by on client_access (agency, actor, at) where client_id is null;
create index client_access_of on client_access (agency, client_id, at);
create index client_access_at on client_access (agency, at);

alter table attachment_handover
    add column attempts integer not null default 0 check (attempts >= 0),
    add column due_at timestamptz not null default now();
"""


def upgrade() -> None:
    ddl.run(TABLES, protect("client_access"))
