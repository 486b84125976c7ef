"""What a referral must hold before it may be sent, and what of it is the person's dossier. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.api import NewReferral
from contracts.codes import ReferralKind
from contracts.directory import Agency, Directory
from contracts.dossier import Dossier
from contracts.form import Person
from rules.kinds import kind_between, may_send
from services.intake.form_checks import form_errors, read_person
from services.intake.guards import errors_of
from services.kit.problems import FieldError

_OF_THE_FORM = tuple(
    (Dossier.model_fields.keys() & NewReferral.model_fields.keys()) - {"attachments", "general_clause"}
)
"""What goes from the form into the dossier as it is."""


@dataclass(frozen=True)
class Checked:
    """A referral as it may be sent when nothing is wrong: its kind, the person as read, the full dossier."""

    kind: ReferralKind
    person: Person
    dossier: Dossier


def check(
    new: NewReferral, *, sender: Agency, receiver: Agency | None, directory: Directory, today: date, training: bool
) -> tuple[Checked | None, list[FieldError]]:
    """Everything that the law and good sense ask before sending; None while it is not told for whom or to whom."""
    errors = [*_receiver_errors(new, sender, receiver), *form_errors(new, today=today)]
    person = None
    if new.client is not None:
        person, wrong = read_person(new.client, today=today, training=training)
        errors += wrong
    elif new.client_id is None:
        errors.append(FieldError("client", "missing"))
    if receiver is None:
        return None, errors
    kind = new.kind or kind_between(sender.kind, receiver.kind)
    errors += errors_of(
        new, person=person, sender=sender, receiver=receiver, kind=kind, directory=directory, today=today
    )
    return (None if person is None else Checked(kind, person, _dossier(new, person))), errors


def _receiver_errors(new: NewReferral, sender: Agency, receiver: Agency | None) -> Iterator[FieldError]:
    if receiver is None:
        yield FieldError("receiver", "receiver_unknown")
    elif receiver.slug == sender.slug:
        yield FieldError("receiver", "receiver_is_sender")
    elif new.kind is not None and not may_send(sender.kind, receiver.kind, new.kind):
        yield FieldError("kind", "kind_not_allowed")


def dossier_of(new: NewReferral, *, training: bool) -> Dossier:
    """The full dossier in a form that names the person, whatever else is wrong with it."""
    if new.client is None:
        raise ValueError("a form without a person has no dossier")
    person, _ = read_person(new.client, today=date.max, training=training)
    return _dossier(new, person)


def _dossier(new: NewReferral, person: Person) -> Dossier:
    return Dossier(
        **{name: getattr(person, name) for name in type(person).model_fields},
        **{name: getattr(new, name) or None for name in _OF_THE_FORM},
        general_clause=new.general_clause,
    )
