"""What must be told of an application and of each step of it, and what of it becomes a referral. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from pydantic import BaseModel

from contracts.api import NewReferral, Route
from contracts.applications import Applicant, ApplicationAction, NewApplication
from contracts.directory import Agency, Directory
from contracts.dossier import Dossier, Opinion
from contracts.form import Form, Person
from rules.applications import applicant_in, applicant_kind, applicants_named, field_wording, institution
from rules.eligibility import condition
from rules.kinds import kind_between
from rules.limits import limit
from services.intake.applications.models import ApplicationForm
from services.intake.guards import opinion_errors
from services.kit.problems import FieldError

F = TypeVar("F", bound=BaseModel)

_SHARED = frozenset(Dossier.model_fields) & frozenset(ApplicationForm.model_fields) - {"attachments", "general_clause"}
"""What goes from the form into the dossier as it is."""

MOST_FILES = 10
"""As many as one form can name."""

_LEADS_TO = ("statutory_cis", "kis")
"""The kinds of referral that an application may lead to."""


def wrong(field: str, code: str) -> FieldError:
    """A field that is wrong in a way that `rules/applications.toml` has the words for."""
    return FieldError(field, code, wording=field_wording(code))


def route_of(applicant: Applicant) -> Route | None:
    """By which route this applicant applies, None for one who cannot."""
    kind = applicant_kind(applicant.kind)
    return None if kind is None else kind.route


def with_name(applicant: Applicant, directory: Directory) -> Applicant:
    """The applicant by the name that the directory has, when none was told."""
    found = None if applicant.party is None else institution(directory, applicant.party)
    return applicant if applicant.name or found is None else applicant.model_copy(update={"name": found.name})


def registration_errors(
    new: NewApplication, *, agency: Agency, directory: Directory, today: date
) -> Iterator[FieldError]:
    """What is wrong with an application that is to be registered, apart from the person."""
    days = limit("application_days", today)
    if new.received_on > today:
        yield FieldError("received_on", "future_date")
    elif (today - new.received_on).days > days:
        wording = field_wording("too_long_ago", days={"pl": str(days), "en": str(days)})
        yield FieldError("received_on", "too_long_ago", wording=wording)
    yield from _applicant_errors(new.applicant, directory)
    if new.receiver is not None:
        yield from receiver_errors(new.receiver, agency=agency, directory=directory)
    yield from _consent_errors(new, today)


def _applicant_errors(applicant: Applicant, directory: Directory) -> Iterator[FieldError]:
    if applicant_kind(applicant.kind) is None:
        wording = field_wording("applicant_unknown", applicants=applicants_named())
        yield FieldError("applicant.kind", "applicant_unknown", wording=wording)
    elif applicant.party is not None and institution(directory, applicant.party) is None:
        yield wrong("applicant.party", "party_unknown")
    elif applicant.party is not None:
        meant = applicant_in(directory, applicant.party)
        if meant is None or meant.code != applicant.kind:
            yield wrong("applicant.kind", "applicant_differs")
    if applicant.party is None and applicant.name is None and applicant.kind != "person":
        yield FieldError("applicant.name", "missing")


def _consent_errors(new: NewApplication, today: date) -> Iterator[FieldError]:
    if new.consent is None:
        row = condition("consent_required", "application", today)
        if route_of(new.applicant) == "B" and row is not None:
            yield FieldError("consent", row.code, wording=row.wording)
    elif new.consent.given_on > today:
        yield FieldError("consent.given_on", "future_date")


def receiver_errors(receiver: str, *, agency: Agency, directory: Directory) -> Iterator[FieldError]:
    """Whether an application at this OPS may lead to a referral there."""
    found = directory.find(receiver)
    if found is None:
        yield FieldError("receiver", "receiver_unknown")
    elif kind_between(agency.kind, found.kind) not in _LEADS_TO:
        yield wrong("receiver", "not_for_applications")


def interview_errors(
    body: ApplicationAction, *, received_on: date, place: str | None, today: date
) -> Iterator[FieldError]:
    """What is wrong with the day and the place of an interview, planned (`on`) or held (`held_on`)."""
    if body.on is not None and body.on < today:
        yield FieldError("on", "past_date")
    if body.held_on is not None and body.held_on > today:
        yield FieldError("held_on", "future_date")
    if body.held_on is not None and body.held_on < received_on:
        yield wrong("held_on", "before_receipt")
    if body.held_on is not None and body.place is None and place is None:
        yield FieldError("place", "missing")


def errors_of_opinion(opinion: Opinion, *, held_on: date | None, today: date) -> Iterator[FieldError]:
    """Art. 12 ust. 2: the opinion follows the interview that is on record."""
    yield from opinion_errors(opinion, kind="statutory_cis", today=today)
    if opinion.interview_on != held_on:
        yield wrong("opinion.interview_on", "interview_differs")


def added(form: ApplicationForm, more: Form) -> ApplicationForm:
    """The form with what has become known meanwhile; what is not told again stays, and so does every file."""
    told = {name: getattr(more, name) for name in more.model_fields_set}
    return _filled(form, told | {"attachments": tuple(dict.fromkeys((*form.attachments, *more.attachments)))})


def addition_errors(form: ApplicationForm, more: Form) -> Iterator[FieldError]:
    """What cannot be added to an application."""
    if more.client_id is not None:
        yield wrong("form.client_id", "not_of_this_action")
    if len(added(form, more).attachments) > MOST_FILES:
        wording = field_wording("too_many_files", files={"pl": str(MOST_FILES), "en": str(MOST_FILES)})
        yield FieldError("form.attachments", "too_many_files", wording=wording)


def in_form(error: FieldError) -> FieldError:
    """The same error at the place where an action takes the field."""
    return FieldError(f"form.{error.field}", error.code, error.params, error.wording)


def _filled(known: F, told: dict[str, object]) -> F:
    update = {}
    for name, value in told.items():
        before = getattr(known, name)
        if isinstance(value, Person) and isinstance(before, Person):
            value = _filled(before, {part: getattr(value, part) for part in value.model_fields_set})
        if value is not None:
            update[name] = value
    return known.model_copy(update=update)


def dossier_of(form: ApplicationForm, person: Person) -> Dossier:
    """What an application tells of the person; `person` as read, birth date and sex filled in."""
    return Dossier(
        **{name: getattr(person, name) for name in Person.model_fields},
        **{name: getattr(form, name) or None for name in _SHARED},
        general_clause=form.general_clause,
    )


def referral_of(
    form: ApplicationForm,
    body: ApplicationAction,
    *,
    receiver: str,
    route: Route,
    opinion: Opinion | None,
    urgency: str,
) -> NewReferral:
    """The referral that an application leads to. Of its files only those named with the action go along."""
    told = {name: getattr(form, name) for name in Form.model_fields if getattr(form, name) is not None}
    told["attachments"] = body.form.attachments if body.form is not None else ()
    if body.preferred_workshop is not None:
        told["preferred_workshop"] = body.preferred_workshop
    return NewReferral(
        **told,
        receiver=receiver,
        unit=body.unit,
        reason=body.reason or form.reason or form.expectations or "",
        urgency=urgency,
        route=route,
        opinion=opinion,
        case_mark=body.case_mark,
        paid_place=body.paid_place or False,
    )
