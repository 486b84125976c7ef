"""One row of a file as a referral to create, or what is wrong with it by field. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from contracts.api import NewReferral
from contracts.directory import Directory
from contracts.form import Person
from rules.imports import folded, import_rules
from rules.kinds import kind_between
from services.intake.importing.cells import NotUnderstood, value_of
from services.intake.importing.columns import Head, related
from services.intake.importing.table import Line
from services.kit.problems import FieldError, invalid
from services.kit.validation import from_validation

_WHOLE_ADDRESS = re.compile(r"(?P<street>.*?)[,;\s]+(?P<postal_code>\d{2}-\d{3})\s+(?P<town>\S.*)", re.DOTALL)


def referral_of(head: Head, line: Line, directory: Directory) -> NewReferral:
    """What somebody would have typed. Raises Problem with an entry for each field that cannot be read."""
    form: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field, cell, calculated in _cells(head, line):
        if calculated:
            errors.append(FieldError(field, "import_formula"))
            continue
        try:
            value = value_of(import_rules().fields[field], cell, directory)
        except NotUnderstood as error:
            errors.append(FieldError(field, error.code))
            continue
        if value is not None:
            _put(form, field, value)
    _split_address(form)
    try:
        new = NewReferral.model_validate(form)
    except ValidationError as error:
        # What could not be read is missing in the form; to say so twice would only confuse.
        told = {each.field for each in errors}
        shown = [{**each, "loc": ("body", *each["loc"])} for each in error.errors(include_input=False)]
        errors += [_worded(each) for each in from_validation(shown).errors if each.field not in told]
        raise invalid(*errors) from None
    if errors:
        raise invalid(*errors)
    return new


def _worded(error: FieldError) -> FieldError:
    """Whoever fills a list wants to know its words, not our codes."""
    if error.code != "literal_error":
        return error
    choices = import_rules().choices
    return next((replace(error, wording=choices[field]) for field in choices if related(field, error.field)), error)


def content_of(new: NewReferral) -> str:
    """The same for the same referral, however its file was written; a draft of it is the same referral."""
    return new.model_dump_json(exclude_none=True, exclude={"draft"})


def place_of(new: NewReferral, sender: str, directory: Directory) -> tuple[str, str] | None:
    """The first is the same for two referrals of which only one can be open, the second when they also go to the same
    receiver; None when nothing would keep the second out."""
    receiver = directory.find(new.receiver)
    if new.client is None or receiver is None or new.draft:
        return None
    kind = new.kind or kind_between(directory[sender].kind, receiver.kind)
    person = _person(new.client)
    return f"{person}\x1f{receiver.slug if kind == 'service' else kind}", f"{person}\x1f{receiver.slug}"


def _person(person: Person) -> str:
    return person.pesel or f"{folded(person.family_name)} {folded(person.given_name)} {person.birth_date}"


def _cells(head: Head, line: Line) -> Iterator[tuple[str, str, bool]]:
    """Each field with the text for it, and whether a formula has calculated it. An empty cell gives way to the value
    for all rows."""
    rest = dict(head.values)
    for place, column in enumerate(head.columns):
        cell = line.cells[place] if place < len(line.cells) else ""
        if column.field is not None and (cell or column.field not in rest):
            rest.pop(column.field, None)
            yield column.field, cell, place in line.formulas
    for field, value in rest.items():
        yield field, value, False


def _put(form: dict[str, Any], field: str, value: object) -> None:
    *parents, last = field.split(".")
    for parent in parents:
        form = form.setdefault(parent, {})
    form[last] = value


def _split_address(form: dict[str, Any]) -> None:
    """Street, code and town that stand in one cell: "ul. Leśna 1, 42-360 Poraj"."""
    address = form.get("client", {}).get("address", {})
    whole = _WHOLE_ADDRESS.fullmatch(address.get("street", ""))
    if whole and "town" not in address:
        address |= whole.groupdict()
