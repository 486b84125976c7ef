"""Notices of dead letters: no rule and nothing due, but a cause and an outcome."""

from services.kit import ddl

revision = "paths_0003"
down_revision = "paths_0002"

NOTICES = """
alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check
    check (kind in ('reminder_due', 'deadline_missed', 'dead_letter'));
alter table notice alter column referral_id drop not null;
alter table notice alter column rule drop not null;
alter table notice alter column due_at drop not null;
alter table notice add column cause text;
alter table notice add column node text;
alter table notice add column outcome text check (outcome in ('resolved', 'dropped'));
alter table notice add constraint notice_whole check (
    case when kind = 'dead_letter' then cause is not null and node is not null
    else referral_id is not null and rule is not null and due_at is not null end
);
"""


def upgrade() -> None:
    ddl.run(NOTICES)
