"""The receiver's unit that a referral was sent to."""

from services.kit import ddl

revision = "intake_0008"
down_revision = "intake_0007"


def upgrade() -> None:
    ddl.run("alter table referral add column unit text")
