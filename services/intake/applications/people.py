"""The person of an application: read as for a referral, and the same client whoever wrote first."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.clients import Known
from contracts.form import Form, Person
from rules.applications import open_statuses
from services.intake import clients, correcting
from services.intake.applications.domain import in_form
from services.intake.applications.models import ApplicationForm, ApplicationRow
from services.intake.clients import Found
from services.intake.context import Intake
from services.intake.form_checks import form_errors, read_person
from services.intake.knowing import known_of, newest
from services.intake.paths import going_on, path_of
from services.kit.caller import Caller
from services.kit.problems import FieldError, Problem, invalid
from services.kit.sealing import unseal


def read(form: Form, *, today: date, training: bool) -> tuple[Person | None, list[FieldError]]:
    """The person with birth date and sex filled in from the PESEL, and what is wrong with the form about them."""
    errors = list(form_errors(form, today=today))
    if form.client is None:
        return None, [FieldError("client", "missing"), *errors]
    person, wrong = read_person(form.client, today=today, training=training)
    return person, [*wrong, *errors]


async def opened(intake: Intake, session: AsyncSession, row: ApplicationRow) -> ApplicationForm:
    """The form of an application, with the person as the institution knows them now: they may have been corrected."""
    form = unseal(intake.keyring, ApplicationForm, row.sealed_form, context=row.id)
    client = await clients.find(session, row.client_id)
    return form if client is None else form.model_copy(update={"client": clients.known_by(intake, client).person})


async def enter(
    intake: Intake, session: AsyncSession, caller: Caller, form: Form, person: Person, now: datetime
) -> Found:
    """The client this person is, added when new, with what the form tells; locked until the transaction ends."""
    return await clients.enter(intake, session, caller, known_of(form, person), now)


async def learn(intake: Intake, session: AsyncSession, caller: Caller, row: ApplicationRow, told: Known) -> None:
    """Add what an action tells to the application's own client, who stays one client when it tells who they are.

    Raises Problem 409 when somebody else has this identity, 422.
    """
    client = await clients.locked(session, row.client_id)
    before = clients.known_by(intake, client)
    after = newest(before, told)
    if after == before:
        return
    try:
        await correcting.correct(intake, session, caller, client, after)
    except Problem as problem:
        if not problem.errors:
            raise
        raise invalid(*map(in_form, problem.errors)) from None
    await session.refresh(client)


async def path_for(session: AsyncSession, client: Found) -> UUID:
    """The path the client is on, else a new one."""
    known = None if client.new else await path_of(session, client.id, await going_on(session, client.id))
    return known or UUID(int=uuid7().int)


async def refuse_second(session: AsyncSession, client_id: UUID) -> None:
    """One open application of a person at a time. Raises Problem 409 with a link to it."""
    found = await open_of(session, client_id)
    if found:
        raise Problem("application_open", links=[link(row.id) for row in found])


async def open_of(session: AsyncSession, client_id: UUID) -> Sequence[ApplicationRow]:
    """The client's applications that go on."""
    query = select(ApplicationRow).where(
        ApplicationRow.client_id == client_id, col(ApplicationRow.status).in_(open_statuses())
    )
    return (await session.exec(query)).all()


def link(application_id: UUID) -> str:
    return f"/api/v1/applications/{application_id}"
