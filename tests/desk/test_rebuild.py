"""What the desk keeps is what the interface tells, however it came to know it: by hints one by one, or all at once."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from contracts.work import WorkItem
from services.desk import rebuild, store
from services.desk.api import Api, Refused
from services.desk.reading import Reading
from services.kit.database import Database
from stack.compose import Base
from stack.desk import reading_of
from tests.desk.items import deadline, item, kept, marked
from tests.nodes import Network, eventually
from tests.services.applying import registered


@pytest.fixture
def database(network: Network) -> Database:
    return network.bases["cis"].database("desk")


def _reading(network: Network, node: str) -> Reading:
    return reading_of(network.bases[node], Api(network.clients[node]))


async def _own(database: Database, agency: str, ids: set[str]) -> list[dict[str, Any]]:
    """The rows with these ids: what else the institution has is other tests', which leave also marks that nothing
    satisfies."""
    return [row for row in await kept(database, agency) if row["id"] in ids]


async def _store(database: Database, agency: str, answer: list[WorkItem]) -> None:
    async with database.transaction(agency) as session:
        await store.store(session, agency, answer)


def _history(chance: random.Random, ids: list[UUID]) -> Iterator[list[WorkItem]]:
    """What the interface would answer at one moment after the other: in each step an item or its path moves on."""
    revisions, paths = dict.fromkeys(ids, 1), dict.fromkeys(ids, 0)
    path_of = {identity: uuid4() for identity in ids}
    for _ in range(chance.randint(3, 15)):
        chosen = chance.choice(ids)
        grows = chance.choice((revisions, paths))
        grows[chosen] += chance.randint(1, 2)
        yield [
            item(
                identity,
                path_id=path_of[identity],
                version=revisions[identity],
                revision=revisions[identity],
                path_version=paths[identity],
                status="delivered" if revisions[identity] % 2 else "in_review",
                claimed_by=None if revisions[identity] % 2 else "anna@cis-poraj",
                deadline=deadline(days=paths[identity]) if paths[identity] % 3 else None,
            )
            for identity in ids
        ]


def _torn(early: int, late: int, answers: list[list[WorkItem]]) -> list[WorkItem]:
    """An answer that was long under way: its items were read at one moment, their deadlines at a later one."""
    return [
        read.model_copy(update={"path_version": then.path_version, "deadline": then.deadline})
        for read, then in zip(answers[early], answers[late], strict=True)
    ]


@pytest.mark.parametrize("seed", range(12))
async def test_answers_in_any_order_and_number_leave_what_the_last_one_told(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    answers = list(_history(chance, [uuid4() for _ in range(chance.randint(1, 4))]))
    torn = [_torn(*sorted(chance.choices(range(len(answers)), k=2)), answers) for _ in range(5)]
    shuffled = answers + chance.choices(answers, k=5) + torn
    chance.shuffle(shuffled)
    fed, rebuilt = f"fed-{seed}-{uuid4().hex[:8]}", f"rebuilt-{seed}-{uuid4().hex[:8]}"
    for answer in shuffled:
        await _store(database, fed, chance.sample(answer, chance.randint(0, len(answer))))
    for answer in (shuffled[0], answers[-1], shuffled[-1]):
        await _store(database, fed, answer)
    await _store(database, rebuilt, answers[-1])
    without = [[{**row, "agency": ""} for row in await kept(database, agency)] for agency in (fed, rebuilt)]
    assert without[0] == without[1]
    assert len(without[0]) == len(answers[-1])


async def test_an_answer_to_an_earlier_question_does_not_delete_what_was_stored_since(database: Database) -> None:
    agency, new = f"later-{uuid4().hex[:8]}", item()
    assert new.path_id is not None
    async with database.transaction(agency) as session:
        asked_at = (await session.execute(text("select now()"))).scalar_one()
    await _store(database, agency, [new])
    async with database.transaction(agency) as session:
        assert not await store.drop_gone(session, agency, [new.path_id], [], asked_at)
    async with database.transaction(agency) as session:
        now = (await session.execute(text("select now()"))).scalar_one()
        assert await store.drop_gone(session, agency, [new.path_id], [], now)
    assert await kept(database, agency) == []


async def test_what_came_by_events_is_what_a_rebuild_finds(network: Network) -> None:
    ops, cis = network.office("ops-poraj"), network.office("cis-poraj")
    sent = [await ops.send("cis-poraj") for _ in range(4)]
    application = await registered(ops)
    for each, action in zip(sent, ("claim", "accept", "claim"), strict=False):
        await cis.has(each["id"])
        assert (await cis.act(each["id"], action)).status_code == 200
    assert (await ops.act(sent[3]["id"], "withdraw", reason="person_moved")).status_code == 202
    await ops.has(sent[3]["id"], status="withdrawn")
    ids = {each["id"] for each in sent}
    for node, agency, own in (("ops", "ops-poraj", ids | {application["id"]}), ("cis", "cis-poraj", ids)):
        base = network.bases[node]
        reading = _reading(network, node)

        async def same(
            base: Base = base, reading: Reading = reading, agency: str = agency, own: set[str] = own
        ) -> bool:
            """Events may still be on their way; in the end nothing is left for a rebuild to find."""
            before = await _own(reading.database, agency, own)
            if len(before) != len(own) or await marked(reading.database, before):
                return False
            await rebuild.rebuild(reading, base.clock, agency)
            return before == await _own(reading.database, agency, own)

        assert await eventually(same)


async def test_rows_that_are_lost_come_back_by_a_rebuild(network: Network) -> None:
    ops = network.office("ops-zdunska-wola")
    own = {(await registered(ops))["id"] for _ in range(2)}
    base = network.bases["ops"]
    database, reading = base.database("desk"), _reading(network, "ops")

    async def same() -> bool:
        """News of their paths may come between; in the end every row is as it was."""
        before = await _own(database, ops.slug, own)
        if len(before) != len(own) or await marked(database, before):
            return False
        async with database.transaction(ops.slug) as session:
            await session.execute(text("delete from work"))
        read: list[int] = []
        items = await rebuild.rebuild(reading, base.clock, ops.slug, read.append)
        after = await _own(database, ops.slug, own)
        assert {row["id"] for row in after} == own
        assert items == read[-1] >= len(own)
        return before == after

    assert await eventually(same)


async def test_a_consumer_made_anew_has_everything_asked_for_again(network: Network) -> None:
    base = network.bases["owes"]
    database, reading = base.database("desk"), _reading(network, "owes")
    await rebuild.look(reading, base.clock, base.broker)
    stranger = item()
    await _store(database, "owes-jowes", [stranger])
    await rebuild.look(reading, base.clock, base.broker)
    assert str(stranger.id) in {row["id"] for row in await kept(database, "owes-jowes")}
    async with database.transaction() as session:
        await session.execute(text("update rebuilt set consumer_made = consumer_made - interval '1 second'"))
    await rebuild.look(reading, base.clock, base.broker)
    assert str(stranger.id) not in {row["id"] for row in await kept(database, "owes-jowes")}


async def test_an_institution_that_is_refused_does_not_keep_the_others_waiting(network: Network) -> None:
    base = network.bases["pup"]
    whole = _reading(network, "pup")
    nobody = f"nobody-{uuid4().hex[:8]}"  # the node itself looks now and then, and is refused nothing
    reading = replace(
        whole,
        agencies=(nobody, *whole.agencies),
        token_of=lambda agency: "none" if agency == nobody else whole.token_of(agency),
    )
    async with reading.database.transaction() as session:
        await session.execute(text("delete from rebuilt"))
    with pytest.raises(Refused):
        await rebuild.look(reading, base.clock, base.broker)
    async with reading.database.transaction() as session:
        rebuilt = set((await session.execute(text("select agency from rebuilt"))).scalars())
    assert whole.agencies
    assert rebuilt == set(whole.agencies)
