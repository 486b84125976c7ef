"""What stands against sending a referral, worded with the article that asks for it. Pure."""

from collections.abc import Iterator
from datetime import date

from contracts.api import NewReferral
from contracts.codes import ReferralKind
from contracts.directory import Agency, Directory
from contracts.dossier import Opinion
from contracts.form import Person
from rules.data import fill
from rules.eligibility import condition
from services.intake.conditions import CHECKS, Case, Found, Words, form_of
from services.kit.problems import FieldError


def errors_of(
    new: NewReferral,
    *,
    person: Person | None,
    sender: Agency,
    receiver: Agency,
    kind: ReferralKind,
    directory: Directory,
    today: date,
) -> Iterator[FieldError]:
    """Everything that must be corrected or added before this referral may go today.

    `person`: as read from the form, birth date and all; None while nobody is named.
    """
    case = Case(new, person, sender, receiver, kind, directory, today)
    for check in CHECKS:
        yield from _objections(check(case), kind, today)
    yield from _dates(new, today)
    yield from _places(new, receiver)


def opinion_errors(opinion: Opinion, *, kind: ReferralKind, today: date) -> Iterator[FieldError]:
    """What is wrong with an opinion itself, also with a negative one: its dates, and what its result asks for."""
    yield from _objections(form_of(opinion, today), kind, today)
    yield from _opinion_dates(opinion, today)


def _objections(found: Iterator[Found], kind: ReferralKind, today: date) -> Iterator[FieldError]:
    """Of what was found, that which the law objects to for this kind of referral on this day."""
    for each in found:
        row = condition(each.code, kind, today)
        if row is not None:
            value: Words = {"value": dict.fromkeys(row.wording, str(row.value))}
            yield FieldError(each.field, each.code, wording=fill(row.wording, value | each.words))


def _dates(new: NewReferral, today: date) -> Iterator[FieldError]:
    if new.consent is not None:
        yield from _not_future("consent.given_on", new.consent.given_on, today)
    if new.opinion is not None:
        yield from _opinion_dates(new.opinion, today)


def _opinion_dates(opinion: Opinion, today: date) -> Iterator[FieldError]:
    yield from _not_future("opinion.issued_on", opinion.issued_on, today)
    yield from _not_future("opinion.interview_on", opinion.interview_on, today)


def _not_future(name: str, day: date, today: date) -> Iterator[FieldError]:
    if day > today:
        yield FieldError(name, "future_date")


def _places(new: NewReferral, receiver: Agency) -> Iterator[FieldError]:
    """Unit, workshop and edition are there; only a centre has workshops to choose from."""
    if new.unit is not None and receiver.unit(new.unit) is None:
        yield FieldError("unit", "unit_unknown")
    workshop = new.preferred_workshop
    if workshop is not None and receiver.kind == "cis" and receiver.workshop(workshop) is None:
        yield FieldError("preferred_workshop", "workshop_unknown")
    if new.edition is not None and receiver.edition(new.edition) is None:
        yield FieldError("edition", "unknown_edition")
