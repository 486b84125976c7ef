"""A path and the notices of an institution, from the node's own copy."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import (
    DeadlineItem,
    DueItem,
    DuePage,
    MovedItem,
    Notification,
    NotificationPage,
    Path,
    TimelineItem,
)
from contracts.codes import Language
from contracts.paths import DeadlineView, PathView, next_deadline
from services.kit.causes import cause_in
from services.kit.pages import PAGE_SIZE, cursor_of, newest_first, read_cursor
from services.paths.models import Freshness, Notice, PathCopy

_DEADLINES = text("""
    select path.id, deadline
    from path, jsonb_array_elements(view -> 'deadlines') as deadline,
        cast(deadline ->> 'due_at' as timestamptz) as due_at, cast(deadline ->> 'id' as uuid) as deadline_id
    where deadline ->> 'status' in ('open', 'missed', 'paused')
    and due_at < coalesce(:due_before, 'infinity')
    and (cast(:at as timestamptz) is null or (due_at, deadline_id) > (:at, :id))
    order by due_at, deadline_id limit :most
""")

_MOVED = text("""
    select path.id, deadline
    from path, jsonb_array_elements(view -> 'deadlines') as deadline,
        cast(deadline ->> 'due_at' as timestamptz) as due_at, cast(deadline ->> 'id' as uuid) as deadline_id,
        cast(deadline -> 'moved' ->> 'at' as timestamptz) as moved_at
    where deadline ->> 'status' in ('open', 'missed', 'paused') and moved_at is not null
    and due_at < coalesce(:due_before, 'infinity')
    and (cast(:at as timestamptz) is null or (moved_at, deadline_id) < (:at, :id))
    order by moved_at desc, deadline_id desc limit :most
""")

_TYPES = (
    bindparam("due_before", type_=DateTime(timezone=True)),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("id", type_=Uuid),
)


async def path(session: AsyncSession, path_id: UUID, language: Language) -> Path | None:
    """The path as this institution may see it, None when it takes no part in it."""
    copy = (await session.exec(select(PathCopy).where(PathCopy.id == path_id))).one_or_none()
    if copy is None:
        return None
    view = PathView.model_validate(copy.view)
    upcoming = next_deadline(view)
    return Path(
        id=view.path_id,
        stage=view.stage,
        custodian=view.custodian,
        ball=view.ball,
        next_deadline=None if upcoming is None else _deadline(upcoming, language),
        deadlines=tuple(_deadline(deadline, language) for deadline in view.deadlines),
        timeline=tuple(TimelineItem(**entry.model_dump()) for entry in view.timeline),
        version=view.version,
        as_of=await _as_of(session, view),
    )


async def notifications(session: AsyncSession, cursor: str | None, language: Language) -> NotificationPage:
    """What fell due for this institution and what could not be handled, newest first."""
    rows, following = await newest_first(session, select(Notice), Notice.at, Notice.id, cursor)
    return NotificationPage(items=tuple(_notification(row, language) for row in rows), next=following)


def _notification(row: Notice, language: Language) -> Notification:
    sentence = None if row.cause is None else cause_in(row.cause, language).sentence
    if row.why is not None:
        sentence = row.why[language]
    return Notification.model_validate(row.model_dump(exclude={"agency", "why"}) | {"sentence": sentence})


def _deadline(deadline: DeadlineView, language: Language) -> DeadlineItem:
    return DeadlineItem(**_said(deadline, language))


def _said(deadline: DeadlineView, language: Language) -> dict[str, Any]:
    """The deadline in the caller's language; those of before tell their basis in Polish only."""
    moved = deadline.moved
    return {
        **deadline.model_dump(exclude={"derivation", "basis", "basis_text", "moved", "rule_version"}),
        "basis": (deadline.basis_text or {}).get(language, deadline.basis),
        "derivation": deadline.derivation[language],
        "moved": moved and MovedItem(was=moved.was, at=moved.at, why=moved.why[language]),
    }


async def deadlines(
    session: AsyncSession, language: Language, *, due_before: datetime | None, moved: bool, cursor: str | None
) -> DuePage:
    """The live deadlines of all paths of this institution, the earliest first; with `moved` those whose date has
    changed, the last change first."""
    after = (None, None) if cursor is None else read_cursor(cursor)
    values = {"due_before": due_before, "at": after[0], "id": after[1], "most": PAGE_SIZE + 1}
    query = (_MOVED if moved else _DEADLINES).bindparams(*_TYPES)
    found = (await session.execute(query, values)).all()
    shown = [
        DueItem(path_id=path_id, **_said(DeadlineView.model_validate(deadline), language))
        for path_id, deadline in found[:PAGE_SIZE]
    ]
    if len(found) <= PAGE_SIZE:
        return DuePage(items=tuple(shown), next=None)
    last = shown[-1]
    return DuePage(items=tuple(shown), next=cursor_of(last.moved.at if moved and last.moved else last.due_at, last.id))


async def _as_of(session: AsyncSession, view: PathView) -> datetime:
    """The last heartbeat that found us complete, or the newest thing this very path tells, whichever is later."""
    heard = (await session.exec(select(Freshness.as_of))).one_or_none()
    known = [entry.at for entry in view.timeline]
    return max([*known, *([] if heard is None else [heard])])
