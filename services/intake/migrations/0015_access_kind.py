"""How somebody saw a client: looked for one, found them, had them in a list, or opened what is known of them."""

from services.kit import ddl

revision = "intake_0015"
down_revision = "intake_0014"

# A new default fills the rows of before, of all institutions: row-level security would hide them from an update.
KINDS = """
alter table client_access
    add column kind text not null default 'card' check (kind in ('search', 'found', 'list', 'card'));
alter table client_access alter column kind drop default;
alter table client_access alter column kind type text using case when client_id is null then 'search' else kind end;
alter table client_access add constraint client_access_whom check ((kind = 'search') = (client_id is null));
"""


def upgrade() -> None:
    ddl.run(KINDS)
