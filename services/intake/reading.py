"""What somebody has typed, as far as it is a referral: everything that is no value is told, the rest is read. Pure.

So one answer names all that must be corrected, and a form that is half written can be judged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from contracts.api import NewReferral
from services.kit.problems import FieldError, Problem, invalid
from services.kit.validation import field_error, from_validation

DEEPEST = 20
"""Levels of objects and lists; a referral has five."""

_STAND_INS: dict[tuple[int | str, ...], str] = {
    ("receiver",): "nobody",
    ("reason",): "-",
    ("client", "given_name"): "-",
    ("client", "family_name"): "-",
}
"""In place of what must be there, so that the rest can be read. Nobody gets to see them: the field is told as wrong."""

_ALSO = {"client.pesel": "client.birth_date"}
"""Without the first, an objection to the second is none."""

_FLAG = TypeAdapter(bool)

_GONE = object()


@dataclass(frozen=True)
class Reading:
    """What was typed, read as far as it goes."""

    new: NewReferral
    errors: tuple[FieldError, ...] = ()

    def objections(self, found: Iterable[FieldError]) -> tuple[FieldError, ...]:
        """What is no value, and of what was found wrong besides that which does not come from it."""
        told = [error.field for error in self.errors]
        told += [_ALSO[field] for field in told if field in _ALSO]
        return (*self.errors, *(error for error in found if not any(_concerns(field, error.field) for field in told)))


def read(typed: Mapping[str, Any]) -> Reading:
    """The referral in what was typed."""
    rest, told = deepcopy(dict(typed)), tuple[FieldError, ...]()
    while True:  # each round has less to object to: what lacks a part is gone with the next one
        try:
            return Reading(NewReferral.model_validate(rest), told)
        except ValidationError as error:
            told = told or _told(error)
            for item in error.errors(include_url=False, include_input=False):
                _take_out(rest, item["loc"], item["type"] == "missing")
            rest = _without_gone(rest)


def is_draft(typed: Mapping[str, Any]) -> bool:
    """Whether it is only to be kept; what is no yes and no no is an error of the form that is sent."""
    try:
        return _FLAG.validate_python(typed.get("draft", False))
    except ValidationError:
        return False


def check_depth(typed: Mapping[str, Any]) -> None:
    """Raises Problem 422 for objects in objects without end."""
    for at, _, depth in _values(typed):
        if depth > DEEPEST:
            raise invalid(FieldError(at, "too_deep"))


def check_text(typed: Mapping[str, Any]) -> None:
    """Whatever is typed can be kept, but for what is no text at all. Raises Problem 422."""
    for at, value, _ in _values(typed):
        if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise invalid(field_error({"type": "string_unicode", "loc": ("body", *at.split("."))}))


def _values(typed: Mapping[str, Any]) -> Iterator[tuple[str, Any, int]]:
    """Every key and value with its place and how deep it lies; without recursion, whoever wrote it may mean harm."""
    waiting: list[tuple[str, Any, int]] = [("body", typed, 0)]
    while waiting:
        at, value, depth = waiting.pop()
        yield at, value, depth
        if depth > DEEPEST or not isinstance(value, dict | list):
            continue
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield at, key, depth
            waiting.append((str(key) if at == "body" else f"{at}.{key}", item, depth + 1))


def _told(error: ValidationError) -> tuple[FieldError, ...]:
    problem: Problem = from_validation([{**item, "loc": ("body", *item["loc"])} for item in error.errors()])
    return problem.errors


def _take_out(form: Any, place: Sequence[int | str], missing: bool) -> None:
    """Put something else where there is no value: what stands in for it, or nothing. What lacks a part is no value."""
    stand_in = _STAND_INS.get(tuple(place))
    if missing and stand_in is None:
        place = place[:-1]
    *way, last = place
    for key in way:
        form = form[key]
        if form is _GONE:
            return
    form[last] = _GONE if stand_in is None else stand_in


def _without_gone(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_gone(item) for key, item in value.items() if item is not _GONE}
    if isinstance(value, list):
        return [_without_gone(item) for item in value if item is not _GONE]
    return value


def _concerns(told: str, field: str) -> bool:
    """Whether both are one field, or one is a part of the other."""
    return told == field or told.startswith(f"{field}.") or field.startswith(f"{told}.")
