"""What is of a path, found by it: lists of work ask so."""

from services.kit import ddl

revision = "intake_0010"
down_revision = "intake_0009"

INDEXES = """
create index referral_of_path on referral (agency, path_id);
create index application_of_path on application (agency, path_id)
"""


def upgrade() -> None:
    ddl.run(INDEXES)
