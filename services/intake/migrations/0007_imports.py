"""Files of referrals: what was sent in, sealed; what became of each row; which rows are known for ever."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0007"
down_revision = "intake_0006"

# import_queue has no tenant: the worker looks there for whom it has work, and it holds ids only.
TABLES = """
create table import (
    id uuid primary key,
    agency text not null,
    actor text not null,
    roles text[] not null,
    state text not null check (state in ('waiting', 'running', 'done', 'failed')),
    dry_run boolean not null,
    total integer not null check (total > 0),
    done integer not null check (done between 0 and total),
    created integer not null,
    same integer not null,
    bad integer not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    check (done = created + same + bad),
    check ((state in ('done', 'failed')) = (finished_at is not null))
);
create index import_list on import (agency, created_at desc, id desc);
create index import_finished on import (agency, finished_at);

create table import_part (
    import_id uuid not null references import (id),
    agency text not null,
    part integer not null check (part >= 0),
    sealed text not null,
    primary key (import_id, part)
);

create table import_row (
    import_id uuid not null references import (id),
    agency text not null,
    row integer not null,
    outcome text not null check (outcome in ('created', 'same', 'bad')),
    referral_id uuid,
    digest bytea,
    place bytea,
    errors jsonb not null,
    primary key (import_id, row)
);

create table import_mark (
    agency text not null,
    digest bytea not null,
    referral_id uuid not null,
    primary key (agency, digest)
);

create table import_columns (
    agency text not null,
    fingerprint bytea not null,
    fields jsonb not null,
    primary key (agency, fingerprint)
);

create table import_queue (
    import_id uuid primary key references import (id),
    agency text not null,
    created_at timestamptz not null
);
"""


def upgrade() -> None:
    ddl.run(TABLES, *map(protect, ("import", "import_part", "import_row", "import_mark", "import_columns")))
