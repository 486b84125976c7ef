"""What a person typed: read from a form, given back as typed when something is wrong with it."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import UploadFile

from services.desk.bodies import form_of
from services.desk.csrf import FIELD, is_ours
from services.desk.visitors import Visitor, visitor

KEY = "_key"
VERSION = "_version"
LARGEST_FORM = 200
"""Fields of a form at most; the longest form has about 120."""


class Foreign(Exception):
    """A form that does not come from a page of ours, or from one of an earlier session. `who` sent it."""

    def __init__(self, who: Visitor, given: "Typed") -> None:
        super().__init__()
        self.who = who
        self.given = given


class Typed:
    """The fields of a form. Dotted names make parts: `client.address.town`."""

    def __init__(self, fields: Mapping[str, list[str]], uploads: Mapping[str, list[UploadFile]]) -> None:
        self.fields = fields
        self.uploads = uploads

    async def close(self) -> None:
        """Let go of the files that came with it."""
        for file in (file for files in self.uploads.values() for file in files):
            await file.close()

    def text(self, name: str) -> str | None:
        """What stands in the field, without blanks around it; None for nothing."""
        return (self.fields.get(name, [""])[-1].strip()) or None

    def identity(self, name: str) -> UUID:
        """The id in the field. Raises HTTPException 404 when there is none, as for an address with such an id."""
        try:
            return UUID(self.text(name))
        except (TypeError, ValueError):
            raise HTTPException(404) from None

    def all(self, name: str) -> list[str]:
        """Every value of a field that may have several."""
        return [value for value in self.fields.get(name, []) if value]

    @property
    def key(self) -> str:
        """The form's own one-time key. A form without one is taken as a new one."""
        return self.text(KEY) or new_key()

    @property
    def version(self) -> str | None:
        """The version that the page showed."""
        return self.text(VERSION)

    def body(self, *names: str) -> dict[str, Any]:
        """These fields as the interface takes them: dotted names as parts, empty ones left out."""
        told: dict[str, Any] = {}
        for name in names:
            value = self.text(name)
            if value is None:
                continue
            *parts, last = name.split(".")
            place = told
            for part in parts:
                place = place.setdefault(part, {})
            place[last] = value
        return told

    @property
    def values(self) -> dict[str, str]:
        """Every field as typed, to be shown again; of several values the last."""
        return {name: values[-1] for name, values in self.fields.items() if not name.startswith("_")}


def new_key() -> str:
    return uuid4().hex


async def read(request: Request) -> Typed:
    """The form of this request, whoever sent it."""
    form = await form_of(request, LARGEST_FORM)
    fields: dict[str, list[str]] = {}
    uploads: dict[str, list[UploadFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            uploads.setdefault(name, []).append(value)
        else:
            fields.setdefault(name, []).append(value)
    return Typed(fields, uploads)


async def typed(request: Request, who: Annotated[Visitor, Depends(visitor)]) -> AsyncIterator[Typed]:
    """The form of this request. Raises Foreign when it is not one of ours."""
    request.state.typed = given = await read(request)  # for the page that says why it was refused
    try:
        if not is_ours(who.csrf, given.fields.get(FIELD, [""])[-1]):
            raise Foreign(who, given)
        yield given
    finally:
        await given.close()


Filled = Annotated[Typed, Depends(typed)]
