"""Deadlines that a change of rules has moved, and the rules in force at the path node."""

from services.kit import ddl

revision = "paths_0004"
down_revision = "paths_0003"

NOTICES = """
alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check
    check (kind in ('reminder_due', 'deadline_missed', 'deadline_moved', 'dead_letter'));
alter table notice add column was timestamptz;
alter table notice add column why jsonb;
alter table notice add constraint notice_moved
    check ((kind = 'deadline_moved') = (was is not null and why is not null));
"""

RULEBOOK = """
create table rulebook (
    one boolean primary key check (one),
    number bigint not null,
    rules text not null,
    text text not null,
    since timestamptz not null
);
"""


def upgrade() -> None:
    ddl.run(NOTICES, RULEBOOK)
