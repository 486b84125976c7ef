"""Applications (wnioski) of an OPS; notices that an institution gives; applications that are sent as referrals."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0005"
down_revision = "intake_0004"

KINDS = """
alter table referral drop constraint referral_kind_check;
alter table referral add constraint referral_kind_check
    check (kind in ('statutory_cis', 'kis', 'service', 'application'))
"""

APPLICATIONS = """
create table application (
    id uuid primary key,
    agency text not null,
    client_id uuid not null references client (id),
    path_id uuid not null,
    number text not null,
    route text not null check (route in ('A', 'B')),
    channel text not null check (channel in ('in_person', 'paper', 'post', 'e_delivery', 'electronic')),
    urgency text not null check (urgency in ('normal', 'urgent')),
    receiver text,
    status text not null check (status in (
        'registered', 'interview_planned', 'interviewed', 'opinion_given', 'returned',
        'referred', 'refused', 'withdrawn'
    )),
    returned_from text check (returned_from in ('registered', 'interview_planned', 'interviewed')),
    version integer not null check (version >= 1),
    received_on date not null,
    registered_at timestamptz not null,
    interview_on date,
    interview_held_on date,
    opinion_on date,
    returned_at timestamptz,
    decided_at timestamptz,
    issued_by text,
    reason text,
    referral_id uuid references referral (id),
    source_id uuid unique,
    sealed_form text not null,
    sealed_work text not null,
    check ((status in ('referred', 'refused', 'withdrawn')) = (decided_at is not null)),
    check ((status = 'referred') = (referral_id is not null)),
    check (status not in ('returned', 'refused', 'withdrawn') or reason is not null),
    check ((status = 'returned') = (returned_from is not null)),
    check (status not in ('interviewed', 'opinion_given', 'referred', 'refused') or interview_held_on is not null),
    check (status not in ('opinion_given', 'referred', 'refused') or opinion_on is not null),
    check ((channel = 'electronic') = (source_id is not null))
);
create index application_list on application (agency, registered_at desc, id desc);
create index application_client on application (agency, client_id);

create table notice (
    id uuid primary key,
    agency text not null,
    kind text not null check (kind in ('direct_referral', 'application_outcome')),
    receiver text,
    at timestamptz not null,
    referral_id uuid,
    sealed_content text not null
);
create index notice_list on notice (agency, at desc, id desc);
"""


def upgrade() -> None:
    ddl.run(KINDS, APPLICATIONS, *map(protect, ("application", "notice")))
