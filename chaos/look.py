"""Looking at the whole system: both boxes of every institution, and read-only SQL where the interface cannot tell."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import make_url

from chaos.client import Institution
from chaos.final import Fact, Final, Letter, Taken, View
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
from referral.outbox where body is not null order by id, pos
"""
_SENT = """
select agency, id::text as referral, kind, receiver, status, version, custodian, exists (
    select from intake.request where referral_id = sent.id and state = 'pending'
) as pending
from intake.referral as sent where status <> 'draft'
"""
_RECEIVED = """
select agency, id::text as referral, kind, agency as receiver, status, version, custodian, false as pending
from referral.referral
"""
_DEAD = "select headers ->> 'ce-id' as id from {schema}.dead_letter where state in ('dead', 'dropped')"
_ALARMS = "select concat_ws(' ', kind, source, target, family, seq) as alarm from {schema}.link_alarm"


def node_url(admin_url: str, node: str) -> str:
    """The administrator's address of a node's database, for asyncpg."""
    url = make_url(admin_url).set(drivername="postgresql", database=database_name(node))
    return url.render_as_string(hide_password=False)


async def look(
    admin_url: str, nodes: Sequence[str], institutions: Mapping[str, Institution], *, many: bool = False
) -> Final:
    """The final state. Raises what asyncpg and httpx2 raise: it is taken when the system is whole.

    The boxes are those of the public interface; where there are `many` referrals, the rows behind them.
    """
    letters, taken, facts, dead, alarms = await look_at_road(admin_url, nodes)
    if many:
        sent, received = [await _rows(admin_url, nodes, query) for query in (_SENT, _RECEIVED)]
    else:
        sent, received = [await _boxes(institutions, name) for name in ("sent", "inbox")]
    return Final(sent, received, letters, taken, facts, dead, alarms)


async def look_at_road(
    admin_url: str, nodes: Sequence[str]
) -> tuple[list[Letter], list[Taken], list[Fact], frozenset[tuple[str, str]], list[str]]:
    """What stands in the outboxes and inboxes of all services of these nodes."""
    letters: list[Letter] = []
    taken: list[Taken] = []
    facts: list[Fact] = []
    dead: set[tuple[str, str]] = set()
    alarms: list[str] = []
    for node in nodes:
        connection = await asyncpg.connect(node_url(admin_url, node), timeout=5)
        try:
            for service in services_of(node):
                letters += [_letter(row) for row in await connection.fetch(_LETTERS.format(schema=service))]
                taken += [_taken(node, service, row) for row in await connection.fetch(_TAKEN.format(schema=service))]
                dead |= {(row["id"], node) for row in await connection.fetch(_DEAD.format(schema=service))}
                alarms += [row["alarm"] for row in await connection.fetch(_ALARMS.format(schema=service))]
            if node != PATH_NODE:
                await connection.set_type_codec("json", encoder=str, decoder=json.loads, schema="pg_catalog")
                facts += [_fact(row) for row in await connection.fetch(_FACTS)]
        finally:
            await connection.close()
    return letters, taken, facts, frozenset(dead), alarms


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


async def _boxes(institutions: Mapping[str, Institution], name: str) -> list[View]:
    async def of(institution: Institution) -> list[View]:
        return [_view(institution.slug, item) for item in await institution.box(name)]

    boxes = await asyncio.gather(*(of(institution) for institution in institutions.values()))
    return [view for box in boxes for view in box]


async def _rows(admin_url: str, nodes: Sequence[str], query: str) -> list[View]:
    views: list[View] = []
    for node in nodes:
        if node != PATH_NODE:
            connection = await asyncpg.connect(node_url(admin_url, node), timeout=5)
            try:
                views += [View(**dict(row)) for row in await connection.fetch(query)]
            finally:
                await connection.close()
    return views


def _view(agency: str, item: Mapping[str, Any]) -> View:
    return View(
        agency=agency,
        referral=item["id"],
        kind=item["kind"],
        receiver=item["receiver"],
        status=item["status"],
        version=item["version"],
        custodian=item["custodian"],
        pending=item["pending_request"] is not None,
    )
