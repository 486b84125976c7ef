"""What a referral must hold before it may be sent, and what of it is the person's dossier. Pure."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.api import NewReferral, Person
from contracts.codes import ReferralKind
from contracts.directory import Agency
from contracts.dossier import Dossier
from rules.kinds import kind_between, may_send
from services.kit.pesel import InvalidPesel, read_pesel
from services.kit.problems import FieldError, invalid


@dataclass(frozen=True)
class Checked:
    """A referral that may be saved: its kind, the full dossier, and what identifies the person at one institution."""

    kind: ReferralKind
    dossier: Dossier
    identity: str


def check_draft(new: NewReferral, *, sender: Agency, receiver: Agency | None, today: date, training: bool) -> Checked:
    """What even a draft must tell: for whom and to whom. Raises Problem with one entry per field."""
    checked, errors = _check(new, sender, receiver, today, training)
    if checked is None or errors:
        raise invalid(*errors)
    return checked


def check(new: NewReferral, *, sender: Agency, receiver: Agency | None, today: date, training: bool) -> Checked:
    """Everything the law and good sense ask before sending. Raises Problem with one entry per field."""
    checked, errors = _check(new, sender, receiver, today, training)
    if receiver is not None:
        errors += _consent_errors(new, receiver, today)
    if checked is not None and checked.kind == "statutory_cis":
        errors += _statutory_errors(new, sender, today)
    if checked is None or errors:
        raise invalid(*errors)
    return checked


def _check(
    new: NewReferral, sender: Agency, receiver: Agency | None, today: date, training: bool
) -> tuple[Checked | None, list[FieldError]]:
    person, errors = _read_person(new.client, today, training)
    errors += _receiver_errors(new, sender, receiver)
    if receiver is None:
        return None, errors
    kind = new.kind or kind_between(sender.kind, receiver.kind)
    return Checked(kind=kind, dossier=_dossier(new, person), identity=_identity(person)), errors


def _receiver_errors(new: NewReferral, sender: Agency, receiver: Agency | None) -> Iterator[FieldError]:
    if receiver is None:
        yield FieldError("receiver", "receiver_unknown")
    elif receiver.slug == sender.slug:
        yield FieldError("receiver", "receiver_is_sender")
    elif new.kind is not None and not may_send(sender.kind, receiver.kind, new.kind):
        yield FieldError("kind", "kind_not_allowed")


def _read_person(person: Person, today: date, training: bool) -> tuple[Person, list[FieldError]]:
    """The person with birth date and sex filled in from the PESEL."""
    if person.pesel is None:
        if person.birth_date is None:
            return person, [FieldError("client.birth_date", "birth_date_required")]
        return person, list(_not_future("client.birth_date", person.birth_date, today))
    try:
        read = read_pesel(person.pesel, training=training)
    except InvalidPesel as error:
        return person, [FieldError("client.pesel", error.code)]
    if person.birth_date not in (None, read.birth_date):
        return person, [FieldError("client.birth_date", "pesel_birth_date")]
    known = {"pesel": read.number, "birth_date": read.birth_date, "sex": read.sex}
    return person.model_copy(update=known), list(_not_future("client.pesel", read.birth_date, today))


def _consent_errors(new: NewReferral, receiver: Agency, today: date) -> Iterator[FieldError]:
    """Consent is needed on route B (art. 12 ust. 1) and for a transfer to an OWES, which no act names."""
    if new.consent is None:
        if new.route == "B" or receiver.kind == "owes":
            yield FieldError("consent", "consent_required")
        return
    yield from _not_future("consent.given_on", new.consent.given_on, today)


def _statutory_errors(new: NewReferral, sender: Agency, today: date) -> Iterator[FieldError]:
    """Act on social employment, art. 1 ust. 2 (grounds), art. 12 ust. 1 (routes) and 2 (opinion)."""
    if not new.grounds:
        yield FieldError("grounds", "ground_required")
    if new.route is None:
        yield FieldError("route", "route_required")
    elif new.route == "C" and (sender.kind != "pup" or "LONG_TERM_UNEMPLOYED" not in new.grounds):
        yield FieldError("route", "route_c_only_pup")
    elif new.route != "C" and sender.kind == "pup":
        yield FieldError("route", "pup_only_route_c")
    if new.opinion is None:
        if new.route != "C":  # whether route C needs one is open in the act: asked for, not blocking
            yield FieldError("opinion", "opinion_required")
        return
    if new.opinion.result == "negative":
        yield FieldError("opinion.result", "opinion_negative")
    yield from _not_future("opinion.issued_on", new.opinion.issued_on, today)
    yield from _not_future("opinion.interview_on", new.opinion.interview_on, today)


def _not_future(field: str, day: date, today: date) -> Iterator[FieldError]:
    if day > today:
        yield FieldError(field, "future_date")


def dossier_of(new: NewReferral, *, training: bool) -> Dossier:
    """The full dossier in a form that was checked when it was saved."""
    person, _ = _read_person(new.client, date.max, training)
    return _dossier(new, person)


def _dossier(new: NewReferral, person: Person) -> Dossier:
    return Dossier(
        **person.model_dump(exclude={"address"}),
        address=person.address,
        grounds=new.grounds or None,
        reason=new.reason,
        expectations=new.expectations,
        accessibility_needs=new.accessibility_needs,
        opinion=new.opinion,
    )


def _identity(person: Person) -> str:
    """What tells this person from others at one institution: the PESEL, or folded names and birth date without one."""
    if person.pesel is not None:
        return f"pesel {person.pesel}"
    return f"name {_folded(person.family_name)} {_folded(person.given_name)} {person.birth_date}"


def _folded(name: str) -> str:
    """Without case and diacritics; ł has no decomposition of its own."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
