"""What the receiver sees of its referrals: a preview, the dossier once one is taken on, nothing of a recalled one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, exists, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import AvailableAction, Referral, RequestState
from contracts.codes import Status
from contracts.dossier import Dossier
from rules.sharing import preview
from services.kit.actions import offered
from services.kit.caller import Caller
from services.kit.pages import newest_first
from services.kit.referrals import question_of, request_of, times_of
from services.kit.sealing import unseal, unseal_text
from services.referral import leases, undoing
from services.referral.context import Receiving
from services.referral.domain import is_taken_on, obstacle_to, undo_until
from services.referral.models import ReceivedReferral, ReceivedRequest


async def find(session: AsyncSession, referral_id: UUID) -> ReceivedReferral | None:
    """The institution's own referral: row-level security hides all others."""
    return (await session.exec(select(ReceivedReferral).where(ReceivedReferral.id == referral_id))).one_or_none()


async def find_and_hold(session: AsyncSession, referral_id: UUID) -> ReceivedReferral | None:
    """The same, and nobody acts on it until the transaction ends."""
    query = select(ReceivedReferral).where(ReceivedReferral.id == referral_id).with_for_update(read=True)
    return (await session.exec(query.execution_options(populate_existing=True))).one_or_none()


async def has_path(session: AsyncSession, path_id: UUID) -> bool:
    """Whether the institution has received a referral on this path."""
    return (await session.exec(select(exists().where(col(ReceivedReferral.path_id) == path_id)))).one()


@dataclass(frozen=True)
class Mine:
    """What is a person's own: claimed by them, or in the inbox of one of their units."""

    login: str
    units: frozenset[str]


async def page(
    session: AsyncSession, status: Status | None, unit: str | None, mine: Mine | None, cursor: str | None
) -> tuple[Sequence[ReceivedReferral], str | None]:
    """A page of received referrals, newest first, and the cursor of the next. Raises Problem."""
    query = select(ReceivedReferral)
    if status is not None:
        query = query.where(ReceivedReferral.status == status)
    if unit is not None:
        query = query.where(ReceivedReferral.unit == unit)
    if mine is not None:
        claimed = col(ReceivedReferral.claimed_by) == mine.login
        query = query.where(or_(claimed, col(ReceivedReferral.unit).in_(mine.units)))
    return await newest_first(session, query, ReceivedReferral.delivered_at, ReceivedReferral.id, cursor)


async def view(
    receiving: Receiving, session: AsyncSession, caller: Caller, referral: ReceivedReferral, now: datetime
) -> Referral:
    """The referral as its receiver may see it now."""
    keyring = receiving.keyring
    possible = offered(
        kind=referral.kind, status=referral.status, side="receiver", roles=caller.roles, language=caller.language
    )
    actions = await _available(session, caller, referral, possible, now)
    return Referral(
        id=referral.id,
        path_id=referral.path_id,
        number=referral.number,
        sender=referral.sender,
        receiver=referral.agency,
        unit=referral.unit,
        kind=referral.kind,
        urgency=referral.urgency,
        status=referral.status,
        version=referral.version,
        custodian=referral.custodian,
        available_actions=actions,
        undo_until=undo_until(referral) if any(row.action == "undo" for row in actions) else None,
        last_request=await _last_request(session, referral.id),
        times=times_of(referral),
        reason=referral.reason,
        note=unseal_text(keyring, referral.sealed_note, context=referral.id),
        question=question_of(keyring, referral) if is_taken_on(referral) else None,
        answer=unseal_text(keyring, referral.sealed_answer, context=referral.id) if is_taken_on(referral) else None,
        claimed_by=referral.claimed_by,
        lease_until=await leases.until_of(session, referral.id),
        client=_client(receiving, referral),
    )


async def _available(
    session: AsyncSession,
    caller: Caller,
    referral: ReceivedReferral,
    possible: tuple[AvailableAction, ...],
    now: datetime,
) -> tuple[AvailableAction, ...]:
    """What nothing stands against."""
    free = tuple(row for row in possible if obstacle_to(row.action, referral, caller, now) is None)
    if any(row.action == "undo" for row in free) and await undoing.obstacle(session, referral) is not None:
        return tuple(row for row in free if row.action != "undo")
    return free


def _client(receiving: Receiving, referral: ReceivedReferral) -> Dossier | None:
    """Before somebody has taken the referral on, only what helps to decide who takes it."""
    if referral.sealed_dossier is None:
        return None
    dossier = unseal(receiving.keyring, Dossier, referral.sealed_dossier, context=referral.id)
    return dossier if is_taken_on(referral) else preview(dossier)


async def _last_request(session: AsyncSession, referral_id: UUID) -> RequestState | None:
    query = (
        select(ReceivedRequest)
        .where(ReceivedRequest.referral_id == referral_id)
        .order_by(col(ReceivedRequest.asked_at).desc())
    )
    row = (await session.exec(query.limit(1))).first()
    return None if row is None else request_of(row)
