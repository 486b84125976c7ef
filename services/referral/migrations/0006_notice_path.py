"""On which client's path a received notice is; those of before are on none."""

from services.kit import ddl

revision = "referral_0006"
down_revision = "referral_0005"

PATHS = """
alter table notice add column path_id uuid;
create index notice_path on notice (agency, path_id);
create index referral_path on referral (agency, path_id)
"""


def upgrade() -> None:
    ddl.run(PATHS)
