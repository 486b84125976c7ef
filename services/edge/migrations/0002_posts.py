"""A person holds posts: roles in one or more institutions of the node. A session ends when nothing is done in it."""

from services.kit import ddl

revision = "edge_0002"
down_revision = "edge_0001"


def upgrade() -> None:
    ddl.run("""
        create table post (
            login text not null references account on delete cascade,
            agency text not null,
            role text not null,
            used_at timestamptz,
            primary key (login, agency, role)
        );
        create index post_of on post (agency);
        insert into post (login, agency, role) select login, agency, role from account;

        alter table account
            drop column role,
            add column id uuid not null unique default gen_random_uuid(),
            add column name text not null default '',
            add column disabled_at timestamptz,
            add column signed_in_at timestamptz;
        update account set name = login;
        alter table account alter column id drop default, alter column name drop default;

        alter table token add column last_seen timestamptz;
        update token set last_seen = now() where expires_at is not null;
        create index token_of on token (actor) where expires_at is not null;
    """)
