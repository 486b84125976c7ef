"""The whole life of a referral at its sender: proposals, waiting list, appointments, a pause, the end, what follows.

Whether a referral of before rests on consent is sealed in its form. A service referral may: its end can be noted.
"""

from services.kit import ddl

revision = "intake_0016"
down_revision = "intake_0015"

LIFECYCLE = """
alter table referral drop constraint referral_status_check;
alter table referral add constraint referral_status_check check (status in (
    'draft', 'submitted', 'delivered', 'in_review', 'info_requested', 'redirect_proposed', 'accepted', 'waitlisted',
    'scheduled', 'no_show', 'in_service', 'suspended', 'cancel_requested', 'return_proposed', 'completed', 'declined',
    'redirected', 'withdrawn', 'cancelled', 'returned', 'no_response', 'unreachable', 'voided'
));
alter table referral
    add column ended_at timestamptz,
    add column was_in_charge boolean not null default false,
    add column suggestion text,
    add column edition text,
    add column review_on date,
    add column edition_starts_on date,
    add column meet_at timestamptz,
    add column sealed_place text,
    add column attempts integer not null default 0,
    add column suspended_until date,
    add column suspended_for text,
    add column signed_on date,
    add column outcome text,
    add column evidence text,
    add column sealed_summary text,
    add column reopen_asked boolean not null default false,
    add column consent boolean not null default false,
    add column consent_ended boolean not null default false,
    add column follows uuid references referral (id) deferrable initially deferred,
    add column followed_by uuid,
    add column lineage text[] not null default '{}';
alter table referral no force row level security;
update referral set ended_at = decided_at where status in ('declined', 'withdrawn');
update referral set was_in_charge = true where status = 'accepted';
update referral set consent = true where kind = 'service';
alter table referral force row level security;
alter table referral add constraint referral_not_its_own_parent check (follows is null or follows <> id);

alter table request add column sealed_note text;
alter table request drop constraint request_action_check;
alter table request add constraint request_action_check check (action in (
    'withdraw', 'answer', 'accept_redirect', 'refuse_redirect', 'request_cancel', 'accept_return', 'refuse_return',
    'close_unanswered', 'ask_reopen', 'void', 'end_consent', 'renew_consent'
))
"""


def upgrade() -> None:
    ddl.run(LIFECYCLE)
