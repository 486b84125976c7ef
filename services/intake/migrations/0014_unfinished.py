"""What somebody has typed for a step of an application stays until they have taken it, sealed as all else about it."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0014"
down_revision = "intake_0013"

UNFINISHED = """
create table unfinished (
    id uuid primary key,
    agency text not null,
    application_id uuid not null references application (id),
    action text not null,
    author text not null,
    saved_at timestamptz not null,
    sealed_fields text not null,
    unique (application_id, action, author)
);
"""


def upgrade() -> None:
    ddl.run(UNFINISHED, protect("unfinished"))
