"""What the receiver sees of its referrals: a preview, the dossier once one is taken on, nothing of a recalled one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import col, exists, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import (
    ActionBody,
    ActionField,
    AvailableAction,
    Meeting,
    Option,
    Referral,
    RequestState,
    Waiting,
)
from contracts.codes import Status
from contracts.dossier import Dossier
from rules.guards import objection
from rules.lifecycle import guards_of
from rules.sharing import preview
from services.kit.actions import offered
from services.kit.caller import Caller
from services.kit.pages import newest_first
from services.kit.referrals import question_of, request_of, times_of
from services.kit.sealing import unseal, unseal_text
from services.referral import leases, places
from services.referral.context import Receiving
from services.referral.domain import is_shared, is_taken_on, undo_until
from services.referral.models import ReceivedReferral, ReceivedRequest
from services.referral.standing import asked, standing


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
    actions = await _available(receiving, session, caller, referral, possible, now)
    told = is_taken_on(referral) and is_shared(referral)
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
        note=unseal_text(keyring, referral.sealed_note, context=referral.id) if is_shared(referral) else None,
        question=question_of(keyring, referral) if told else None,
        answer=unseal_text(keyring, referral.sealed_answer, context=referral.id) if told else None,
        claimed_by=referral.claimed_by,
        lease_until=await leases.until_of(session, referral.id),
        client=_client(receiving, referral),
        suggestion=referral.suggestion,
        edition=referral.edition,
        waiting=await _waiting(receiving, session, referral),
        meeting=_meeting(receiving, referral),
        attempts=referral.attempts,
        suspended_until=referral.suspended_until,
        suspended_for=referral.suspended_for,
        signed_on=referral.signed_on,
        outcome=referral.outcome,
        evidence=referral.evidence,
        summary=unseal_text(keyring, referral.sealed_summary, context=referral.id) if told else None,
        reopen_asked=referral.reopen_asked,
        consent_ended=referral.consent_ended,
        follows=referral.follows,
        followed_by=referral.followed_by,
    )


async def _available(
    receiving: Receiving,
    session: AsyncSession,
    caller: Caller,
    referral: ReceivedReferral,
    possible: tuple[AvailableAction, ...],
    now: datetime,
) -> tuple[AvailableAction, ...]:
    """What nothing stands against."""
    guards = {row.action: guards_of(referral.kind, referral.status, row.action, "receiver") for row in possible}
    known = await standing(receiving, session, referral, {name for names in guards.values() for name in names})
    wish = asked(receiving, referral, caller.actor, caller.roles, ActionBody(), now)
    choosing = known  # who may choose an edition is offered to take somebody on while any of them has a place
    if known.free_places is not None and known.free_places <= 0:
        choosing = replace(known, free_places=await places.most_free(receiving, session, referral, wish.today))
    open_now = tuple(
        row
        for row in possible
        if objection(guards[row.action], choosing if _asks_for_edition(row) else known, wish) is None
    )
    if not any(map(_asks_for_edition, open_now)):
        return open_now
    editions = await places.to_choose(receiving, session, referral, wish.today, caller.language)
    return tuple(row.model_copy(update={"fields": _with_editions(row.fields, editions)}) for row in open_now)


def _asks_for_edition(row: AvailableAction) -> bool:
    return any(field.name == "edition" for field in row.fields)


def _with_editions(fields: tuple[ActionField, ...], editions: tuple[Option, ...]) -> tuple[ActionField, ...]:
    """Whoever has no editions is not asked for one."""
    named = (field.model_copy(update={"options": editions}) if field.name == "edition" else field for field in fields)
    return tuple(field for field in named if field.name != "edition" or editions)


async def _waiting(receiving: Receiving, session: AsyncSession, referral: ReceivedReferral) -> Waiting | None:
    if referral.status != "waitlisted" or referral.review_on is None:
        return None
    return Waiting(
        review_on=referral.review_on,
        edition=referral.edition,
        starts_on=places.starts_on(receiving, referral),
        position=await places.position(session, referral),
    )


def _meeting(receiving: Receiving, referral: ReceivedReferral) -> Meeting | None:
    if referral.meet_at is None:
        return None
    sealed = referral.sealed_place if is_shared(referral) else None
    place = unseal_text(receiving.keyring, sealed, context=referral.id)
    return Meeting(at=referral.meet_at, place=place)


def _client(receiving: Receiving, referral: ReceivedReferral) -> Dossier | None:
    """Before somebody has taken the referral on, only what helps to decide who takes it; nothing without a consent."""
    if referral.sealed_dossier is None or not is_shared(referral):
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
