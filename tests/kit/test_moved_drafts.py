"""Drafts that were saved among the referrals before they had a table of their own come along."""

from uuid import uuid4

import asyncpg
from sqlalchemy import make_url

from services.kit.database import database_name
from stack.secrets import Secrets
from tests.kit.migrating import script_of
from tests.kit.restartable import Server

REFERRAL = """
    insert into intake.referral (id, agency, client_id, path_id, number, receiver, kind, urgency, status, version,
        sealed_form, created_at)
    values ($1, 'ops-poraj', $2, $1, 'S26-0000-0000', 'cis-poraj', 'statutory_cis', 'urgent', $3, $4, 'sealed',
        now() - interval '1 year')
"""
CLIENT = "insert into intake.client (id, agency, person_index, created_at) values ($1, 'ops-poraj', $2, now())"


async def test_a_draft_moves_with_its_form_and_what_is_sent_stays(kit_postgres: Server, migrated: Secrets) -> None:
    url = make_url(kit_postgres.address).set(database=database_name("ops"))
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    draft, sent, client = uuid4(), uuid4(), uuid4()
    try:
        async with connection.transaction():
            await connection.execute(CLIENT, client, client.bytes)
            await connection.execute(REFERRAL, draft, client, "draft", 0)
            await connection.execute(REFERRAL, sent, client, "submitted", 1)
            await connection.execute("set constraints all immediate")  # or the table could not be altered
            # As migrations run: as the owner, whom row-level security binds, and for no institution.
            await connection.execute(f'set local role "{database_name("ops")}_owner"')
            await connection.execute("set local search_path = intake")
            await connection.execute("alter table draft no force row level security")  # not yet, at that moment
            await connection.execute(script_of("intake", "0004_form", "MOVED"))
            await connection.execute("reset role")
            (moved,) = await connection.fetch("select * from draft where id = $1", draft)
            assert (moved["sealed_form"], moved["urgency"], moved["client_id"]) == ("sealed", "urgent", client)
            # However old, it stays as long as one that was saved today.
            assert moved["saved_at"] == await connection.fetchval("select now()")
            assert moved["created_at"] < moved["saved_at"]
            assert [row["id"] for row in await connection.fetch("select id from referral")] == [sent]
            forced = "select relforcerowsecurity from pg_class where oid = 'referral'::regclass"
            assert await connection.fetchval(forced)
            await connection.execute("alter table draft force row level security")
            await connection.execute("delete from draft; delete from referral; delete from client")
    finally:
        await connection.close()
