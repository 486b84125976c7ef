"""Retention: copies that nobody needs any more go, in small batches, by the database's time.

What proves something stays: numbers, ids, hashes, receipts, what was decided about a dead letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Interval, TextClause, bindparam, text

from rules.retention import period
from services.kit.loops import for_ever
from services.kit.service import Service

EVERY_SECONDS = 3600.0

_MOST = 500


@dataclass(frozen=True)
class Pruning:
    """One kind of thing that goes. `statement` does away with at most `:most` of what was done with before
    `now() - :period` and returns a row for each; `period` is a name in `rules/retention.toml`."""

    period: str
    statement: TextClause
    of_tenants: bool = False
    """Whether row-level security shows these rows to their institution only."""


# Along the link, so that nothing has to be searched for: up to `pruned` all are gone already.
_SENT_BODIES = """
    with ended as (
        select link_receipt.target, oldest.linkseq, oldest.pos, oldest.sent_at
        from link_receipt cross join lateral (
            select linkseq, pos, sent_at from outbox
            where outbox.target = link_receipt.target and linkseq > pruned and linkseq <= link_receipt.seq
            order by linkseq limit :most
        ) as oldest
    ), over as (
        select ended.target, linkseq, pos from ended
        where linkseq < coalesce((
            select min(young.linkseq) from ended as young
            where young.target = ended.target and (young.sent_at is null or young.sent_at >= now() - :period)
        ), ended.linkseq + 1)
    ), emptied as (
        update outbox set body = null from over where outbox.pos = over.pos
    ), moved as (
        update link_receipt set pruned = reached.linkseq
        from (select target, max(linkseq) as linkseq from over group by target) as reached
        where link_receipt.target = reached.target
    )
    select pos from over
"""

_UNNUMBERED = """
    delete from outbox where pos in (
        select pos from outbox where not numbered and sent_at < now() - :period order by pos limit :most
    ) returning pos
"""

_CLOSED_LETTERS = """
    update dead_letter set body = '' where id in (
        select id from dead_letter
        where state in ('resolved', 'dropped') and body <> '' and coalesce(closed_at, last_at) < now() - :period
        limit :most
    ) returning id
"""


def _text(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("period", type_=Interval))


OF_EVERY_SERVICE = (
    Pruning("sent_bodies", _text(_SENT_BODIES)),
    Pruning("sent_bodies", _text(_UNNUMBERED)),
    Pruning("closed_letters", _text(_CLOSED_LETTERS)),
)

STORED_ANSWERS = Pruning(
    "stored_answers",
    _text("""
        delete from idempotency where ctid in (
            select ctid from idempotency where created_at < now() - :period limit :most
        ) returning key
    """),
    of_tenants=True,
)

LOOSE_ATTACHMENTS = Pruning(
    "loose_attachments",
    _text("""
        delete from attachment where id in (
            select id from attachment
            where uploaded_at < now() - :period
            and not exists (select from attachment_use where attachment_use.attachment_id = attachment.id)
            limit :most for update skip locked
        ) returning id
    """),
    of_tenants=True,
)

IMPORTED_FILES = Pruning(
    "imports",
    _text("""
        delete from import_part where ctid in (
            select import_part.ctid from import_part join import on import.id = import_id
            where finished_at < now() - :period limit :most
        ) returning part
    """),
    of_tenants=True,
)

DRAFTS = Pruning(
    "drafts",
    _text("""
        with old as (
            delete from draft where id in (
                select id from draft where saved_at < now() - :period limit :most for update skip locked
            ) returning id
        ), unused as (
            delete from attachment_use where used_by in (select id from old)
        )
        select id from old
    """),
    of_tenants=True,
)

CLIENT_ACCESS = Pruning(
    "client_access",
    _text("""
        delete from client_access where id in (
            select id from client_access where at < now() - :period limit :most
        ) returning id
    """),
    of_tenants=True,
)

OF_INTAKE = (STORED_ANSWERS, DRAFTS, LOOSE_ATTACHMENTS, IMPORTED_FILES, CLIENT_ACCESS)

ARRIVED_FACTS = Pruning(
    "arrived_facts",
    _text("""
        delete from wake where pos in (
            select pos from wake where sent_at < now() - :period order by pos limit :most
        ) returning pos
    """),
)


async def prune(service: Service, prunings: Iterable[Pruning], *, most: int = _MOST) -> int:
    """Do away with everything whose time is over; returns how much that was."""
    tenants = [agency.slug for agency in service.directory.agencies if agency.node == service.node]
    count = 0
    for pruning in prunings:
        for tenant in tenants if pruning.of_tenants else [None]:
            while gone := await _batch(service, pruning, tenant, most):
                count += gone
    return count


async def _batch(service: Service, pruning: Pruning, tenant: str | None, most: int) -> int:
    async with service.database.transaction(tenant) as session:
        today = (await service.clock.now(session)).date()
        values = {"period": period(pruning.period, today), "most": most}
        return len((await session.execute(pruning.statement, values)).all())


async def run(service: Service, *more: Pruning, every: float = EVERY_SECONDS) -> None:
    """Prune for ever."""
    prunings: Sequence[Pruning] = (*OF_EVERY_SERVICE, *more)

    async def step() -> None:
        await prune(service, prunings)

    await for_ever("retention", step, every)
