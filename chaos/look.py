"""Looking at the whole system: both boxes of every institution, and read-only SQL where the interface cannot tell."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from chaos.client import Institution
from chaos.final import Final, View
from chaos.road import look_at_road, node_url
from contracts.subjects import PATH_NODE

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


async def look(
    admin_url: str, nodes: Sequence[str], institutions: Mapping[str, Institution], *, many: bool = False
) -> Final:
    """The final state. Raises what asyncpg and httpx2 raise: it is taken when the system is whole.

    The boxes are those of the public interface; where there are `many` referrals, the rows behind them.
    """
    road = await look_at_road(admin_url, nodes)
    if many:
        sent, received = [await _rows(admin_url, nodes, query) for query in (_SENT, _RECEIVED)]
    else:
        sent, received = [await _boxes(institutions, name) for name in ("sent", "inbox")]
    return Final(sent, received, road.letters, road.taken, road.facts, road.dead, road.alarms)


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
