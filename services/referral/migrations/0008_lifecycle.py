"""The whole life of a referral: proposals, waiting list, appointments, the service, a pause, the end and after."""

from services.kit import ddl

revision = "referral_0008"
down_revision = "referral_0007"

# Row-level security binds the owner of a table too, so nothing that was there before would be updated without a pause;
# that `was_accepted` is set again is what 0007 meant to do.
# Nothing told so far whether a service rests on a consent: the end of one can be noted, and nobody's is lost.
LIFECYCLE = """
alter table referral drop constraint referral_status_check;
alter table referral add constraint referral_status_check check (status in (
    'delivered', 'in_review', 'info_requested', 'redirect_proposed', 'accepted', 'waitlisted', 'scheduled', 'no_show',
    'in_service', 'suspended', 'cancel_requested', 'return_proposed', 'completed', 'declined', 'redirected',
    'withdrawn', 'cancelled', 'returned', 'no_response', 'unreachable', 'voided'
));
alter table referral
    add column trail text[] not null default '{}',
    add column ended_at timestamptz,
    add column suggestion text,
    add column edition text,
    add column edition_asked text,
    add column review_on date,
    add column meet_at timestamptz,
    add column meeting_changes integer not null default 0,
    add column sealed_place text,
    add column attempts integer not null default 0,
    add column channels text[] not null default '{}',
    add column suspended_for text,
    add column suspended_until date,
    add column started_at timestamptz,
    add column signed_on date,
    add column outcome text,
    add column evidence text,
    add column sealed_summary text,
    add column reopen_asked boolean not null default false,
    add column consent boolean not null default false,
    add column consent_ended boolean not null default false,
    add column follows uuid,
    add column followed_by uuid,
    add column lineage text[] not null default '{}';
alter table referral no force row level security;
update referral set ended_at = decided_at where status in ('declined', 'withdrawn');
update referral set trail = '{in_review}' where status = 'declined';
update referral set was_accepted = true where status = 'accepted';
update referral set consent = true where kind = 'service';
alter table referral force row level security;

alter table referral drop constraint referral_check;
alter table referral drop constraint referral_check1;
alter table referral add constraint referral_reason_told check (reason is not null or status not in (
    'redirect_proposed', 'cancel_requested', 'return_proposed', 'declined', 'withdrawn', 'cancelled',
    'returned', 'voided'
));
alter table referral add constraint referral_outcome_told
    check (status <> 'completed' or (outcome is not null and evidence is not null));
alter table referral add constraint referral_end_noted check ((ended_at is not null) = (status in (
    'completed', 'declined', 'redirected', 'withdrawn', 'cancelled', 'returned', 'no_response', 'unreachable', 'voided'
)));
alter table referral add constraint referral_day_noted check (
    (status <> 'waitlisted' or review_on is not null)
    and (status <> 'scheduled' or meet_at is not null)
    and (status <> 'suspended' or (suspended_until is not null and suspended_for is not null))
);
alter table referral add constraint referral_dossier_gone
    check (status not in ('withdrawn', 'redirected', 'no_response', 'voided') or sealed_dossier is null);
alter table referral add constraint referral_way_back
    check (status not in ('suspended', 'cancel_requested', 'return_proposed') or cardinality(trail) > 0);

alter table request drop constraint request_action_check;
alter table request add constraint request_action_check check (action in (
    'withdraw', 'answer', 'accept_redirect', 'refuse_redirect', 'request_cancel', 'accept_return', 'refuse_return',
    'close_unanswered', 'ask_reopen', 'void', 'end_consent', 'renew_consent'
));
create index referral_places on referral (agency, edition) where edition is not null
"""


def upgrade() -> None:
    ddl.run(LIFECYCLE)
