"""The unit of the receiver whose inbox a referral is in; notices that other institutions have given."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "referral_0004"
down_revision = "referral_0003"

UNITS = """
alter table referral add column unit text;
create index referral_unit on referral (agency, unit, delivered_at desc, id desc) where unit is not null;
"""

NOTICES = """
create table notice (
    id uuid primary key,
    agency text not null,
    kind text not null check (kind in ('direct_referral', 'application_outcome')),
    sender text not null,
    at timestamptz not null,
    read_at timestamptz,
    referral_id uuid,
    sealed_content text not null
);
create index notice_list on notice (agency, at desc, id desc);
"""


def upgrade() -> None:
    ddl.run(UNITS, NOTICES, protect("notice"))
