"""The rules in force, deadlines that are moved when these change, and the list of what was moved."""

from services.kit import ddl

revision = "path_0005"
down_revision = "path_0004"

RULEBOOK = """
create table rulebook (
    id bigint generated always as identity primary key,
    version text not null,
    text text not null,
    who text not null,
    day date not null,
    applied_at timestamptz not null
);
"""

DEADLINES = """
alter table deadline add column revision integer not null default 0 check (revision >= 0);
alter table deadline add column book bigint not null default 0;
alter table deadline drop constraint deadline_status_check;
alter table deadline add constraint deadline_status_check
    check (status in ('open', 'paused', 'met', 'missed', 'met_late', 'dropped'));
create index deadline_to_flow on deadline (path_id, book) where status in ('open', 'missed', 'paused');
alter table emission add column revision integer not null default 0 check (revision >= 0);
"""

MOVED = """
create table moved (
    deadline_id uuid not null references deadline,
    revision integer not null,
    path_id uuid not null references path,
    referral_id uuid not null,
    rule text not null,
    owner text not null,
    was timestamptz not null,
    becomes timestamptz not null,
    why jsonb not null,
    book bigint not null references rulebook,
    moved_at timestamptz not null,
    primary key (deadline_id, revision)
);
create index moved_by on moved (book, moved_at);
"""


def upgrade() -> None:
    ddl.run(RULEBOOK, DEADLINES, MOVED)
