"""The sender's use cases, within a transaction of the caller's institution: send, ask the receiver."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.api import ActionBody, NewReferral
from contracts.codes import SenderAction
from contracts.dossier import Dossier
from contracts.events import ReferralRequested
from rules.guards import objection
from services.intake import attachments_sending, clients, following, paths
from services.intake.context import Intake
from services.intake.forms import judge
from services.intake.issuing import begin, issue
from services.intake.models import SentReferral, SentRequest
from services.intake.standing import asked, standing
from services.kit.actions import asked_for, objected, ruling
from services.kit.caller import Caller
from services.kit.problems import FieldError, Problem, invalid
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
    """Ask the receiving node, the only writer since the sending, to do something. Raises Problem."""
    transition = ruling(
        kind=referral.kind, status=referral.status, action=action, side="sender", roles=caller.roles, body=body
    )
    body = asked_for(transition, body)
    if await pending_request(session, referral.id) is not None:
        raise Problem("request_pending")
    now = await intake.service.clock.now(session)
    against = objection(transition.guards, standing(referral), asked(caller.actor, caller.roles, body, now))
    if against is not None:
        raise objected(against)
    if action == "ask_reopen":
        await _check_reopening(session, referral)
    redirected = action == "accept_redirect"
    child = await _in_its_place(intake, session, caller, referral, body.signed_on, now) if redirected else None
    asking = SentRequest(
        id=UUID(int=uuid7().int),
        agency=caller.agency,
        referral_id=referral.id,
        action=action,
        state="pending",
        reason=body.reason,
        sealed_note=seal_text(intake.keyring, body.note, to=intake.service.node, context=referral.id),
        asked_at=now,
    )
    session.add(asking)
    if action == "answer":
        referral.sealed_answer = seal_text(intake.keyring, body.text, to=intake.service.node, context=referral.id)
    if action in attachments_sending.STOPPING:
        await attachments_sending.stop(session, [referral.id])
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
        sealed=seal_text(intake.keyring, _words(action, body), to=receiver.node, context=referral.id),
        request_id=asking.id,
        action=cast(SenderAction, action),
        roles=tuple(sorted(caller.roles)),
        reason=body.reason,
        signed_on=body.signed_on,
        child_id=child,
    )
    await intake.service.outbox.publish(session, event, source=caller.agency, targets=[receiver.node])


_EXPLAINED = ("request_cancel", "refuse_redirect", "refuse_return", "ask_reopen")
"""What the receiver answers to, or goes on with: it reads why."""


def _words(action: str, body: ActionBody) -> str | None:
    """What the receiver reads. Why something was taken back is between the sender and its files."""
    return body.note if action in _EXPLAINED else body.text


async def _check_reopening(session: AsyncSession, referral: SentReferral) -> None:
    """Nothing has taken its place, and nothing does at this moment. Raises Problem 409."""
    await clients.locked(session, referral.client_id)
    others = await paths.going_on(session, referral.client_id)
    paths.check_one_open(others, referral.kind, referral.receiver)
    if referral.followed_by is not None:
        raise Problem("followed_already", links=[paths.link(referral.followed_by)])


async def _in_its_place(
    intake: Intake, session: AsyncSession, caller: Caller, referral: SentReferral, agreed_on: date | None, now: datetime
) -> UUID:
    """The referral to the proposed institution, to which the person has agreed, sent in the same transaction.

    Raises Problem.
    """
    if referral.suggestion is None:
        raise Problem("receiver_gone")
    form = following.form_for(intake, referral, referral.suggestion)
    if form.consent is not None:
        if agreed_on is None:
            raise invalid(FieldError("signed_on", "missing"))
        form = form.model_copy(update={"consent": form.consent.model_copy(update={"given_on": agreed_on})})
    judged = await judge(intake, session, caller, form, now)
    issued = await issue(intake, session, caller, judged, begin(now), now, redirected=referral)
    referral.followed_by = issued.referral.id
    return issued.referral.id


async def locked(session: AsyncSession, referral_id: UUID) -> SentReferral | None:
    """The caller's own referral, locked until the transaction ends; None when it has no such one."""
    query = select(SentReferral).where(SentReferral.id == referral_id).with_for_update()
    return (await session.exec(query)).one_or_none()


async def pending_request(session: AsyncSession, referral_id: UUID) -> SentRequest | None:
    """The request still waiting for the receiver's answer, if there is one."""
    query = select(SentRequest).where(SentRequest.referral_id == referral_id, SentRequest.state == "pending")
    return (await session.exec(query)).one_or_none()
