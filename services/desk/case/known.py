"""What is known of a client as the fields of a form, and the form as the interface takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.clients import Client
from contracts.directory import Directory
from services.desk.new.field import Group
from services.desk.new.table import FIELDS, GROUPS
from services.desk.new.values import Values, body_of, values_of
from services.kit.collation import in_order

_PARTS = ("background", "household", "accessibility", "accessibility_needs")

_OF_CLIENT = ("client.", "background.", "household", "accessibility")

ASKED = {**FIELDS, "client.pesel": replace(FIELDS["client.pesel"], hint=None)}
"""The fields of the form; here the birth date is not filled in by the PESEL."""

FIRST = (
    "client.given_name",
    "client.family_name",
    "client.previous_family_name",
    "client.pesel",
    "client.birth_date",
    "client.sex",
    "client.phone",
    "client.address.street",
    "client.address.postal_code",
    "client.address.town",
    "client.address.gmina",
)
"""What is corrected mostly; everything else is folded."""


def gminas(directory: Directory, values: Values) -> list[tuple[str, str]]:
    """Every gmina that an institution serves, by name; and the one that is known, whatever it is."""
    served = {gmina.teryt: gmina.name for agency in directory.agencies for gmina in agency.gminas}
    now = values.one("client.address.gmina")
    every = {now: now, **served} if now else served
    return sorted(every.items(), key=lambda each: in_order(each[1]))


def more() -> list[Group]:
    """The other fields of a client, in the groups of the form."""
    found = []
    for group in GROUPS:
        names = tuple(name for name in group.fields if name.startswith(_OF_CLIENT) and name not in FIRST)
        if names:
            found.append(Group(group.code, group.title, names))
    return found


def values(client: Client) -> Values:
    """What stands in the fields before anything is typed."""
    told = client.known.model_dump(mode="json", exclude_none=True)
    return values_of({"client": told.pop("person"), **{part: told[part] for part in _PARTS if told.get(part)}})


def known_of(fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What was typed, as the interface takes it."""
    form = body_of(fields)
    return {"person": form.get("client", {}), **{part: form[part] for part in _PARTS if part in form}}


def at_fields(errors: Mapping[str, str]) -> dict[str, str]:
    """The interface's names of fields as those of the page."""
    return {
        f"client.{name.removeprefix('person.')}" if name.startswith("person.") else name: message
        for name, message in errors.items()
    }
