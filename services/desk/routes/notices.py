"""Zawiadomienia: what other institutions told this one, and what it told others."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from contracts.notices import Notice, NoticePage
from rules.applications import institution, wording_of_status
from services.desk.context import At
from services.desk.forms import Filled
from services.desk.intake.words import reason_in
from services.desk.once import once
from services.desk.pages import render
from services.desk.refresh import learn_of
from services.desk.visitors import Who

router = APIRouter()

Box = Literal["received", "given"]


@router.get("/notices")
async def notices(request: Request, desk: At, who: Who, box: Box = "received", cursor: str | None = None) -> Response:
    """Those received, unread ones on top; or those given, with the letters to print."""
    page = await who.calls(desk).get("/notices", NoticePage, box=box, cursor=cursor)
    unread = [notice for notice in page.items if notice.read_at is None and box == "received"]
    return render(
        request,
        desk,
        who,
        "intake/notices.html",
        box=box,
        groups=[unread, [notice for notice in page.items if notice not in unread]],
        following=page.next,
        institution=lambda slug: institution(desk.directory, slug),
        outcome=lambda status: wording_of_status(status)[who.language],
        reason=lambda code: reason_in(code, who.language),
    )


@router.post("/notices/{notice_id}/read")
async def read_notice(desk: At, who: Who, typed: Filled, notice_id: UUID) -> RedirectResponse:
    """Somebody has read it."""

    async def do() -> str:
        await who.calls(desk).post(f"/notices/{notice_id}/actions/read", Notice)
        await learn_of(desk, who, notice_id)
        return "/notices"

    return await once(desk, who, typed.key, do)
