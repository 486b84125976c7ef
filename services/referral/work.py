"""What an institution has received, for lists of work: read in bulk, and nothing counts as seen by it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import Times
from contracts.dossier import Dossier
from contracts.notices import NoticeContent
from contracts.work import PersonOfItem, WorkItem, WorkKind
from rules.sharing import preview
from services.kit.caller import Caller
from services.kit.referrals import columns, item_of, request_of
from services.kit.sealing import unseal
from services.referral.context import Receiving
from services.referral.domain import is_taken_on
from services.referral.models import Lease, ReceivedReferral, ReceivedRequest
from services.referral.notices import ReceivedNotice

_RECEIVED = (
    *("id", "agency", "sender", "unit", "path_id", "number", "kind", "urgency", "status", "version", "claimed_by"),
    *("reason", "edition", "submitted_at", "delivered_at", "seen_at", "decided_at"),
)
_NOTICE = ("id", "agency", "sender", "kind", "path_id", "at", "read_at")


class ReceiverWork:
    """Received referrals and notices."""

    kinds: tuple[WorkKind, ...] = ("received", "notice")

    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving

    async def of_paths(self, caller: Caller, paths: Sequence[UUID]) -> list[WorkItem]:
        """Everything of these paths."""
        async with self._receiving.service.database.transaction(caller.agency, snapshot=True) as session:
            received = await _received(session, _referrals().where(col(ReceivedReferral.path_id).in_(paths)))
            notices = await _notices(
                session, columns(ReceivedNotice, _NOTICE).where(col(ReceivedNotice.path_id).in_(paths))
            )
        return [*received, *notices]

    async def after(self, caller: Caller, what: WorkKind, last: UUID | None, most: int) -> list[WorkItem]:
        """So many by id, after this one."""
        received = what == "received"
        identity: Any = ReceivedReferral.id if received else ReceivedNotice.id
        query = (_referrals() if received else columns(ReceivedNotice, _NOTICE)).order_by(col(identity)).limit(most)
        if last is not None:
            query = query.where(col(identity) > last)
        async with self._receiving.service.database.transaction(caller.agency, snapshot=True) as session:
            return await (_received(session, query) if received else _notices(session, query))

    async def people(self, caller: Caller, ids: Sequence[UUID]) -> list[PersonOfItem]:
        """A name once the referral is taken on, before that what the preview lets through; nothing without a consent.

        Raises CannotOpen.
        """
        referrals = select(ReceivedReferral).where(
            col(ReceivedReferral.id).in_(ids),
            col(ReceivedReferral.sealed_dossier).is_not(None),
            col(ReceivedReferral.consent_ended).is_(False),
        )
        notices = select(ReceivedNotice).where(col(ReceivedNotice.id).in_(ids))
        async with self._receiving.service.database.transaction(caller.agency) as session:
            dossiers, told = (await session.exec(referrals)).all(), (await session.exec(notices)).all()
        return [*map(self._of_dossier, dossiers), *map(self._of_notice, told)]

    def _of_dossier(self, row: ReceivedReferral) -> PersonOfItem:
        whole = unseal(self._receiving.keyring, Dossier, row.sealed_dossier or "", context=row.id)
        shown = whole if is_taken_on(row) else preview(whole)
        town = shown.address.town if shown.address else None
        return PersonOfItem(id=row.id, given_name=shown.given_name, family_name=shown.family_name, town=town)

    def _of_notice(self, row: ReceivedNotice) -> PersonOfItem:
        told = unseal(self._receiving.keyring, NoticeContent, row.sealed_content, context=row.id)
        return PersonOfItem(id=row.id, number=told.number, given_name=told.given_name, family_name=told.family_name)


def _referrals() -> Any:
    joined = columns(ReceivedReferral, _RECEIVED).add_columns(Lease.until)
    return joined.outerjoin(Lease, col(Lease.referral_id) == col(ReceivedReferral.id))


async def _received(session: AsyncSession, query: Any) -> list[WorkItem]:
    rows = (await session.exec(query)).all()
    if not rows:
        return []
    asked = select(ReceivedRequest).where(col(ReceivedRequest.referral_id).in_([row.id for row in rows]))
    newest = {row.referral_id: row for row in (await session.exec(asked.order_by(col(ReceivedRequest.asked_at)))).all()}
    return [_referral(row, newest.get(row.id)) for row in rows]


def _referral(row: Any, request: ReceivedRequest | None) -> WorkItem:
    return item_of(
        row,
        what="received",
        sender=row.sender,
        receiver=row.agency,
        revision=row.version,
        claimed_by=row.claimed_by,
        lease_until=row.until,
        last_request=None if request is None else request_of(request),
    )


async def _notices(session: AsyncSession, query: Any) -> list[WorkItem]:
    return [_notice(row) for row in (await session.exec(query)).all()]


def _notice(row: Any) -> WorkItem:
    """Of a notice only its being read changes."""
    version = 1 if row.read_at is None else 2
    return WorkItem(
        id=row.id,
        what="notice",
        path_id=row.path_id,
        kind=row.kind,
        status="unread" if row.read_at is None else "read",
        version=version,
        revision=version,
        sender=row.sender,
        receiver=row.agency,
        ball=row.agency if row.read_at is None else None,
        times=Times(submitted=row.at, seen=row.read_at),
    )
