"""The sender's use cases, within a transaction of the caller's institution: save, send, ask the receiver."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.api import ActionBody, NewReferral
from contracts.dossier import Dossier
from contracts.events import ReferralRequested, ReferralSubmitted
from contracts.ids import case_number
from contracts.subjects import PATH_NODE
from rules.calendar import local_day
from rules.sharing import cut
from services.intake import clients
from services.intake.context import Intake
from services.intake.domain import Checked, check, check_draft
from services.intake.models import SentReferral, SentRequest
from services.kit.actions import ruling
from services.kit.caller import Caller
from services.kit.gate import set_known_version
from services.kit.problems import Problem
from services.kit.sealing import seal, seal_text, unseal


async def create(intake: Intake, session: AsyncSession, caller: Caller, new: NewReferral) -> SentReferral:
    """Save a referral and, unless it is a draft, send it. Raises Problem."""
    now = await intake.service.clock.now(session)
    checked = _checked(intake, caller, new, now)
    client_id = await clients.find_or_add(intake, session, caller.agency, checked.identity, now)
    identity = UUID(int=uuid7().int)
    referral = SentReferral(
        id=identity,
        agency=caller.agency,
        client_id=client_id,
        path_id=await clients.path_of(intake, session, caller.agency, client_id, new.path_id),
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
    session.add(referral)
    if not new.draft:
        await _send(intake, session, caller, referral, new, checked.dossier, now)
    return referral


async def submit(intake: Intake, session: AsyncSession, caller: Caller, referral: SentReferral) -> None:
    """Send a draft, checked once more in full. Raises Problem."""
    _rule(caller, referral, "submit", ActionBody())
    now = await intake.service.clock.now(session)
    new = unseal(intake.keyring, NewReferral, referral.sealed_form, context=referral.id).model_copy(
        update={"draft": False}
    )
    await _send(intake, session, caller, referral, new, _checked(intake, caller, new, now).dossier, now)


async def request(
    intake: Intake,
    session: AsyncSession,
    caller: Caller,
    referral: SentReferral,
    action: str,
    body: ActionBody,
) -> None:
    """Ask the receiving node, the only writer since the sending, to withdraw or to take an answer. Raises Problem."""
    _rule(caller, referral, action, body)
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


def _rule(caller: Caller, referral: SentReferral, action: str, body: ActionBody) -> None:
    ruling(
        kind=referral.kind,
        status=referral.status,
        action=action,
        side="sender",
        roles=caller.roles,
        body=body,
    )


async def _send(
    intake: Intake,
    session: AsyncSession,
    caller: Caller,
    referral: SentReferral,
    new: NewReferral,
    dossier: Dossier,
    now: datetime,
) -> None:
    """draft → submitted, the event with the dossier cut to what the receiver may know. Raises Problem 403, 409."""
    _rule(caller, referral, "submit", ActionBody())
    receiver = intake.service.directory[referral.receiver]
    shared = cut(
        dossier,
        sender=intake.service.directory[caller.agency].kind,
        receiver=receiver.kind,
        kind=referral.kind,
        consent=new.consent is not None,
    )
    referral.status, referral.version, referral.submitted_at = "submitted", 1, now
    session.add(referral)
    try:
        await session.flush()
    except IntegrityError:
        raise Problem("already_open") from None
    await set_known_version(session, referral.id, 1)
    event = ReferralSubmitted(
        path_id=referral.path_id,
        version=1,
        at=now,
        referral_id=referral.id,
        sender=caller.agency,
        receiver=referral.receiver,
        sealed=seal(intake.keyring, shared, to=receiver.node, context=referral.id),
        number=referral.number,
        kind=referral.kind,
        urgency=referral.urgency,
        custodian=caller.agency,
    )
    await intake.service.outbox.publish(session, event, source=caller.agency, targets=[receiver.node, PATH_NODE])
