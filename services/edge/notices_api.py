"""The routes of notices: what other institutions told the caller's, and what it told others."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from contracts.notices import Notice, NoticePage
from services.edge import api
from services.edge.api import At
from services.edge.callers import Who
from services.kit.paper.answer import called, pdf_answer
from services.kit.paper.press import pdf
from services.kit.problems import not_found

router = APIRouter(prefix="/api/v1/notices", responses=api.router.responses)

_FILE = {"type": "string", "format": "binary"}


@router.get("")
async def list_notices(
    desks: At,
    caller: Who,
    box: Literal["received", "given"] = "received",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> NoticePage:
    """Received or given notices, newest first."""
    side = desks.received_notices if box == "received" else desks.given_notices
    return await side.page(caller, cursor)


@router.post("/{notice_id}/actions/{action}")
async def act_on_notice(desks: At, caller: Who, notice_id: UUID, action: Literal["read"]) -> Notice:
    """Mark a received notice as read; who gave one has nothing to mark."""
    found = await desks.received_notices.read(caller, notice_id)
    if found is None:
        raise not_found()
    return found


@router.get(
    "/{notice_id}/print", response_class=Response, responses={200: {"content": {"application/pdf": {"schema": _FILE}}}}
)
async def print_notice(desks: At, caller: Who, notice_id: UUID) -> Response:
    """The notice as a letter in Polish, a PDF that can be printed and read aloud (PDF/UA-1)."""
    for side in (desks.given_notices, desks.received_notices):
        found = await side.printed(caller, notice_id)
        if found is not None:
            return pdf_answer(await pdf(found), called(f"zawiadomienie-{found.number}"))
    raise not_found()
