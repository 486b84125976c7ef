"""Files with a form: each is uploaded as soon as it arrives, named in the form by its id, listed, taken off again.

A page with `templates/uploads.html` sends its form as `multipart/form-data`; `files_of` reads it. What no case names in
the end is deleted by the interface after a week.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from babel.numbers import format_decimal
from fastapi import Response
from starlette.datastructures import UploadFile

from contracts.attachments import Attachment
from contracts.codes import Language
from rules.limits import highest
from services.desk.api import Calls, Refused
from services.desk.forms import Typed

FIELD = "file"
KEPT = "attachments"
ADD, REMOVE = "add_file", "remove_file"
"""The buttons that only change the list of files."""

MOST = 10
"""Files of one form."""


@dataclass(frozen=True)
class Files:
    """The files of a form; `errors`: what is wrong with one that was chosen, by field."""

    kept: tuple[Attachment, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()

    megabytes = highest("attachment_bytes") // 1_000_000
    """What one file may have at most."""

    @property
    def ids(self) -> list[str]:
        return [str(file.id) for file in self.kept]

    def size(self, file: Attachment, language: Language) -> str:
        """`184 kB`, `1,2 MB`."""
        kilobytes = max(1, round(file.size / 1000))
        if kilobytes < 1000:
            return f"{kilobytes} kB"
        return f"{format_decimal(round(file.size / 1_000_000, 1), locale=language)} MB"

    @property
    def room(self) -> bool:
        """Whether one more may be added."""
        return len(self.kept) < MOST


async def files_of(calls: Calls, typed: Typed) -> Files:
    """The files named so far without the one taken off, and those that came with this form. Raises Unreachable."""
    gone = typed.text(REMOVE)
    kept = [file for file in await files_named(calls, typed.all(KEPT)) if str(file.id) != gone]
    if gone is not None:
        await _discard(calls, gone)
    errors: dict[str, str] = {}
    for upload in typed.uploads.get(FIELD, ()):
        if not upload.filename:  # a browser sends an empty one where nothing was chosen
            continue
        try:
            kept.append(await _upload(calls, upload))
        except Refused as refused:
            errors[FIELD] = refused.fields.get("file", refused.title)
    return Files(tuple(kept), tuple(errors.items()))


def only_files(typed: Typed) -> bool:
    """Whether the form was sent to add or to take off a file, and for nothing else."""
    return typed.text(ADD) is not None or typed.text(REMOVE) is not None


async def files_named(calls: Calls, ids: Sequence[str | UUID]) -> tuple[Attachment, ...]:
    """The institution's own files of these ids; one that is no longer there is left out."""
    found = await asyncio.gather(*(_one(calls, each) for each in dict.fromkeys(map(str, ids))))
    return tuple(file for file in found if file is not None)


async def opened(calls: Calls, identity: UUID) -> Response:
    """The content of one of the institution's own files, as the interface sends it."""
    answer = await calls.raw("GET", f"/attachments/{identity}/content")
    kept = ("content-type", "content-disposition", "content-security-policy", "x-content-type-options")
    return Response(answer.content, headers={name: answer.headers[name] for name in kept})


async def _one(calls: Calls, identity: str) -> Attachment | None:
    try:
        return await calls.get(f"/attachments/{UUID(identity)}", Attachment)
    except ValueError:
        return None
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


async def _upload(calls: Calls, upload: UploadFile) -> Attachment:
    content = await upload.read()
    answer = await calls.raw("POST", "/attachments", files={"file": (upload.filename, content)})
    return Attachment.model_validate_json(answer.content)


async def _discard(calls: Calls, identity: str) -> None:
    """One that another case names stays there."""
    try:
        await calls.delete(f"/attachments/{UUID(identity)}")
    except ValueError:
        return
    except Refused as refused:
        if refused.status not in (404, 409):
            raise
