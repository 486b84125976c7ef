"""The worklist as it is read and decided upon: dead letters of one service, what waits behind each, and wishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.codes import Language
from contracts.envelope import body_hash
from contracts.worklist import Behind, BodyMark, DeadLetterDetail, DeadLetterItem, LetterState, Link, Wish
from services.kit.causes import cause_in, code_of
from services.kit.clock import DatabaseClock
from services.kit.dead_letters import wake_worklist
from services.kit.legible import Legible
from services.kit.plumbing import DeadLetter, InboxRow

DEAD: tuple[LetterState, ...] = ("dead",)
EVERY: tuple[LetterState, ...] = ("failing", "dead", "resolved", "dropped")

_SHOWN = ("nats-msg-id", "content-type", "traceparent")
_LONGEST = 200


@dataclass(frozen=True)
class Place:
    """Which service of which node the letters are of."""

    node: str
    service: str


@dataclass(frozen=True)
class Waiting:
    """A letter as it is `now`, and the parked events of its case that come after it."""

    letter: DeadLetter
    count: int
    since: datetime | None
    now: datetime


_BEHIND = (
    select(InboxRow.received_at)
    .where(
        InboxRow.aggregate_id == DeadLetter.aggregate_id,
        InboxRow.state == "parked",
        col(InboxRow.version) > DeadLetter.version,
    )
    .correlate(DeadLetter)
)
_LETTERS = select(
    DeadLetter,
    _BEHIND.with_only_columns(func.count()).scalar_subquery(),
    _BEHIND.with_only_columns(func.min(InboxRow.received_at)).scalar_subquery(),
)


async def letters(
    session: AsyncSession,
    *,
    states: Sequence[LetterState] = DEAD,
    agency: str | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int | None = None,
) -> list[Waiting]:
    """The letters in these states, oldest first: of one institution or all, after a place in that order or all."""
    query = _LETTERS.where(col(DeadLetter.state).in_(states))
    if agency is not None:
        query = query.where(DeadLetter.agency == agency)
    if after is not None:
        query = query.where(tuple_(col(DeadLetter.first_at), col(DeadLetter.id)) > after)
    query = query.order_by(col(DeadLetter.first_at), col(DeadLetter.id)).limit(limit)
    now = await DatabaseClock().now(session)
    return [Waiting(*found, now) for found in (await session.exec(query)).all()]


async def letter(session: AsyncSession, letter_id: UUID, *, agency: str | None = None) -> Waiting | None:
    """One letter, of this institution or any; None when there is none."""
    query = _LETTERS.where(col(DeadLetter.id) == letter_id)
    if agency is not None:
        query = query.where(DeadLetter.agency == agency)
    found = (await session.exec(query)).one_or_none()
    return None if found is None else Waiting(*found, await DatabaseClock().now(session))


async def wish(session: AsyncSession, letter_id: UUID, what: Wish, *, by: str, reason: str | None = None) -> bool:
    """Note what a person wants done, and wake the service that will; False when the letter is not dead (any more)."""
    noted = (
        update(DeadLetter)
        .where(col(DeadLetter.id) == letter_id, col(DeadLetter.state) == "dead")
        .values(wish=what, decided_by=by, reason=reason)
        .returning(col(DeadLetter.id))
    )
    if (await session.execute(noted)).first() is None:
        return False
    await wake_worklist(session)
    return True


def item(found: Waiting, place: Place, language: Language) -> DeadLetterItem:
    """The letter as a list shows it."""
    return DeadLetterItem(**_told(found, place, language))


def detail(found: Waiting, place: Place, language: Language) -> DeadLetterDetail:
    """The letter with everything of it that may be shown."""
    row = found.letter
    event = _legible(row).event
    return DeadLetterDetail(
        **_told(found, place, language),
        headers={name: value[:_LONGEST] for name, value in row.headers.items() if _may_be_shown(name)},
        event=None if event is None else _clear(event.model_dump(mode="json")),
        body=BodyMark(size=len(row.body), sha256=body_hash(row.body)),
    )


def _told(found: Waiting, place: Place, language: Language) -> dict[str, Any]:
    row = found.letter
    legible = _legible(row)
    source, target, family = legible.address
    words = cause_in(code_of(row.cause), language)
    return {
        "id": row.id,
        "node": place.node,
        "service": place.service,
        "state": row.state,
        "type": legible.envelope.type[:_LONGEST] if legible.envelope else None,
        "cause": code_of(row.cause),
        "sentence": words.sentence,
        "remedy": words.remedy,
        "attempts": row.attempts,
        "age_seconds": int((found.now - row.first_at).total_seconds()) if row.first_at else 0,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "link": Link(
            source=source,
            target=target,
            family=family,
            number=legible.envelope.linkseq if legible.envelope else None,
        ),
        "agency": row.agency,
        "path_id": legible.path_id,
        "referral_id": legible.referral_id,
        "version": row.version,
        "behind": Behind(count=found.count, since=found.since),
        "wish": row.wish,
        "reason": row.reason,
        "decided_by": row.decided_by,
        "closed_at": row.closed_at,
    }


def _legible(row: DeadLetter) -> Legible:
    return Legible(row.subject, row.headers, row.body)


def _may_be_shown(header: str) -> bool:
    """Ours; what else a stranger may have put there is not repeated."""
    return header.lower().startswith("ce-") or header.lower() in _SHOWN


def _clear(fields: dict[str, Any]) -> dict[str, Any]:
    sealed = fields.get("sealed")
    return fields if sealed is None else fields | {"sealed": {"size": len(sealed)}}
