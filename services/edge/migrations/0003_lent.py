"""The directory lends somebody to another institution once: a post that was taken away there stays away."""

from services.kit import ddl

revision = "edge_0003"
down_revision = "edge_0002"


def upgrade() -> None:
    ddl.run("""
        create table lent (
            login text not null references account on delete cascade,
            agency text not null,
            role text not null,
            primary key (login, agency, role)
        );
        insert into lent (login, agency, role)
            select login, post.agency, role from post join account using (login) where post.agency <> account.agency;
    """)
