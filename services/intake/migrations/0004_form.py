"""Drafts, which hold what was typed and nothing else, apart from referrals, which are sent."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0004"
down_revision = "intake_0003"

TABLES = """
create table draft (
    id uuid primary key,
    agency text not null,
    client_id uuid references client (id),
    path_id uuid not null,
    number text not null,
    receiver text,
    kind text,
    urgency text not null,
    revision integer not null default 0 check (revision >= 0),
    sealed_form text not null,
    created_at timestamptz not null,
    saved_at timestamptz not null
);
create index draft_list on draft (agency, created_at desc, id desc);
create index draft_of_client on draft (agency, client_id);
create index draft_saved on draft (agency, saved_at);
"""

# A migration belongs to no institution, and row-level security binds the owner too. The time for which a draft is kept
# begins with the move: until now nobody was told that it would end.
MOVED = """
alter table referral no force row level security;
insert into draft (
    id, agency, client_id, path_id, number, receiver, kind, urgency, sealed_form, created_at, saved_at
)
select id, agency, client_id, path_id, number, receiver, kind, urgency, sealed_form, created_at, now()
from referral where status = 'draft';
delete from referral where status = 'draft';
alter table referral force row level security;
"""


def upgrade() -> None:
    ddl.run(TABLES, MOVED, protect("draft"))
