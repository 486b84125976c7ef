"""Imports that a person stopped."""

from services.kit import ddl

revision = "intake_0012"
down_revision = "intake_0011"

TABLES = """
alter table import
    drop constraint import_state_check,
    drop constraint import_check2,
    add constraint import_state_known check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    add constraint import_finished_when check ((state in ('waiting', 'running')) = (finished_at is null));
"""


def upgrade() -> None:
    ddl.run(TABLES)
