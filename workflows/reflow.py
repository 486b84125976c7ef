"""The re-flow: when rules or calendar change, every live deadline is computed again, once, beside all other work.

Each deadline keeps the row of the rulebook by which it was last looked at; those of an earlier row are taken path by
path, in batches. So it goes on where it was killed, two may work at once, and a deadline that was opened by the old
rules while the new ones came is found too. What differs becomes one fact of its path.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import Uuid, bindparam, insert, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.codes import Urgency
from contracts.events import DeadlineMoved
from contracts.ids import derived
from contracts.subjects import PATH_NODE
from rules.calendar import local_day
from services.kit.loops import for_ever
from services.kit.outbox import Letter
from services.kit.service import Service
from services.kit.wake import Bell
from workflows import store
from workflows.agenda import MOVED, Agenda, apply
from workflows.changes import Change, changes, fact_of
from workflows.emit import emit
from workflows.rulebook import InForce, announce, in_force, keep_up
from workflows.store import Step
from workflows.tables import MovedRow

BATCH = 200
"""Live deadlines in one transaction, about: small enough not to hold up the bridge."""

LANES = 2
"""Batches at once: one computes while the other is with the database."""

FIRST = UUID(int=0)

EVERY_SECONDS = 30.0
_PAUSE_SECONDS = 0.2
_TELL_SECONDS = 1.0
_BREATH = 16
"""Paths that are computed without letting anything else in this process have its turn."""


_STALE = text("""
    select distinct path_id from (
        select path_id from deadline
        where status in ('open', 'missed', 'paused') and book < :book and path_id > :after
        order by path_id limit :most
    ) as waiting order by path_id
""")
_LOCK = text("select id from path where id = any (:paths) for update skip locked").bindparams(
    bindparam("paths", type_=ARRAY(Uuid))
)
_LEFT = text("select count(*) from deadline where status in ('open', 'missed', 'paused') and book < :book")
_LOOKED_AT = text("""
    update deadline set book = :book
    where path_id = any (:paths) and status in ('open', 'missed', 'paused') and book < :book
""").bindparams(bindparam("paths", type_=ARRAY(Uuid)))
_URGENCIES = text("select id, urgency from referral where path_id = any (:paths)").bindparams(
    bindparam("paths", type_=ARRAY(Uuid))
)


@dataclass(frozen=True)
class Batch:
    """How many paths were looked at, and the last one of those that were waiting; None when none was."""

    paths: int
    last: UUID | None


async def flow_batch(service: Service, after: UUID = FIRST) -> Batch:
    """Look at some of the paths behind `after` with deadlines of an earlier book.

    A path that somebody works on just now is left for the next time.
    """
    async with service.database.transaction() as session:
        rules = await in_force(session)
        values = {"book": rules.id, "after": after, "most": BATCH}
        waiting = (await session.execute(_STALE, values)).scalars().all()
        paths = (await session.execute(_LOCK, {"paths": waiting})).scalars().all() if waiting else []
        if paths:
            await _flow(service, session, rules, paths)
        return Batch(len(paths), waiting[-1] if waiting else None)


async def _sweep(service: Service) -> None:
    """Once around, from anywhere: who works at the same time begins elsewhere."""
    for after in (uuid4(), FIRST):
        place: UUID | None = after
        while place is not None:
            place = (await flow_batch(service, place)).last


async def _flow(service: Service, session: AsyncSession, rules: InForce, paths: Sequence[UUID]) -> None:
    """Compute the deadlines of these paths again, whose rows are locked.

    What was due by the old dates goes out first: what is told and what is not is then plain.
    """
    now = await service.clock.now(session)
    await emit(service, session, paths, now)
    urgencies = await urgencies_of(session, paths)
    steps, facts, rows, letters = list[Step](), [], list[dict[str, object]](), list[Letter]()
    for number, agenda in enumerate(await store.states(session, paths), start=1):
        if number % _BREATH == 0:
            await asyncio.sleep(0)
        found = changes(agenda, rules.book, rules.former, rules.day or local_day(now), urgencies)
        if not found:
            continue
        fact = fact_of(agenda, found, now)
        after = apply(agenda, fact)
        steps.append(Step(agenda, after))
        facts.append(fact)
        moved = [change for change in found if change.moved]
        rows += (_row(agenda.path_id, change, rules, now) for change in moved)
        letters += (letter for change in moved for letter in _told(service, after, change, rules, now))
    if steps:
        await store.keep(session, steps, now, facts, book=rules.id)
    if rows:
        await session.execute(insert(MovedRow), rows)
    await session.execute(_LOOKED_AT, {"book": rules.id, "paths": list(paths)})
    await service.outbox.post(session, letters)


async def urgencies_of(session: AsyncSession, paths: Sequence[UUID]) -> dict[UUID, Urgency]:
    """By referral."""
    found = (await session.execute(_URGENCIES, {"paths": list(paths)})).all()
    return {row.id: cast(Urgency, row.urgency) for row in found}


def _row(path_id: UUID, change: Change, rules: InForce, now: datetime) -> dict[str, object]:
    after = change.after
    return {
        "deadline_id": after.id,
        "revision": after.revision,
        "path_id": path_id,
        "referral_id": after.referral_id,
        "rule": after.rule,
        "owner": after.owner,
        "was": change.before.due_at,
        "becomes": after.due_at,
        "why": change.why,
        "book": rules.id,
        "moved_at": now,
    }


def _told(service: Service, agenda: Agenda, change: Change, rules: InForce, now: datetime) -> Iterable[Letter]:
    """The event for owner and sender. An institution that left the directory has no node."""
    deadline = change.after
    for slug in dict.fromkeys((deadline.owner, change.sender)):
        agency = service.directory.find(slug)
        if agency is not None:
            event = DeadlineMoved(
                path_id=agenda.path_id,
                version=agenda.version,
                at=now,
                agency=slug,
                referral_id=deadline.referral_id,
                deadline_id=deadline.id,
                rule=deadline.rule,
                owner=deadline.owner,
                due_at=deadline.due_at,
                was=change.before.due_at,
                why=change.why,
                rules=rules.version,
            )
            identity = derived(deadline.id, f"revision {deadline.revision}", MOVED, slug)
            yield Letter(event, source=PATH_NODE, target=agency.node, id=identity)


async def left(service: Service) -> int:
    """How many live deadlines have not been looked at under the book in force."""
    async with service.database.transaction() as session:
        rules = await in_force(session)
        count: int = (await session.execute(_LEFT, {"book": rules.id})).scalar_one()
        return count


async def flow(service: Service, told: Callable[[int], None] = lambda remaining: None, *, lanes: int = LANES) -> None:
    """Look at all; `told` hears now and then how many deadlines remain. What others work on is waited for."""
    while remaining := await left(service):
        told(remaining)
        sweeps = [asyncio.create_task(_sweep(service)) for _ in range(lanes)]
        try:
            while (await asyncio.wait(sweeps, timeout=_TELL_SECONDS))[1]:
                told(await left(service))
            for sweep in sweeps:
                await sweep
        finally:
            for sweep in sweeps:
                sweep.cancel()
        if await left(service):
            await asyncio.sleep(_PAUSE_SECONDS)


async def run(service: Service, bell: Bell) -> None:
    """Re-flow for ever; `bell` rings on `workflows.rulebook.CHANNEL`."""

    told: set[int] = set()

    async def step() -> None:
        async with service.database.transaction() as session:
            rules = await keep_up(service, session) or await in_force(session)
            if rules.id not in told:  # once a life: a node may be new
                await announce(service, session, rules)
        told.add(rules.id)
        await flow(service, lanes=1)
        await bell.wait(EVERY_SECONDS)

    await for_ever("reflow", step)
