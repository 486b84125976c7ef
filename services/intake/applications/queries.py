"""Applications as their OPS sees them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.applications import ON_PAPER, Application, DueDate, Interview
from contracts.codes import ApplicationStatus, Language
from rules.applications import clock
from rules.calendar import end_of_day, local_day
from rules.deadlines import opened_by
from services.intake import attachments
from services.intake.applications import people
from services.intake.applications.domain import dossier_of
from services.intake.applications.models import ApplicationRow, Work
from services.intake.applications.rulings import offered
from services.intake.context import Intake
from services.kit.caller import Caller
from services.kit.pages import newest_first
from services.kit.sealing import unseal


async def find(session: AsyncSession, application_id: UUID) -> ApplicationRow | None:
    """The caller's own application: row-level security hides all others."""
    return (await session.exec(select(ApplicationRow).where(ApplicationRow.id == application_id))).one_or_none()


async def page(
    session: AsyncSession, status: ApplicationStatus | None, cursor: str | None, source: UUID | None
) -> tuple[Sequence[ApplicationRow], str | None]:
    """A page of applications, newest first, and the cursor of the next. Raises Problem."""
    query = select(ApplicationRow)
    if status is not None:
        query = query.where(ApplicationRow.status == status)
    if source is not None:
        query = query.where(ApplicationRow.source_id == source)
    return await newest_first(session, query, ApplicationRow.registered_at, ApplicationRow.id, cursor)


async def view(intake: Intake, session: AsyncSession, caller: Caller, row: ApplicationRow) -> Application:
    """The application with the person and what may be done now."""
    form = await people.opened(intake, session, row)
    work = unseal(intake.keyring, Work, row.sealed_work, context=row.id)
    today = local_day(await intake.service.clock.now(session))
    person, _ = people.read(form, today=today, training=intake.training)
    if person is None:
        raise ValueError("a registered application has a person")
    files = await attachments.named(intake, session, form.attachments)
    result = work.opinion.result if work.opinion is not None else None
    plain = row.model_dump(exclude={"sealed_form", "sealed_work"}, include=set(Application.model_fields))
    return Application(
        **plain,
        applicant=form.applicant,
        on_paper=row.channel in ON_PAPER,
        available_actions=offered(row.status, caller.roles, result, caller.language),
        due=_due(row, caller.language),
        interview=Interview(planned_on=row.interview_on, held_on=row.interview_held_on, place=work.place),
        opinion=work.opinion,
        case_mark=work.case_mark,
        note=work.note,
        steps=work.steps,
        client=dossier_of(form, person).model_copy(update={"attachments": files or None}),
    )


def _due(row: ApplicationRow, language: Language) -> tuple[DueDate, ...]:
    """What the OPS must do next, by the same rules as the path has it."""
    event = clock(row.status)
    if event is None:
        return ()
    opened = opened_by(
        event,
        at=_since(row, event),
        referral_id=row.id,
        event_id=row.id,
        sender=row.agency,
        receiver=row.agency,
        urgency=row.urgency,
        kind="application",
    )
    return tuple(
        DueDate(
            rule=due.rule,
            due_at=due.due_at,
            basis=(due.basis_text or {}).get(language, due.basis),
            derivation=due.derivation[language],
        )
        for due in opened
    )


def _since(row: ApplicationRow, event: str) -> datetime:
    """When the clock began; its terms are in days, so that the hour does not matter."""
    day = {"interview_held": row.interview_held_on, "opinion_given": row.opinion_on}.get(event) or row.received_on
    return row.returned_at or end_of_day(day)
