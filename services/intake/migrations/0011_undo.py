"""A referral whose decision was taken back is open again, also beside another one that was sent meanwhile.

The receiver cannot know of the other one, and what it decided is a fact; the sender sees both and withdraws one.
"""

from services.kit import ddl

revision = "intake_0011"
down_revision = "intake_0010"

OPEN = "status in ('submitted', 'delivered', 'in_review', 'info_requested') and not reopened"

UNDO = f"""
alter table referral add column reopened boolean not null default false;
drop index referral_one_open_statutory;
drop index referral_one_open_service;
create unique index referral_one_open_statutory on referral (agency, client_id, kind)
    where kind <> 'service' and {OPEN};
create unique index referral_one_open_service on referral (agency, client_id, receiver)
    where kind = 'service' and {OPEN}
"""


def upgrade() -> None:
    ddl.run(UNDO)
