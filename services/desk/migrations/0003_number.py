"""A case is looked for by its number."""

from services.kit import ddl

revision = "desk_0003"
down_revision = "desk_0002"


def upgrade() -> None:
    ddl.run("create index work_number on work (agency, (item ->> 'number'))")
