"""Marks: what events hint at, kept until an answer is that new."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from pydantic_core import to_json
from sqlalchemy import text

from services.desk import marks, store
from services.desk.api import Api
from services.desk.handlers import hints_of
from services.desk.hearing import Hearing
from services.desk.marks import Hint, anything
from services.desk.refresh import Refresher
from services.kit.database import Database
from services.kit.wake import Bell
from stack.desk import reading_of
from tests.desk.items import item, kept
from tests.nodes import Network, eventually
from tests.services.database import road_closed

PATH, REFERRAL = uuid4(), uuid4()
HOMES = {"ops-poraj", "kis-zdunska-wola"}


def hints(subject: str, **told: object) -> list[Hint]:
    body = {"path_id": str(PATH), "referral_id": str(REFERRAL), "version": 3, **told}
    return list(hints_of(subject, to_json(body), HOMES))


@pytest.fixture
def database(network: Network) -> Database:
    return network.bases["ops"].database("desk")


def test_a_fact_of_a_referral_is_about_the_institutions_that_are_at_home_here() -> None:
    found = hints("ev.cis.ops.referral.accepted", sender="ops-poraj", receiver="cis-poraj")
    assert found == [Hint("ops-poraj", PATH, REFERRAL, 3)]
    both = hints("ev.ops.ops.referral.accepted", sender="ops-poraj", receiver="kis-zdunska-wola")
    assert {hint.agency for hint in both} == HOMES


def test_a_picture_is_about_its_path() -> None:
    assert hints("ev.path.ops.path.advanced", agency="ops-poraj") == [Hint("ops-poraj", PATH, PATH, 3)]


def test_a_request_hints_at_the_version_that_will_answer_it() -> None:
    (found,) = hints("ev.cis.ops.intake.referral_requested", sender="cis-poraj", receiver="ops-poraj")
    assert found.version == 4


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"x"', b'{"path_id": 1}', b'{"path_id": "x", "referral_id": "y", "version": 1}', b"\xff", b"7"],
)
def test_what_cannot_be_read_hints_at_nothing(body: bytes) -> None:
    assert list(hints_of("ev.cis.ops.referral.accepted", body, HOMES)) == []


@pytest.mark.parametrize("side", [["ops-poraj"], {"ops-poraj": 1}, 7, None])
def test_a_side_that_is_no_institution_hints_at_nothing(side: object) -> None:
    assert hints("ev.cis.ops.referral.accepted", sender=side, receiver="ops-poraj") == [
        Hint("ops-poraj", PATH, REFERRAL, 3)
    ]


def test_a_notice_is_about_its_addressee_alone() -> None:
    found = hints(
        "ev.pup.ops.intake.notice_given", notice_id=str(REFERRAL), sender="kis-zdunska-wola", receiver="ops-poraj"
    )
    assert found == [Hint("ops-poraj", PATH, REFERRAL, 3)]


@pytest.mark.parametrize("version", [0, -1, 1 << 31, True, None])
def test_a_version_that_is_none_hints_at_nothing(version: object) -> None:
    found = hints("ev.cis.ops.referral.accepted", sender="ops-poraj", version=version)
    assert found == [] or version is True


async def _marked(database: Database, agency: str) -> list[tuple[int, int]]:
    query = text("select version, asked from mark where agency = :agency")
    async with database.transaction() as session:
        return [tuple(row) for row in (await session.execute(query, {"agency": agency})).all()]


async def _put(database: Database, *given: Hint) -> None:
    async with database.transaction() as session:
        await marks.put(session, given)


def _stranger() -> str:
    return f"stranger-{uuid4().hex[:8]}"


async def _settled(database: Database, agency: str, path: UUID, version: int) -> None:
    """As if the interface had answered with this version of the referral."""
    async with database.transaction(agency) as session:
        if version:
            told = item(REFERRAL, path_id=path, version=version, revision=version, path_version=version)
            await store.store(session, agency, [told])
        await marks.settle(session, agency, [path], datetime(2100, 1, 1, tzinfo=UTC))


async def test_hints_of_one_item_make_one_mark_of_the_highest_version(database: Database) -> None:
    agency, path = _stranger(), uuid4()
    await _put(database, Hint(agency, path, REFERRAL, 2), Hint(agency, path, REFERRAL, 5))
    await _put(database, Hint(agency, path, REFERRAL, 3))
    assert await _marked(database, agency) == [(5, 0)]
    await _settled(database, agency, path, 5)
    assert await _marked(database, agency) == []


async def test_a_mark_stays_until_the_answer_is_that_new_and_waits_longer_each_time(database: Database) -> None:
    agency, path = _stranger(), uuid4()
    await _put(database, Hint(agency, path, REFERRAL, 4))
    await _settled(database, agency, path, 0)
    await _settled(database, agency, path, 3)
    assert await _marked(database, agency) == [(4, 2)]
    await _put(database, Hint(agency, path, REFERRAL, 6))
    assert await _marked(database, agency) == [(6, 0)]
    await _settled(database, agency, path, 6)
    assert await _marked(database, agency) == []


async def test_a_mark_that_nothing_satisfies_is_given_up_after_a_day(database: Database) -> None:
    agency = _stranger()
    await _put(database, Hint(agency, uuid4(), REFERRAL, 1))
    async with database.transaction() as session:
        await session.execute(
            text("update mark set since = now() - interval '25 hours' where agency = :a"), {"a": agency}
        )
        await marks.agencies(session)
    assert await _marked(database, agency) == []


async def test_lists_that_said_they_were_behind_are_told_when_they_are_not(database: Database) -> None:
    agency, path = _stranger(), uuid4()
    await _put(database, Hint(agency, path, path, 1))
    async with database.transaction(agency) as session:
        assert not await marks.settle(session, agency, [path], datetime(2100, 1, 1, tzinfo=UTC))
    await _put(database, Hint(agency, path, path, 1))
    async with database.transaction(agency) as session:
        aged = "update mark set since = now() - interval '5 seconds' where agency = :agency"
        await session.execute(text(aged), {"agency": agency})
        assert await marks.settle(session, agency, [path], datetime(2100, 1, 1, tzinfo=UTC))


async def test_a_round_that_finds_its_marks_settled_asks_for_nothing(network: Network) -> None:
    asked: list[str] = []

    def token_of(agency: str) -> str:
        asked.append(agency)
        return "none"

    base = network.bases["ops"]
    reading = reading_of(base, Api(network.clients["ops"]))
    refresher = Refresher(replace(reading, token_of=token_of), base.clock, Bell())
    await refresher._refresh(_stranger())
    assert asked == []


async def test_what_the_node_sends_itself_is_listed_while_the_road_is_closed(network: Network) -> None:
    sender = network.office("ops-poraj")
    async with road_closed(network, "ops"):
        sent = await sender.send("cis-poraj")

        async def listed() -> bool:
            return sent["id"] in {row["id"] for row in await kept(network.bases["ops"].database("desk"), "ops-poraj")}

        assert await eventually(listed)


async def test_a_change_that_was_said_after_the_question_is_asked_for_again(database: Database) -> None:
    agency, path = _stranger(), uuid4()
    await _put(database, anything(agency, path))
    async with database.transaction() as session:
        asked_at = (await session.execute(text("select now()"))).scalar_one()
    await _put(database, anything(agency, path))
    async with database.transaction(agency) as session:
        await marks.settle(session, agency, [path], asked_at)
    assert await _marked(database, agency) == [(0, 0)]
    await _settled(database, agency, path, 0)
    assert await _marked(database, agency) == []


async def test_what_is_said_of_institutions_elsewhere_marks_nothing(database: Database) -> None:
    hearing, path = Hearing(database, ["here"]), uuid4()
    hearing.heard("")
    hearing.heard(f"elsewhere {path}")
    hearing.heard(f"here {path}")
    hearing.heard(f"here {path}")
    await hearing._keep()
    assert await _marked(database, "here") == [(0, 0)]
    assert await _marked(database, "elsewhere") == []
    await _settled(database, "here", path, 0)
    assert await _marked(database, "here") == []
