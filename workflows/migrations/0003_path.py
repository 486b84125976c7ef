"""Which paths have changed since the institutions were told; a wake-up refers to its fact instead of repeating it."""

from services.kit import ddl

revision = "path_0003"
down_revision = "path_0002"

UNTOLD = """
create table untold (
    path_id uuid primary key references path,
    cause jsonb,
    since timestamptz not null default now()
);
create index untold_since on untold (since);
"""

WAKE = """
alter table wake add column event_id uuid references fact (event_id);
update wake set event_id = (fact ->> 'event_id')::uuid;
alter table wake alter column event_id set not null;
alter table wake drop column fact;
alter table wake add column trace text;
"""


def upgrade() -> None:
    ddl.run(UNTOLD, WAKE)
