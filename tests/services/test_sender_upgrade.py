"""A database of the former release gets what the whole life of a referral needs, for what it holds already too.

Row-level security is forced on its owner, who makes the change: a row that it hid would stay as it was.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from tests.servers import EmbeddedServer
from tests.services.upgrading import Former, Rows, upgraded

INSTITUTIONS = ("ops-poraj", "ops-tychy")
OPEN = ("submitted", "delivered", "in_review", "info_requested", "accepted")
ENDED = ("declined", "withdrawn")
TABLES = ("referral", "request", "draft", "place_question")

CLIENT = "insert into client (id, agency, person_index, created_at) values ($1, $2, $3, now())"
REFERRAL = """
    insert into referral (id, agency, client_id, path_id, number, receiver, kind, urgency, status, version, custodian,
                          sealed_form, created_at, decided_at, reason)
    values ($1, $2, $3, $4, 'S26-0000-0000', 'cis-poraj', $6, 'normal', $5, 3, $2, '', now(),
            case when $5 in ('accepted', 'declined', 'withdrawn') then timestamptz '2026-05-04 10:00+02' end,
            case when $5 in ('declined', 'withdrawn') then 'no_place' end)
"""
REQUEST = """
    insert into request (id, agency, referral_id, action, state, asked_at)
    values ($1, $2, $3, $4, 'pending', now())
"""
DRAFT = """
    insert into draft (id, agency, path_id, number, urgency, sealed_form, created_at, saved_at)
    values ($1, $2, $3, 'S26-0000-0001', 'normal', '', now(), now())
"""


async def _filled(connection: Any) -> Rows:
    """In each institution a draft, and a referral in every state that the former release knew."""
    sent = {}
    for institution in INSTITUTIONS:
        await connection.execute(DRAFT, uuid4(), institution, uuid4())
        for status in (*OPEN, *ENDED):
            client, referral = uuid4(), uuid4()
            await connection.execute(CLIENT, client, institution, client.bytes)
            await connection.execute(REFERRAL, referral, institution, client, uuid4(), status, "statutory_cis")
            sent[institution, status] = referral
        await connection.execute(REFERRAL, uuid4(), institution, client, uuid4(), "in_review", "service")
        await connection.execute(REQUEST, uuid4(), institution, sent[institution, "submitted"], "withdraw")
    return sent


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def former(postgres_server: EmbeddedServer) -> AsyncIterator[Former]:
    async with upgraded(postgres_server, "intake", "intake_0015", _filled) as found:
        yield found


async def test_what_had_ended_knows_since_when_and_what_goes_on_has_no_end(former: Former) -> None:
    for institution in INSTITUTIONS:
        ends = {
            row["status"]: row["ended_at"] == row["decided_at"] if row["ended_at"] else None
            for row in await former.seen(institution, "select status, ended_at, decided_at from intake.referral")
        }
        assert ends == dict.fromkeys(OPEN) | dict.fromkeys(ENDED, True)


async def test_who_had_accepted_was_in_charge_and_nobody_else(former: Former) -> None:
    for institution in INSTITUTIONS:
        charged = await former.seen(institution, "select status from intake.referral where was_in_charge")
        assert [row["status"] for row in charged] == ["accepted"]


async def test_the_end_of_a_consent_can_be_noted_of_a_service_and_of_nothing_that_an_act_orders(former: Former) -> None:
    query = "select kind, consent, consent_ended from intake.referral"
    for institution in INSTITUTIONS:
        told = {(row["kind"], row["consent"], row["consent_ended"]) for row in await former.seen(institution, query)}
        assert told == {("statutory_cis", False, False), ("service", True, False)}


async def test_what_is_new_is_empty(former: Former) -> None:
    for institution in INSTITUTIONS:
        for row in await former.seen(institution, "select * from intake.referral"):
            assert (row["lineage"], row["attempts"], row["reopen_asked"]) == ([], 0, False)
        (draft,) = await former.seen(institution, "select * from intake.draft")
        assert (draft["status"], draft["opinion_asked_at"]) == ("draft", None)


@pytest.mark.parametrize("table", TABLES)
async def test_each_institution_still_sees_its_own_only(former: Former, table: str) -> None:
    forced = f"select relrowsecurity and relforcerowsecurity from pg_class where oid = 'intake.{table}'::regclass"
    assert await former.connection.fetchval(forced)
    for institution in INSTITUTIONS:
        of_whom = {row["agency"] for row in await former.seen(institution, f"select agency from intake.{table}")}
        assert of_whom <= {institution}


async def test_the_new_states_and_requests_are_kept_and_no_others(former: Former) -> None:
    referral, into = former.kept["ops-poraj", "accepted"], "update intake.referral set status = $2 where id = $1"
    await former.connection.execute(into, referral, "suspended")
    await former.connection.execute(REQUEST, uuid4(), "ops-poraj", referral, "request_cancel")
    with pytest.raises(asyncpg.CheckViolationError):
        await former.connection.execute(into, referral, "unheard_of")
    await former.connection.execute(into, referral, "accepted")
