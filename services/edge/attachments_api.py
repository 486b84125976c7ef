"""The routes of attached files: upload, look, open, delete; and those of a received referral."""

import unicodedata
from typing import Any, get_args
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from contracts.attachments import Attachment, MediaType
from services.edge import api
from services.edge.api import At
from services.edge.bodies import file_of
from services.edge.callers import Who
from services.kit.files import Content
from services.kit.problems import not_found

router = APIRouter(prefix="/api/v1", responses=api.router.responses)

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
                    "required": ["file"],
                }
            }
        },
    }
}
"""FastAPI would read the form before it is known who calls, and put larger files on the disk in the clear."""

_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {
            media_type: {"schema": {"type": "string", "contentMediaType": media_type}}
            for media_type in get_args(MediaType)
        },
    }
}

_SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
"""Whatever the file holds, no browser runs it on our address."""


@router.post("/attachments", status_code=201, response_model=Attachment, openapi_extra=_FORM)
async def upload_attachment(desks: At, caller: Who, request: Request) -> Response:
    """Upload a file (PDF, JPEG or PNG) in the field `file` of a form, as `curl -F file=@opinia.pdf` does, to name it in
    `attachments` of a referral or an application. One that nothing names is deleted after a week."""
    kept = await desks.attachments.upload(caller, await file_of(request))
    headers = {"Location": f"/api/v1/attachments/{kept.id}"}
    return Response(kept.model_dump_json(), 201, headers, "application/json")


@router.get("/attachments/{attachment_id}")
async def show_attachment(desks: At, caller: Who, attachment_id: UUID) -> Attachment:
    """One of the institution's own files, without its content."""
    return await desks.attachments.show(caller, attachment_id)


@router.get("/attachments/{attachment_id}/content", response_class=StreamingResponse, responses=_CONTENT)
async def open_attachment(desks: At, caller: Who, attachment_id: UUID) -> Response:
    """The content of one of the institution's own files. It is noted who opened it."""
    return _sent(await desks.attachments.content(caller, attachment_id))


@router.delete("/attachments/{attachment_id}", status_code=204)
async def delete_attachment(desks: At, caller: Who, attachment_id: UUID) -> None:
    """Delete a file that no referral and no application names."""
    await desks.attachments.delete(caller, attachment_id)


@router.get(
    "/referrals/{referral_id}/attachments/{attachment_id}/content", response_class=StreamingResponse, responses=_CONTENT
)
async def open_attachment_of_referral(desks: At, caller: Who, referral_id: UUID, attachment_id: UUID) -> Response:
    """The content of a file that the dossier of a referral lists: for its receiver after the acceptance only. It is
    noted who opened it."""
    for side in (desks.received_files, desks.attachments):
        found = await side.of_referral(caller, referral_id, attachment_id)
        if found is not None:
            return _sent(found)
    raise not_found()


def _sent(file: Content) -> Response:
    headers = {"Content-Disposition": _disposition(file.name), "Content-Length": str(file.size), **_SAFE}
    return StreamingResponse(file.parts, headers=headers, media_type=file.media_type)


def _disposition(name: str) -> str:
    """To be saved under this name (RFC 6266); programs that know no UTF-8 get the letters without their signs."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L")).encode("ascii", "ignore").decode()
    safe = "".join(sign if sign.isalnum() or sign in " ._-" else "_" for sign in plain)
    return f"attachment; filename=\"{safe}\"; filename*=UTF-8''{quote(name, safe='')}"
