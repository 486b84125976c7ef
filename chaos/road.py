"""Looking at the road: what stands in the outboxes and inboxes of all services, by read-only SQL."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
from sqlalchemy import make_url

from chaos.agreed import SETTLED
from chaos.final import Fact, Letter, Taken
from contracts.subjects import PATH_NODE, services_of
from services.kit.database import database_name

_LETTERS = """
select id::text, target, subject, linkseq, sent_at is not null as is_sent from {schema}.outbox
"""
_TAKEN = """
select id::text, source, family, aggregate_id::text, version, linkseq, state from {schema}.inbox
"""
_FACTS = """
select distinct on (id) id::text, created_at as at, split_part(subject, '.', 5) as name,
    convert_from(body, 'UTF8')::json as event
from referral.outbox where split_part(subject, '.', 4) = 'referral' and body is not null order by id, pos
"""
_UNDER_WAY = """
select (select count(*) from {schema}.outbox) - (select count(*) from {schema}.inbox where state = any($1))
"""
_DEAD = "select headers ->> 'ce-id' as id from {schema}.dead_letter where state in ('dead', 'dropped')"
_ALARMS = "select concat_ws(' ', kind, source, target, family, seq) as alarm from {schema}.link_alarm"


@dataclass
class Road:
    """As in `chaos.final.Final`."""

    letters: list[Letter] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    dead: frozenset[tuple[str, str]] = frozenset()
    alarms: list[str] = field(default_factory=list)

    def add(self, other: "Road") -> None:
        self.letters += other.letters
        self.taken += other.taken
        self.facts += other.facts
        self.dead |= other.dead
        self.alarms += other.alarms


def node_url(admin_url: str, node: str) -> str:
    """The administrator's address of a node's database, for asyncpg."""
    url = make_url(admin_url).set(drivername="postgresql", database=database_name(node))
    return url.render_as_string(hide_password=False)


async def look_at_road(admin_url: str, nodes: Sequence[str]) -> Road:
    """All of these nodes. Raises what asyncpg raises."""
    road = Road()
    for of_node in await asyncio.gather(*(_look_at(admin_url, node) for node in nodes)):
        road.add(of_node)
    return road


async def under_way(admin_url: str, nodes: Sequence[str]) -> int:
    """How many letters are still on their way. Cheaper than a look: for when there are many."""
    count = 0
    for node in nodes:
        connection = await asyncpg.connect(node_url(admin_url, node), timeout=5)
        try:
            for service in services_of(node):
                count += await connection.fetchval(_UNDER_WAY.format(schema=service), SETTLED)
        finally:
            await connection.close()
    return count


async def _look_at(admin_url: str, node: str) -> Road:
    road = Road()
    connection = await asyncpg.connect(node_url(admin_url, node), timeout=5)
    try:
        await connection.set_type_codec("json", encoder=str, decoder=json.loads, schema="pg_catalog")
        for service in services_of(node):
            letters, taken, dead, alarms = [
                await connection.fetch(query.format(schema=service)) for query in (_LETTERS, _TAKEN, _DEAD, _ALARMS)
            ]
            road.letters += [_letter(row) for row in letters]
            road.taken += [_taken(node, service, row) for row in taken]
            road.dead |= {(row["id"], node) for row in dead}
            road.alarms += [row["alarm"] for row in alarms]
        if node != PATH_NODE:
            road.facts += [_fact(row) for row in await connection.fetch(_FACTS)]
    finally:
        await connection.close()
    return road


def _letter(row: asyncpg.Record) -> Letter:
    _, source, _, family, name = row["subject"].split(".", 4)
    return Letter(row["id"], source, family, row["target"], name, row["linkseq"], row["is_sent"])


def _taken(node: str, service: str, row: asyncpg.Record) -> Taken:
    return Taken(
        id=row["id"],
        node=node,
        service=service,
        source=row["source"],
        family=row["family"],
        aggregate=row["aggregate_id"],
        version=row["version"],
        linkseq=row["linkseq"],
        state=row["state"],
    )


def _fact(row: asyncpg.Record) -> Fact:
    event = row["event"]
    return Fact(row["id"], event["referral_id"], event["version"], row["name"], event["status"], row["at"])
