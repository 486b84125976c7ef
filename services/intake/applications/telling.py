"""What others learn of an application: the path node its course, the applicant what became of it."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.applications import Applicant
from contracts.codes import ApplicationStatus
from contracts.directory import Agency
from contracts.events import ApplicationEvent
from contracts.form import Address, Person
from contracts.notices import NoticeContent
from contracts.subjects import PATH_NODE
from rules.calendar import local_day
from rules.kinds import kind_between
from rules.sharing import cut
from services.intake import notices
from services.intake.applications.domain import dossier_of
from services.intake.applications.models import ApplicationForm, ApplicationRow, Work
from services.intake.context import Intake

_THEMSELVES = ("person", "representative")
"""Who applies for nobody else but the person."""

_OF_THE_PERSON = ("given_name", "family_name", "birth_date", "pesel")


async def publish(
    intake: Intake,
    session: AsyncSession,
    row: ApplicationRow,
    model: type[ApplicationEvent],
    at: datetime,
    **fields: Any,
) -> None:
    """Tell the path of the application as it now stands, its next version."""
    event = model(
        path_id=row.path_id,
        version=row.version,
        at=at,
        application_id=row.id,
        agency=row.agency,
        status=row.status,
        **fields,
    )
    await intake.service.outbox.publish(session, event, source=row.agency, targets=[PATH_NODE])


async def give_outcome(
    intake: Intake,
    session: AsyncSession,
    row: ApplicationRow,
    form: ApplicationForm,
    work: Work,
    person: Person,
    centre: str | None,
    at: datetime,
) -> None:
    """Tell the applicant what became of the application, on paper when there is no account; else the person."""
    outcome: ApplicationStatus = row.status
    told = _told(row, form)
    addressee, address = _addressee(told, person)
    content = NoticeContent(
        **_shared(intake, row, form, person, told.party),
        number=row.number,
        case_mark=work.case_mark,
        addressee_mark=told.mark,
        on=local_day(at),
        centre=centre,
        outcome=outcome,
        reason=row.reason,
        addressee=addressee,
        address=address,
    )
    await notices.give(
        intake,
        session,
        kind="application_outcome",
        about=row.id,
        path_id=row.path_id,
        sender=row.agency,
        receiver=told.party,
        referral_id=row.source_id,
        content=content,
        at=at,
    )


def _told(row: ApplicationRow, form: ApplicationForm) -> Applicant:
    """Who is told: an institution only with the person's consent; one that passed on their own application is not."""
    consented = row.route == "B" and form.consent is not None
    return form.applicant if consented or form.applicant.kind in _THEMSELVES else Applicant(kind="person")


def _shared(
    intake: Intake, row: ApplicationRow, form: ApplicationForm, person: Person, party: str | None
) -> dict[str, Any]:
    """Who it is about, as far as the applicant may be told; who applied on paper has named the person."""
    directory = intake.service.directory
    applicant: Agency | None = None if party is None else directory.find(party)
    if applicant is None:
        return {name: getattr(person, name) for name in _OF_THE_PERSON if name != "pesel"}
    own = directory[row.agency].kind
    shared = cut(
        dossier_of(form, person),
        sender=own,
        receiver=applicant.kind,
        kind=kind_between(own, applicant.kind),
        consent=form.consent is not None,
    )
    return {name: getattr(shared, name) for name in _OF_THE_PERSON}


def _addressee(told: Applicant, person: Person) -> tuple[str | None, Address | None]:
    """Whom a letter goes to, and where: an institution that is not in the directory, or the person's own home."""
    if told.kind in _THEMSELVES:
        return told.name or f"{person.given_name} {person.family_name}", person.address
    return told.name, None
