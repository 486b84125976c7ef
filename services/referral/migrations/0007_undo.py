"""A decision can be taken back: who made it, who led the case before, and that files may have followed it."""

from services.kit import ddl

revision = "referral_0007"
down_revision = "referral_0006"

UNDO = """
alter table referral add column decided_by text;
alter table referral add column former_custodian text;
alter table referral add column was_accepted boolean not null default false;
update referral set was_accepted = true where status = 'accepted'
"""


def upgrade() -> None:
    ddl.run(UNDO)
