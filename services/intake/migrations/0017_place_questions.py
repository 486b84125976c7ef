"""Questions about places, as the institution that asks keeps them."""

from services.kit import ddl
from services.kit.tenancy import protect

revision = "intake_0017"
down_revision = "intake_0016"

QUESTIONS = """
create table place_question (
    id uuid primary key,
    agency text not null,
    receiver text not null,
    places integer not null check (places > 0),
    workshop text,
    from_on date,
    asked_at timestamptz not null,
    due_on date not null,
    answered_at timestamptz,
    free integer check (free >= 0),
    free_from date,
    sealed_note text,
    check ((answered_at is null) = (free is null))
);
create index place_question_list on place_question (agency, asked_at desc, id desc)
"""


def upgrade() -> None:
    ddl.run(QUESTIONS, protect("place_question"))
