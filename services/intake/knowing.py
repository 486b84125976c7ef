"""What is known of a person from form to form: the newest told value wins, and nothing is lost by not repeating it.

Pure. Grounds, benefits, opinion, consent and the reason are never carried over: they are told for one hand-over.
"""

from typing import TypeVar

from pydantic import BaseModel

from contracts.clients import Known
from contracts.form import Address, Form, IdentityDocument, Person, Representative

M = TypeVar("M", bound=BaseModel)
F = TypeVar("F", bound=Form)

_PARTS = tuple(name for name in Known.model_fields if name != "person")
"""Parts of a form that are facts about the person."""

_SAME: dict[type[BaseModel], tuple[str, ...]] = {
    Address: ("town", "basis"),
    IdentityDocument: ("type", "number"),
    Representative: ("given_name", "family_name"),
}
"""What must be equal for two values to tell of one thing, so that the newer may be filled up from the older."""


def known_of(form: Form, person: Person) -> Known:
    """What this form tells that stays true, with the person as read."""
    return Known(person=person, **{name: getattr(form, name) for name in _PARTS})


def newest(old: Known, new: Known) -> Known:
    """Both together."""
    return _newest(old, new)


def begun_with(form: F, known: Known) -> F:
    """The form of somebody known: their person, and each part that it does not tell itself."""
    told = {name: getattr(form, name) or getattr(known, name) for name in _PARTS}
    return form.model_copy(update={"client": known.person, "client_id": None, **told})


def without(now: Known, before: Known, added: Known) -> Known:
    """What was known `before`, with everything told since, but without what came from `added`."""
    return _without(now, before, added)


def _newest(old: M, new: M) -> M:
    told = {}
    for name in type(new).model_fields:
        former, later = getattr(old, name), getattr(new, name)
        if not _told(later):
            told[name] = former
        elif isinstance(later, BaseModel) and isinstance(former, type(later)) and _same(former, later):
            told[name] = _newest(former, later)
    return new.model_copy(update=told)


def _without(now: M, before: M, added: M) -> M:
    back = {}
    for name in type(now).model_fields:
        current, former, foreign = getattr(now, name), getattr(before, name), getattr(added, name)
        if isinstance(current, BaseModel) and isinstance(former, type(current)) and isinstance(foreign, type(current)):
            back[name] = _without(current, former, foreign)
        elif not _told(former) and current == foreign:
            back[name] = former
    return now.model_copy(update=back)


def _same(one: BaseModel, other: BaseModel) -> bool:
    fields = _SAME.get(type(one), ())
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _told(value: object) -> bool:
    return value is not None and value != ()
