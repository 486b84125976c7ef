"""A database of the former release gets what the whole life of a received referral needs, for what it holds too.

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

INSTITUTIONS = ("cis-poraj", "cis-tychy")
OPEN = ("delivered", "in_review", "info_requested", "accepted")
ENDED = ("declined", "withdrawn")
TABLES = ("referral", "request", "place_question")

REFERRAL = """
    insert into referral (id, agency, sender, path_id, number, kind, urgency, status, version, custodian, submitted_at,
                          delivered_at, claimed_by, sealed_dossier, decided_at, reason)
    values ($1, $2, 'ops-poraj', $3, 'S26-0000-0000', 'statutory_cis', 'normal', $4, 3, 'ops-poraj', now(), now(),
            'jan',
            case when $4 <> 'withdrawn' then '' end,
            case when $4 in ('accepted', 'declined', 'withdrawn') then timestamptz '2026-05-04 10:00+02' end,
            case when $4 in ('declined', 'withdrawn') then 'no_place' end)
"""
REQUEST = """
    insert into request (id, agency, referral_id, action, state, asked_at, answered_at)
    values ($1, $2, $3, $4, 'done', now(), now())
"""


async def _filled(connection: Any) -> Rows:
    """In each institution a referral in every state that the former release knew, one taken back as was asked."""
    kept = {}
    for institution in INSTITUTIONS:
        for status in (*OPEN, *ENDED):
            kept[institution, status] = uuid4()
            await connection.execute(REFERRAL, kept[institution, status], institution, uuid4(), status)
        await connection.execute(REQUEST, uuid4(), institution, kept[institution, "withdrawn"], "withdraw")
        of_service = "update referral set kind = 'service' where id = $1"
        await connection.execute(of_service, kept[institution, "delivered"])
    return kept


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def former(postgres_server: EmbeddedServer) -> AsyncIterator[Former]:
    async with upgraded(postgres_server, "referral", "referral_0007", _filled) as found:
        yield found


async def test_what_had_ended_knows_since_when_and_what_goes_on_has_no_end(former: Former) -> None:
    for institution in INSTITUTIONS:
        ends = {
            row["status"]: row["ended_at"] == row["decided_at"] if row["ended_at"] else None
            for row in await former.seen(institution, "select status, ended_at, decided_at from referral.referral")
        }
        assert ends == dict.fromkeys(OPEN) | dict.fromkeys(ENDED, True)


async def test_what_was_accepted_is_known_to_have_been_so_that_its_files_are_taken_in(former: Former) -> None:
    for institution in INSTITUTIONS:
        accepted = await former.seen(institution, "select status from referral.referral where was_accepted")
        assert [row["status"] for row in accepted] == ["accepted"]


async def test_a_refusal_knows_that_it_came_from_the_review_and_is_no_late_one(former: Former) -> None:
    for institution in INSTITUTIONS:
        trails = await former.seen(institution, "select status, trail from referral.referral")
        assert {row["status"]: row["trail"] for row in trails} == {
            **{status: [] for status in (*OPEN, "withdrawn")},
            "declined": ["in_review"],
        }


async def test_what_is_new_is_empty(former: Former) -> None:
    for institution in INSTITUTIONS:
        for row in await former.seen(institution, "select * from referral.referral"):
            told = [row[name] for name in ("lineage", "channels", "attempts", "consent_ended", "reopen_asked")]
            assert told == [[], [], 0, False, False]


async def test_the_end_of_a_consent_can_be_noted_of_a_service_sent_before(former: Former) -> None:
    for institution in INSTITUTIONS:
        consents = await former.seen(institution, "select kind, consent from referral.referral")
        assert {row["kind"]: row["consent"] for row in consents} == {"statutory_cis": False, "service": True}


@pytest.mark.parametrize("table", TABLES)
async def test_each_institution_still_sees_its_own_only(former: Former, table: str) -> None:
    forced = f"select relrowsecurity and relforcerowsecurity from pg_class where oid = 'referral.{table}'::regclass"
    assert await former.connection.fetchval(forced)
    for institution in INSTITUTIONS:
        of_whom = {row["agency"] for row in await former.seen(institution, f"select agency from referral.{table}")}
        assert of_whom == ({institution} if table != "place_question" else set())


async def test_the_new_states_and_requests_are_kept_and_no_others(former: Former) -> None:
    referral = former.kept["cis-poraj", "accepted"]
    wait = "update referral.referral set status = 'waitlisted', review_on = $2 where id = $1"
    with pytest.raises(asyncpg.CheckViolationError):
        await former.connection.execute(wait, referral, None)
    with pytest.raises(asyncpg.CheckViolationError):
        await former.connection.execute("update referral.referral set status = 'lost' where id = $1", referral)
    await former.connection.execute(REQUEST, uuid4(), "cis-poraj", referral, "request_cancel")
    with pytest.raises(asyncpg.CheckViolationError):
        await former.connection.execute(REQUEST, uuid4(), "cis-poraj", referral, "beg")
