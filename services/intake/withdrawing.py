"""Everything that goes on for a client is taken back, in one transaction and exactly as the preview showed it."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody, Option
from contracts.applications import ApplicationAction
from contracts.withdrawals import ClientWithdrawal, WithdrawalItem
from rules.applications import open_statuses
from rules.withdrawal import Cause, causes
from services.intake import belongings, cascade, clients, commands, drafts, paths
from services.intake.applications import commands as applications
from services.intake.applications.models import ApplicationRow
from services.intake.context import Intake
from services.intake.models import Client, Draft, SentReferral, SentRequest
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid

R = TypeVar("R", Draft, ApplicationRow, SentReferral)


def cause_of(code: str) -> Cause:
    """Raises Problem 422."""
    if code not in causes():
        raise invalid(FieldError("reason", "unknown_cause"))
    return causes()[code]


async def preview(
    intake: Intake, session: AsyncSession, caller: Caller, client: Client, cause: Cause
) -> ClientWithdrawal:
    """What would be done now."""
    return _told(intake, caller, client.id, cause, await _going(session, client.id))


async def withdraw(
    intake: Intake, session: AsyncSession, caller: Caller, client: Client, cause: Cause, stamp: str
) -> ClientWithdrawal:
    """Do what the preview with this stamp showed. When it would be something else by now, do nothing and tell that.

    Raises Problem.
    """
    await _hold(session, client.id)
    going = await _going(session, client.id)
    planned = _told(intake, caller, client.id, cause, going)
    if planned.stamp != stamp:
        return planned
    for item in planned.items:
        if item.action is not None:
            await _do(intake, session, caller, cause, going, item)
    return planned.model_copy(update={"done": True})


async def _hold(session: AsyncSession, client_id: UUID) -> None:
    """Nothing of this client changes any more. Locked in the order of others: what is worked on, then the client."""
    await belongings.hold(session, client_id)
    await clients.locked(session, client_id)


async def _going(session: AsyncSession, client_id: UUID) -> cascade.Going:
    sent, applied = SentReferral, ApplicationRow
    may_go_on = or_(paths.goes_on(), col(sent.reopen_asked))
    referrals = select(sent).where(sent.client_id == client_id, may_go_on).order_by(col(sent.id))
    open_ones = select(applied).where(applied.client_id == client_id, col(applied.status).in_(open_statuses()))
    written = select(Draft).where(Draft.client_id == client_id).order_by(col(Draft.id))
    found = (await session.exec(referrals)).all()
    asked = select(SentRequest.referral_id).where(
        col(SentRequest.referral_id).in_([row.id for row in found]), SentRequest.state == "pending"
    )
    return cascade.Going(
        referrals=found,
        applications=(await session.exec(open_ones.order_by(col(applied.id)))).all(),
        drafts=(await session.exec(written)).all(),
        asked=frozenset((await session.exec(asked)).all()),
    )


def _told(intake: Intake, caller: Caller, client_id: UUID, cause: Cause, going: cascade.Going) -> ClientWithdrawal:
    directory = intake.service.directory
    items = cascade.plan(going, cause, roles=caller.roles, known=lambda slug: directory.find(slug) is not None)
    return ClientWithdrawal(
        client_id=client_id,
        reason=cause.code,
        reasons=tuple(Option(code=each.code, label=each.wording[caller.language]) for each in causes().values()),
        stamp=cascade.stamp(going, cause, items),
        items=items,
    )


async def _do(
    intake: Intake, session: AsyncSession, caller: Caller, cause: Cause, going: cascade.Going, item: WithdrawalItem
) -> None:
    if item.what == "draft":
        await drafts.discard(session, _one(going.drafts, item.id), None)
    elif item.what == "application":
        body = ApplicationAction(reason=cause.application)
        row = _one(going.applications, item.id)
        await applications.act(intake, session, caller, row, "withdraw", body)
    else:
        body_of = ActionBody(reason=cause.code)
        await commands.request(intake, session, caller, _one(going.referrals, item.id), str(item.action), body_of)


def _one(rows: Sequence[R], row_id: UUID) -> R:
    return next(row for row in rows if row.id == row_id)
