"""What an institution knows of a client is corrected: by hand, in full, with what was known before kept."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.clients import Known
from contracts.form import Form
from rules.calendar import local_day
from services.intake import clients
from services.intake.alike import link
from services.intake.context import Intake
from services.intake.form_checks import form_errors, identity_of, read_person
from services.intake.forms import resolve
from services.intake.models import Client
from services.kit.caller import Caller
from services.kit.database import attempt
from services.kit.problems import Problem, invalid


async def correct(intake: Intake, session: AsyncSession, caller: Caller, client: Client, known: Known) -> None:
    """Replace what is known of this client, who is locked; they are found by the new identity from now on.

    Referrals keep what was sent. Raises Problem 409 when somebody else has this identity, 422.
    """
    now = await intake.service.clock.now(session)
    person, errors = read_person(known.person, today=local_day(now), training=intake.training, at="person.")
    beside = Form(background=known.background, household=known.household)
    errors += [*form_errors(beside, today=local_day(now)), *(await resolve(intake, session, beside))[1]]
    if errors:
        raise invalid(*errors)
    known = known.model_copy(update={"person": person})
    await _follow(intake, session, client, intake.keyring.index("person", caller.agency, identity_of(person)))
    await clients.change(intake, session, caller, client, known, now)


async def _follow(intake: Intake, session: AsyncSession, client: Client, index: bytes) -> None:
    """The index leads to this client from now on; one that leads here by a merge stays as it is. Raises Problem 409."""
    try:
        async with attempt(session):
            client.person_index = index
            session.add(client)
            await session.flush()
    except IntegrityError:
        await session.refresh(client)
        other = (await session.exec(select(Client).where(Client.person_index == index))).one()
        kept = other.merged_into or other.id
        if kept != client.id:
            raise Problem("client_exists", links=[link(kept)]) from None
