"""What makes sense in a form whoever it is for: a person who can be told from others, and dates that can be. Pure."""

from collections.abc import Iterator
from datetime import date

from contracts.form import Form, Person
from services.intake.names import folded
from services.kit.pesel import InvalidPesel, read_pesel
from services.kit.problems import FieldError


def read_person(person: Person, *, today: date, training: bool, at: str = "client.") -> tuple[Person, list[FieldError]]:
    """The person with birth date and sex from the PESEL, and what is wrong with them; `at`: where they stand."""
    if person.pesel is None:
        if person.birth_date is None:
            return person, [FieldError(f"{at}birth_date", "birth_date_required")]
        return person, list(_not_future(f"{at}birth_date", person.birth_date, today))
    try:
        read = read_pesel(person.pesel, training=training)
    except InvalidPesel as error:
        return person, [FieldError(f"{at}pesel", error.code)]
    if person.birth_date not in (None, read.birth_date):
        return person, [FieldError(f"{at}birth_date", "pesel_birth_date")]
    known = {"pesel": read.number, "birth_date": read.birth_date, "sex": read.sex}
    return person.model_copy(update=known), list(_not_future(f"{at}pesel", read.birth_date, today))


def identity_of(person: Person) -> str:
    """What tells this person from others at one institution: the PESEL, or folded names and birth date without one."""
    if person.pesel is not None:
        return f"pesel {person.pesel}"
    return f"name {folded(person.family_name)} {folded(person.given_name)} {person.birth_date}"


def form_errors(form: Form, *, today: date) -> Iterator[FieldError]:
    """What cannot be in the parts beside the person."""
    if form.labour is not None:
        yield from _not_future("labour.registered_on", form.labour.registered_on, today)
    if form.background is not None:
        yield from _not_future("background.last_job_ended_on", form.background.last_job_ended_on, today)
    for number, member in enumerate(form.household):
        yield from _not_future(f"household.{number}.birth_date", member.birth_date, today)
    for number, document in enumerate(form.ground_documents):
        at = f"ground_documents.{number}"
        yield from _not_future(f"{at}.issued_on", document.issued_on, today)
        if document.issued_on is not None and document.valid_to is not None and document.valid_to < document.issued_on:
            yield FieldError(f"{at}.valid_to", "ends_before_it_begins")


def _not_future(field: str, day: date | None, today: date) -> Iterator[FieldError]:
    if day is not None and day > today:
        yield FieldError(field, "future_date")
