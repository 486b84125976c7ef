"""The contents of files that came with received referrals, and who opened them. The parts are sealed, so that nothing
is gained by compressing them."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "referral_0003"
down_revision = "referral_0002"

TABLES = """
create table attachment_part (
    referral_id uuid not null references referral (id) on delete cascade,
    attachment_id uuid not null,
    part integer not null check (part > 0),
    agency text not null,
    parts integer not null check (parts >= part),
    sealed text not null,
    primary key (referral_id, attachment_id, part)
);
alter table attachment_part alter column sealed set storage external;

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
    ddl.run(TABLES, *map(protect, ("attachment_part", "attachment_access")))
