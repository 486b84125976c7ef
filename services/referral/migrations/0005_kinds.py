"""Applications that come as referrals."""

from services.kit import ddl

revision = "referral_0005"
down_revision = "referral_0004"

KINDS = """
alter table referral drop constraint referral_kind_check;
alter table referral add constraint referral_kind_check
    check (kind in ('statutory_cis', 'kis', 'service', 'application'))
"""


def upgrade() -> None:
    ddl.run(KINDS)
