"""What stands against sending a form, at the fields of the page: what is wrong there, and what is only missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.api import ProblemField
from services.desk.new.table import FIELDS, ROWS
from services.desk.new.values import Values

_PLACE: Mapping[str, str] = {
    "client": "client.family_name",
    "client.address": "client.address.town",
    "client.representative": "client.representative.family_name",
    "client_id": "client.family_name",
    "consent": "consent.given_on",
    "opinion": "opinion.result",
    "labour": "labour.benefits",
    "path_id": "receiver",
    "follows": "receiver",
}
"""Where a part as a whole is corrected."""

PLAIN = "missing"
"""The code of what says no more than that a field is empty."""


@dataclass(frozen=True)
class Lack:
    """Something to fill in: its field on the page, and why; None when the field says it all."""

    field: str
    why: str | None


@dataclass(frozen=True)
class Objections:
    """`wrong`: message by field in which something stands; `missing`: what is not told yet."""

    wrong: Mapping[str, str]
    missing: tuple[Lack, ...]

    @property
    def all(self) -> dict[str, str]:
        """Every objection by field, for whoever wants to go on."""
        return {**self.wrong, **{lack.field: lack.why or "" for lack in self.missing}}


def objections(found: Iterable[ProblemField], values: Values) -> Objections:
    """What the interface said, each field once."""
    wrong: dict[str, str] = {}
    missing: dict[str, Lack] = {}
    for each in found:
        field = place_of(each.field)
        if field in wrong or field in missing:
            continue
        if any(values.all(field)):
            wrong[field] = each.message
        else:
            missing[field] = Lack(field, None if each.code == PLAIN else each.message)
    return Objections(wrong, tuple(missing.values()))


def place_of(field: str) -> str:
    """The field of the page at which something is corrected."""
    if field in FIELDS:
        return field
    if field in _PLACE:
        return _PLACE[field]
    part, _, rest = field.partition(".")
    if part in ROWS and rest:
        return field
    shorter = field.rpartition(".")[0]
    return place_of(shorter) if shorter else "receiver"
