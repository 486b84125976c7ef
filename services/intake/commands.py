"""The sender's use cases, within a transaction of the caller's institution: send, ask the receiver."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.api import ActionBody, NewReferral
from contracts.dossier import Dossier
from contracts.events import ReferralRequested
from services.intake.context import Intake
from services.intake.forms import judge
from services.intake.issuing import begin, issue
from services.intake.models import SentReferral, SentRequest
from services.kit.actions import ruling
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.kit.sealing import seal_text


async def create(
    intake: Intake, session: AsyncSession, caller: Caller, new: NewReferral, *, path_id: UUID | None = None
) -> tuple[SentReferral, Dossier]:
    """Send a referral that did not come through the interface; with the full dossier. Raises Problem.

    `path_id`: where it belongs, whatever the form says.
    """
    now = await intake.service.clock.now(session)
    judged = await judge(intake, session, caller, new, now)
    issued = await issue(intake, session, caller, judged, begin(now), now, path_id=path_id)
    return issued.referral, issued.dossier


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
