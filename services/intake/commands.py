"""The sender's use cases, within a transaction of the caller's institution: save, send, ask the receiver."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.api import ActionBody, NewReferral
from contracts.dossier import Dossier
from contracts.events import ReferralRequested
from contracts.ids import case_number
from rules.calendar import local_day
from services.intake import clients, sending
from services.intake.context import Intake
from services.intake.domain import Checked, check, check_draft
from services.intake.models import INTAKE, SentReferral, SentRequest
from services.kit.actions import ruling
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.kit.sealing import seal, seal_text, unseal

_ADD = insert(INTAKE.metadata.tables[SentReferral.__tablename__])


async def create(
    intake: Intake, session: AsyncSession, caller: Caller, new: NewReferral
) -> tuple[SentReferral, Dossier]:
    """Save a referral and, unless it is a draft, send it; with the full dossier. Raises Problem."""
    now = await intake.service.clock.now(session)
    checked = _checked(intake, caller, new, now)
    client = await clients.find_or_add(intake, session, caller.agency, checked.identity, now)
    identity = UUID(int=uuid7().int)
    referral = SentReferral(
        id=identity,
        agency=caller.agency,
        client_id=client.id,
        path_id=await clients.path_of(intake, session, caller.agency, client, new.path_id),
        number=case_number(identity, local_day(now).year),
        receiver=new.receiver,
        kind=checked.kind,
        urgency=new.urgency,
        status="draft",
        version=0,
        custodian=caller.agency,
        sealed_form=seal(intake.keyring, new, to=intake.service.node, context=identity),
        created_at=now,
    )
    event = None if new.draft else sending.submitted(intake, caller, referral, new, checked.dossier, now)
    with sending.one_open():
        await session.execute(_ADD, referral.model_dump())
    if event is not None:
        await sending.publish(intake, session, referral, event)
    return referral, checked.dossier


async def submit(intake: Intake, session: AsyncSession, caller: Caller, referral: SentReferral) -> None:
    """Send a draft, checked once more in full. Raises Problem."""
    sending.check_sendable(caller, referral)
    now = await intake.service.clock.now(session)
    new = unseal(intake.keyring, NewReferral, referral.sealed_form, context=referral.id).model_copy(
        update={"draft": False}
    )
    event = sending.submitted(intake, caller, referral, new, _checked(intake, caller, new, now).dossier, now)
    session.add(referral)
    with sending.one_open():
        await session.flush()
    await sending.publish(intake, session, referral, event)


async def request(
    intake: Intake,
    session: AsyncSession,
    caller: Caller,
    referral: SentReferral,
    action: str,
    body: ActionBody,
) -> None:
    """Ask the receiving node, the only writer since the sending, to withdraw or to take an answer. Raises Problem."""
    ruling(kind=referral.kind, status=referral.status, action=action, side="sender", roles=caller.roles, body=body)
    if await pending_request(session, referral.id) is not None:
        raise Problem("request_pending")
    now = await intake.service.clock.now(session)
    asked = SentRequest(
        id=UUID(int=uuid7().int),
        agency=caller.agency,
        referral_id=referral.id,
        action=action,
        state="pending",
        reason=body.reason,
        asked_at=now,
    )
    session.add(asked)
    if action == "answer":
        referral.sealed_answer = seal_text(intake.keyring, body.text, to=intake.service.node, context=referral.id)
    else:
        referral.sealed_note = seal_text(intake.keyring, body.note, to=intake.service.node, context=referral.id)
    session.add(referral)
    receiver = intake.service.directory.find(referral.receiver)
    if receiver is None:
        raise Problem("receiver_gone")
    event = ReferralRequested(
        path_id=referral.path_id,
        version=referral.version,
        at=now,
        referral_id=referral.id,
        sender=referral.agency,
        receiver=referral.receiver,
        sealed=seal_text(intake.keyring, body.text, to=receiver.node, context=referral.id),
        request_id=asked.id,
        action=action,
        roles=tuple(sorted(caller.roles)),
        reason=body.reason,
    )
    await intake.service.outbox.publish(session, event, source=caller.agency, targets=[receiver.node])


async def locked(session: AsyncSession, referral_id: UUID) -> SentReferral | None:
    """The caller's own referral, locked until the transaction ends; None when it has no such one."""
    query = select(SentReferral).where(SentReferral.id == referral_id).with_for_update()
    return (await session.exec(query)).one_or_none()


async def pending_request(session: AsyncSession, referral_id: UUID) -> SentRequest | None:
    """The request still waiting for the receiver's answer, if there is one."""
    query = select(SentRequest).where(SentRequest.referral_id == referral_id, SentRequest.state == "pending")
    return (await session.exec(query)).one_or_none()


def _checked(intake: Intake, caller: Caller, new: NewReferral, now: datetime) -> Checked:
    directory = intake.service.directory
    judge = check_draft if new.draft else check
    return judge(
        new,
        sender=directory[caller.agency],
        receiver=directory.find(new.receiver),
        today=local_day(now),
        training=intake.training,
    )
