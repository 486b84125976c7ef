"""Lists are narrowed to a person by the account's id; what was kept with a login is forgotten."""

from services.kit import ddl

revision = "desk_0004"
down_revision = "desk_0003"


def upgrade() -> None:
    ddl.run("delete from liking where query like '%person=%'")
