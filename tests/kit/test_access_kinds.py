"""Who looked before it was told how: a note of nobody was a search, any other one of an opened card, everywhere."""

from uuid import uuid4

import asyncpg
from sqlalchemy import make_url

from services.kit.database import database_name
from stack.secrets import Secrets
from tests.kit.migrating import script_of
from tests.kit.restartable import Server

NOTED = "insert into intake.client_access (agency, actor, client_id, at) values ($1, $1, $2, now())"


async def test_notes_of_before_tell_how_somebody_was_seen(kit_postgres: Server, migrated: Secrets) -> None:
    url = make_url(kit_postgres.address).set(database=database_name("ops"))
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    before = connection.transaction()
    try:
        await before.start()
        await connection.execute("alter table intake.client_access drop column kind")
        for agency in ("ops-poraj", "ops-tychy"):
            for client in (None, uuid4()):
                await connection.execute(NOTED, agency, client)
        # As migrations run: as the owner, whom row-level security binds, and for no institution.
        await connection.execute(f'set local role "{database_name("ops")}_owner"')
        await connection.execute("set local search_path = intake")
        await connection.execute(script_of("intake", "0015_access_kind", "KINDS"))
        await connection.execute("reset role")
        told = await connection.fetch("select agency, kind from client_access order by id")
        assert [tuple(row) for row in told] == [
            ("ops-poraj", "search"),
            ("ops-poraj", "card"),
            ("ops-tychy", "search"),
            ("ops-tychy", "card"),
        ]
    finally:
        await before.rollback()
        await connection.close()
