"""A draft waits for the social worker's opinion: who asked for it, whom and when, and who gave it."""

from services.kit import ddl

revision = "intake_0018"
down_revision = "intake_0017"

OPINIONS = """
alter table draft
    add column status text not null default 'draft' check (status in ('draft', 'opinion_pending')),
    add column opinion_asked_by text,
    add column opinion_asked_of text,
    add column opinion_asked_at timestamptz,
    add column opinion_given_by text,
    add column opinion_given_at timestamptz,
    add constraint draft_opinion_asked check (status <> 'opinion_pending' or opinion_asked_at is not null);
create index draft_opinion_pending on draft (agency) where status = 'opinion_pending'
"""


def upgrade() -> None:
    ddl.run(OPINIONS)
