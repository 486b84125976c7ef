"""What is done with an application, within a transaction of its OPS: interview, give the opinion, decide."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.applications import ApplicationAction
from services.intake.applications import people
from services.intake.applications.deciding import issue
from services.intake.applications.domain import errors_of_opinion, interview_errors
from services.intake.applications.models import ApplicationRow, Work, only_role
from services.intake.applications.rulings import ruling
from services.intake.applications.step import Step
from services.intake.applications.unfinished import forget
from services.intake.context import Intake
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid
from services.kit.sealing import unseal


async def locked(session: AsyncSession, application_id: UUID) -> ApplicationRow | None:
    """The institution's own application, locked until the transaction ends; None when it has no such one."""
    query = select(ApplicationRow).where(ApplicationRow.id == application_id).with_for_update()
    return (await session.exec(query)).one_or_none()


async def act(
    intake: Intake, session: AsyncSession, caller: Caller, row: ApplicationRow, action: str, body: ApplicationAction
) -> None:
    """Do what the table of applications allows this caller to do now. Raises Problem."""
    work = unseal(intake.keyring, Work, row.sealed_work, context=row.id)
    opinion = work.opinion.result if work.opinion is not None else None
    found = ruling(row.status, action, roles=caller.roles, opinion=opinion, body=body)
    now = await intake.service.clock.now(session)
    form = await people.opened(intake, session, row)
    step = Step(intake, session, caller, row, found, body, now, work, form)
    await step.take_in(body.form)
    await _DOERS[action](step)
    await forget(session, caller, row, action)


def _check(*errors: FieldError) -> None:
    if errors:
        raise invalid(*errors)


async def _schedule(step: Step) -> None:
    row, body = step.row, step.body
    _check(*interview_errors(body, received_on=row.received_on, place=None, today=step.today))
    row.interview_on = body.on
    step.note(place=body.place)
    await step.done(events.InterviewPlanned, on=body.on)


async def _record(step: Step) -> None:
    row, body = step.row, step.body
    _check(*interview_errors(body, received_on=row.received_on, place=step.work.place, today=step.today))
    row.interview_held_on = body.held_on
    step.note(place=body.place)
    await step.done(events.InterviewHeld, held_on=body.held_on)


async def _opine(step: Step) -> None:
    opinion = step.body.opinion
    if opinion is None:
        raise invalid(FieldError("opinion", "missing"))
    _check(*errors_of_opinion(opinion, held_on=step.row.interview_held_on, today=step.today))
    step.row.opinion_on = opinion.issued_on
    step.note(opinion=opinion)
    await step.done(events.OpinionGiven, issued_on=opinion.issued_on)


async def _issue(step: Step) -> None:
    step.note(case_mark=step.body.case_mark)
    referral = await issue(step.intake, step.session, step.caller, step.row, step.form, step.work, step.body)
    step.row.referral_id, step.row.receiver = referral.id, referral.receiver
    step.row.issued_by = only_role(step.caller)
    await step.ended(events.ApplicationReferred, referral.receiver, referral_id=referral.id)


async def _refuse(step: Step) -> None:
    step.row.reason, step.row.issued_by = step.body.reason, only_role(step.caller)
    step.note(note=step.body.note)
    await step.ended(events.ApplicationRefused, reason=step.body.reason)


async def _return(step: Step) -> None:
    step.row.returned_from, step.row.returned_at = step.row.status, step.now
    step.row.reason = step.body.reason
    step.note(note=step.body.note)
    await step.done(events.ApplicationReturned, reason=step.body.reason)


async def _complete(step: Step) -> None:
    if step.row.returned_from is not None:
        step.row.status = step.row.returned_from
    step.row.returned_from = step.row.returned_at = step.row.reason = None
    step.work = step.work.model_copy(update={"note": None})
    await step.done(events.ApplicationCompleted)


async def _withdraw(step: Step) -> None:
    step.row.reason = step.body.reason
    step.row.returned_from = None
    step.note(note=step.body.note)
    await step.ended(events.ApplicationWithdrawn, reason=step.body.reason)


_DOERS: dict[str, Callable[[Step], Awaitable[None]]] = {
    "schedule_interview": _schedule,
    "record_interview": _record,
    "give_opinion": _opine,
    "issue": _issue,
    "refuse": _refuse,
    "return_for_completion": _return,
    "complete": _complete,
    "withdraw": _withdraw,
}
