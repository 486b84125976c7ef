"""An application that came as a referral and that the OPS accepted: registered here, nothing typed twice."""

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.applications import Applicant
from contracts.dossier import Dossier
from contracts.envelope import Envelope
from contracts.events import ApplicationTaken
from contracts.form import Form, Person
from rules.applications import applicant_of
from services.intake.applications import people
from services.intake.applications.models import ApplicationForm
from services.intake.applications.registering import Terms, add
from services.intake.context import Intake
from services.kit.caller import Caller
from services.kit.delivery import Forged
from services.kit.inbox import Handlers, each
from services.kit.sealing import unseal

_NOT_OURS = frozenset({"attachments", "client_id"})
"""Ids of the sender's own."""


def with_applications(intake: Intake, others: Handlers) -> Handlers:
    """What intake does with events, that of applications besides: it belongs to the OPS that accepted one."""

    async def taken(session: AsyncSession, event: ApplicationTaken, envelope: Envelope) -> None:
        await _register(intake, session, event, envelope)

    def tenant(event: object) -> str | None:
        return event.receiver if isinstance(event, ApplicationTaken) else others.tenant(event)

    return Handlers(tenant=tenant, effects={**others.effects, ApplicationTaken: each(taken)})


async def _register(intake: Intake, session: AsyncSession, event: ApplicationTaken, envelope: Envelope) -> None:
    """Register the application on the path it came on. Raises Forged, CannotOpen."""
    directory = intake.service.directory
    sender = directory[event.sender]
    kind = applicant_of(sender)
    if envelope.source != event.receiver or event.sealed is None or kind is None:
        raise Forged(envelope.source)
    dossier = unseal(intake.keyring, Dossier, event.sealed, context=event.referral_id)
    applicant = Applicant(kind=kind.code, name=sender.name, party=sender.slug, mark=dossier.case_mark)
    form = _form(dossier, applicant)
    now = await intake.service.clock.now(session)
    person, errors = people.read(form, today=event.received_on, training=intake.training)
    if errors or person is None:
        raise ValueError("the sender's node has checked the person")
    writer = Caller(agency=event.receiver, roles=frozenset(), actor=event.sender)
    client = await people.enter(intake, session, writer, form, person, now)
    terms = Terms(
        path_id=event.path_id,
        route=kind.route,
        channel="electronic",
        urgency=event.urgency,
        received_on=event.received_on,
        source_id=event.referral_id,
    )
    await add(intake, session, writer, client.id, form, terms, now)


def _form(dossier: Dossier, applicant: Applicant) -> ApplicationForm:
    """What was told of the person, as a form."""
    told = {name: value for name, value in dossier if value is not None and name not in _NOT_OURS}
    person = Person(**{name: value for name, value in told.items() if name in Person.model_fields})
    parts = {name: value for name, value in told.items() if name in (Form.model_fields.keys() | {"reason"})}
    return ApplicationForm(client=person, applicant=applicant, **parts)
