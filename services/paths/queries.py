"""A path and the notices of an institution, from the node's own copy."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import DeadlineItem, Notification, NotificationPage, Path, TimelineItem
from contracts.codes import Language
from contracts.paths import DeadlineView, PathView, next_deadline
from services.kit.causes import cause_in
from services.kit.pages import newest_first
from services.paths.models import Freshness, Notice, PathCopy


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
    return Notification.model_validate(row.model_dump(exclude={"agency"}) | {"sentence": sentence})


def _deadline(deadline: DeadlineView, language: Language) -> DeadlineItem:
    plain = deadline.model_dump(exclude={"derivation"})
    return DeadlineItem(**plain, derivation=deadline.derivation[language])


async def _as_of(session: AsyncSession, view: PathView) -> datetime:
    """The last heartbeat that found us complete, or the newest thing this very path tells, whichever is later."""
    heard = (await session.exec(select(Freshness.as_of))).one_or_none()
    known = [entry.at for entry in view.timeline]
    return max([*known, *([] if heard is None else [heard])])
