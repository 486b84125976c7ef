"""Clients are found by names alone. Those of before get their keys from the running node, which can open them."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0013"
down_revision = "intake_0012"

NAMES = """
alter table client add column named boolean not null default false;
create index client_unnamed on client (id) where not named and sealed_known is not null;
create table client_name (
    agency text not null,
    key bytea not null,
    client_id uuid not null references client (id),
    primary key (agency, key, client_id)
);
create index client_name_of on client_name (client_id);
"""


def upgrade() -> None:
    ddl.run(NAMES, protect("client_name"))
