"""The routes of notices: what other institutions told the caller's, and what it told others."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from contracts.notices import Notice, NoticePage
from services.edge import api
from services.edge.api import Desks, Who
from services.kit.problems import not_found

router = APIRouter(prefix="/api/v1/notices", responses=api.router.responses)

_PRINTED = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-modals"}
"""A letter needs no script and loads nothing; `allow-modals` lets the browser's print dialogue open."""


async def _desks(request: Request) -> Desks:
    desks: Desks = request.app.state.desks
    return desks


At = Annotated[Desks, Depends(_desks)]


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


@router.get("/{notice_id}/print", response_class=HTMLResponse)
async def print_notice(desks: At, caller: Who, notice_id: UUID) -> HTMLResponse:
    """The notice as a letter in Polish, for an addressee without an account."""
    for side in (desks.given_notices, desks.received_notices):
        found = await side.printed(caller, notice_id)
        if found is not None:
            return HTMLResponse(found, headers=_PRINTED)
    raise not_found()
