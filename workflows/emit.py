"""What is due becomes events: each reminder and each missed deadline once, whoever comes first.

The workflow of a path and the scan of the database both end here. The path's row is the lock, and what was emitted is
written in the same transaction as the event.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Directory
from contracts.events import DeadlineMissed, ReminderDue
from contracts.ids import derived
from contracts.paths import Audience
from contracts.subjects import PATH_NODE
from services.kit.outbox import Letter
from services.kit.service import Service
from workflows import store
from workflows.agenda import Agenda, emitted
from workflows.store import among
from workflows.tables import DeadlineRow, EmissionRow, PathRow, ReferralRow
from workflows.watch import PENDING


@dataclass(frozen=True)
class Ripe:
    """A planned emission whose time has come, with what its event must tell."""

    id: UUID
    path_id: UUID
    at: datetime
    audience: Audience | None
    deadline_id: UUID
    rule: str
    owner: str
    due_at: datetime
    status: str
    referral_id: UUID
    sender: str
    version: int

    @property
    def live(self) -> bool:
        """Whether somebody still waits for the deadline: when a referral ends or a path closes, nobody does."""
        return self.status in PENDING


async def emit_due(
    service: Service, session: AsyncSession, path_id: UUID, at: datetime, revisions: Mapping[UUID, int] | None = None
) -> tuple[UUID, ...]:
    """Emit what is due on this path at `at`; returns its deadlines announced as missed up to `at`, by whomever.

    `revisions`: those of deadlines that were moved, as the caller knows them; what another revision announced is
    another thing.
    """
    query = select(col(PathRow.id)).where(col(PathRow.id) == path_id).with_for_update()
    locked = (await session.execute(query)).scalars().all()
    await emit(service, session, locked, at)
    announced = select(col(EmissionRow.deadline_id), col(EmissionRow.revision)).where(
        col(EmissionRow.path_id) == path_id,
        col(EmissionRow.kind) == "missed",
        col(EmissionRow.at) <= at,
        col(EmissionRow.emitted_at).is_not(None),
    )
    known = revisions or {}
    found = (await session.execute(announced)).all()
    return tuple(deadline for deadline, revision in found if revision == known.get(deadline, 0))


async def emit(service: Service, session: AsyncSession, path_ids: Collection[UUID], at: datetime) -> None:
    """Emit what is due at `at` on these paths, whose rows the caller has locked."""
    ripe = await _ripe(session, path_ids, at)
    live = [item for item in ripe if item.live]
    await session.execute(
        delete(EmissionRow).where(among(col(EmissionRow.id), [item.id for item in ripe if not item.live]))
    )
    if not live:
        return
    now = await service.clock.now(session)
    await session.execute(
        update(EmissionRow).where(among(col(EmissionRow.id), [item.id for item in live])).values(emitted_at=now)
    )
    advanced = await _miss(session, [item for item in live if item.audience is None], at, now)
    versions = {agenda.path_id: agenda.version for agenda in advanced}
    told = [
        letter for item in live for letter in _told(service.directory, item, versions.get(item.path_id, item.version))
    ]
    await service.outbox.post(session, told)


async def _ripe(session: AsyncSession, path_ids: Collection[UUID], at: datetime) -> list[Ripe]:
    query = (
        select(
            col(EmissionRow.id),
            col(EmissionRow.path_id),
            col(EmissionRow.at),
            col(EmissionRow.audience),
            col(EmissionRow.deadline_id),
            col(DeadlineRow.rule),
            col(DeadlineRow.owner),
            col(DeadlineRow.due_at),
            col(DeadlineRow.status),
            col(DeadlineRow.referral_id),
            col(ReferralRow.sender),
            col(PathRow.version),
        )
        .join(DeadlineRow, col(DeadlineRow.id) == col(EmissionRow.deadline_id))
        .join(ReferralRow, col(ReferralRow.id) == col(DeadlineRow.referral_id))
        .join(PathRow, col(PathRow.id) == col(EmissionRow.path_id))
        .where(
            among(col(EmissionRow.path_id), path_ids),
            col(EmissionRow.emitted_at).is_(None),
            col(EmissionRow.at) <= at,
        )
        .order_by(col(EmissionRow.at), col(EmissionRow.id))
    )
    return [Ripe(**row) for row in (await session.execute(query)).mappings()]


async def _miss(session: AsyncSession, missed: Sequence[Ripe], at: datetime, now: datetime) -> list[Agenda]:
    """Mark these deadlines as missed; returns the new states of their paths."""
    if not missed:
        return []
    of_path: dict[UUID, set[UUID]] = defaultdict(set)
    for item in missed:
        of_path[item.path_id].add(item.deadline_id)
    steps = [
        store.Step(agenda, emitted(agenda, at, of_path[agenda.path_id]))
        for agenda in await store.states(session, of_path)
    ]
    await store.keep(session, steps, now)
    return [step.after for step in steps]


def _told(directory: Directory, item: Ripe, version: int) -> Iterator[Letter]:
    """The events of this item: a reminder for whom it is addressed to, a missed deadline for owner and sender.

    An institution that left the directory has no node, and must not hold up the others.
    """
    for slug in _addressees(item):
        agency = directory.find(slug)
        if agency is not None:
            yield Letter(_event(item, slug, version), source=PATH_NODE, target=agency.node, id=derived(item.id, slug))


def _addressees(item: Ripe) -> tuple[str, ...]:
    if item.audience is None:
        return tuple(dict.fromkeys((item.owner, item.sender)))
    return (item.sender if item.audience == "sender" else item.owner,)


def _event(item: Ripe, agency: str, version: int) -> ReminderDue | DeadlineMissed:
    common = {
        "path_id": item.path_id,
        "version": version,
        "at": item.at,
        "agency": agency,
        "referral_id": item.referral_id,
        "deadline_id": item.deadline_id,
        "rule": item.rule,
        "owner": item.owner,
        "due_at": item.due_at,
    }
    if item.audience is None:
        return DeadlineMissed.model_validate(common)
    return ReminderDue.model_validate({**common, "audience": item.audience})
