"""First tables of the edge: tokens and accounts. Read before it is known who calls, so they belong to no tenant."""

from services.kit import ddl

revision = "edge_0001"
down_revision = None


def upgrade() -> None:
    ddl.run("""
        create table token (
            hash bytea primary key check (length(hash) = 32),
            agency text not null,
            actor text not null,
            roles text[] not null,
            expires_at timestamptz
        );

        create table account (
            login text primary key,
            agency text not null,
            role text not null,
            password text not null,
            failures integer not null default 0,
            blocked_until timestamptz
        );
    """)
