"""The whole life of a referral: the states between the acceptance and the end, and the ends."""

from services.kit import ddl

revision = "path_0006"
down_revision = "path_0005"

LIFECYCLE = """
alter table referral drop constraint referral_status_check;
alter table referral add constraint referral_status_check check (status in (
    'submitted', 'delivered', 'in_review', 'info_requested', 'redirect_proposed', 'accepted', 'waitlisted', 'scheduled',
    'no_show', 'in_service', 'suspended', 'cancel_requested', 'return_proposed', 'completed', 'declined', 'redirected',
    'withdrawn', 'cancelled', 'returned', 'no_response', 'unreachable', 'voided',
    'registered', 'interview_planned', 'interviewed', 'opinion_given', 'referred', 'refused'
))
"""


def upgrade() -> None:
    ddl.run(LIFECYCLE)
