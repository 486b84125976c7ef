"""An application comes in: typed in at the OPS, or taken over from an institution with an account."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.api import Route
from contracts.applications import Channel, NewApplication
from contracts.codes import Urgency
from contracts.events import ApplicationRegistered
from contracts.ids import case_number
from rules.calendar import local_day
from services.intake import attachments
from services.intake.applications import people
from services.intake.applications.domain import registration_errors, route_of, with_name
from services.intake.applications.models import ApplicationForm, ApplicationRow, Work, taken
from services.intake.applications.rulings import may_register
from services.intake.applications.telling import publish
from services.intake.context import Intake
from services.intake.forms import resolve
from services.kit.caller import Caller
from services.kit.problems import invalid
from services.kit.sealing import seal


@dataclass(frozen=True)
class Terms:
    """How and when it came in, and where it belongs."""

    path_id: UUID
    route: Route
    channel: Channel
    urgency: Urgency
    received_on: date
    receiver: str | None = None
    source_id: UUID | None = None


async def register(intake: Intake, session: AsyncSession, caller: Caller, new: NewApplication) -> ApplicationRow:
    """Register an application that came in. Raises Problem."""
    may_register(caller.roles)
    new, errors = await resolve(intake, session, new)
    now = await intake.service.clock.now(session)
    today, directory = local_day(now), intake.service.directory
    person, wrong = people.read(new, today=today, training=intake.training)
    errors += wrong
    errors += registration_errors(new, agency=directory[caller.agency], directory=directory, today=today)
    errors += (await attachments.chosen(intake, session, new.attachments, today)).errors
    route = route_of(new.applicant)
    if errors or person is None or route is None:
        raise invalid(*errors)
    client = await people.enter(intake, session, caller, new, person, now)
    await people.refuse_second(session, client.id)
    terms = Terms(
        path_id=await people.path_for(session, client),
        route=route,
        channel=new.channel,
        urgency=new.urgency,
        received_on=new.received_on,
        receiver=new.receiver,
    )
    told = {name: getattr(new, name) for name in ApplicationForm.model_fields}
    form = ApplicationForm(**told | {"applicant": with_name(new.applicant, directory)})
    return await add(intake, session, caller, client.id, form, terms, now)


async def add(
    intake: Intake,
    session: AsyncSession,
    caller: Caller,
    client_id: UUID,
    form: ApplicationForm,
    terms: Terms,
    now: datetime,
) -> ApplicationRow:
    """Store an application that was checked, and tell its path."""
    identity = UUID(int=uuid7().int)
    work = Work(steps=(taken("register", caller, now),))
    row = ApplicationRow(
        id=identity,
        agency=caller.agency,
        client_id=client_id,
        path_id=terms.path_id,
        number=case_number(identity, local_day(now).year),
        route=terms.route,
        channel=terms.channel,
        urgency=terms.urgency,
        receiver=terms.receiver,
        status="registered",
        version=1,
        received_on=terms.received_on,
        registered_at=now,
        source_id=terms.source_id,
        sealed_form=seal(intake.keyring, form, to=intake.service.node, context=identity),
        sealed_work=seal(intake.keyring, work, to=intake.service.node, context=identity),
    )
    session.add(row)
    await session.flush()
    await attachments.use(session, caller.agency, identity, form.attachments)
    await publish(
        intake, session, row, ApplicationRegistered, now, urgency=terms.urgency, received_on=terms.received_on
    )
    return row
