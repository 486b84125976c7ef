"""Forms that were sent: key and where they led, nothing of what was typed."""

from services.kit import ddl

revision = "desk_0001"
down_revision = None

TABLES = """
create table submission (
    key text primary key,
    location text,
    at timestamptz not null
);
create index submission_age on submission (at);
"""


def upgrade() -> None:
    ddl.run(TABLES)
