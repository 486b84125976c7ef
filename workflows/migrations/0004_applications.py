"""Applications of an OPS, and those that came as a referral, on the paths they belong to."""

from services.kit import ddl

revision = "path_0004"
down_revision = "path_0003"

APPLICATIONS = """
alter table path drop constraint path_stage_check;
alter table path add constraint path_stage_check check (stage in (
    'applied', 'referred', 'accepted', 'trial', 'main', 'extension', 'work', 'completed', 'follow_up', 'closed'));
alter table referral drop constraint referral_kind_check;
alter table referral add constraint referral_kind_check
    check (kind in ('statutory_cis', 'kis', 'service', 'application'));
alter table referral drop constraint referral_status_check;
alter table referral add constraint referral_status_check check (status in (
    'submitted', 'delivered', 'in_review', 'info_requested', 'accepted', 'declined', 'withdrawn',
    'registered', 'interview_planned', 'interviewed', 'opinion_given', 'returned', 'referred', 'refused'));
"""


def upgrade() -> None:
    ddl.run(APPLICATIONS)
