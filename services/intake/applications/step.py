"""One step of an application: what it changes, kept and told together."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.applications import ApplicationAction
from contracts.events import ApplicationEvent
from contracts.form import Form, Person
from rules.applications_table import Transition
from rules.calendar import local_day
from services.intake import attachments
from services.intake.applications import people
from services.intake.applications.domain import added, addition_errors, in_form
from services.intake.applications.models import ApplicationForm, ApplicationRow, Work, taken
from services.intake.applications.telling import give_outcome, publish
from services.intake.context import Intake
from services.intake.knowing import known_of
from services.kit.caller import Caller
from services.kit.problems import invalid
from services.kit.sealing import seal


@dataclass
class Step:
    """One action on one application that the table has allowed; `work` and `form` as they become by it."""

    intake: Intake
    session: AsyncSession
    caller: Caller
    row: ApplicationRow
    transition: Transition
    body: ApplicationAction
    now: datetime
    work: Work
    form: ApplicationForm

    @property
    def today(self) -> date:
        return local_day(self.now)

    def person(self) -> Person:
        """The person as read. Raises Problem."""
        person, errors = people.read(self.form, today=self.today, training=self.intake.training)
        if errors or person is None:
            raise invalid(*map(in_form, errors))
        return person

    async def take_in(self, more: Form | None) -> None:
        """Add what has become known of the person. Raises Problem."""
        if more is None:
            return
        errors = [*addition_errors(self.form, more)]
        if errors:
            raise invalid(*errors)
        self.form = added(self.form, more)
        person = self.person()
        await people.learn(self.intake, self.session, self.caller, self.row, known_of(more, person))
        files = await attachments.chosen(self.intake, self.session, self.form.attachments, self.today)
        if files.errors:
            raise invalid(*map(in_form, files.errors))
        await attachments.use(self.session, self.row.agency, self.row.id, self.form.attachments)

    async def done(self, model: type[ApplicationEvent], **fields: object) -> None:
        """The application as it now stands, kept and told."""
        row = self.row
        if self.transition.target is not None:
            row.status = self.transition.target
        row.version += 1
        self.work = self.work.model_copy(
            update={"steps": (*self.work.steps, taken(self.transition.action, self.caller, self.now))}
        )
        row.sealed_form = seal(self.intake.keyring, self.form, to=self.intake.service.node, context=row.id)
        row.sealed_work = seal(self.intake.keyring, self.work, to=self.intake.service.node, context=row.id)
        self.session.add(row)
        await publish(self.intake, self.session, row, model, self.now, **fields)

    async def ended(self, model: type[ApplicationEvent], centre: str | None = None, **fields: object) -> None:
        """The same for an application that ends; the applicant is told."""
        self.row.decided_at = self.now
        await self.done(model, **fields)
        await give_outcome(self.intake, self.session, self.row, self.form, self.work, self.person(), centre, self.now)

    def note(self, **told: object) -> None:
        """Write down what was told."""
        self.work = self.work.model_copy(update={name: value for name, value in told.items() if value is not None})
