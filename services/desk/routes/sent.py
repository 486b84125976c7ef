"""What the institution has sent, and how far each of it has come."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.base import Message
from contracts.codes import Status
from services.desk import work
from services.desk.case.telling import tone_of, why
from services.desk.context import At
from services.desk.forms import Filled
from services.desk.likings import like, liking
from services.desk.listing import is_passive, query_of, shown
from services.desk.pages import render
from services.desk.tasks import IN_CHARGE, UNDECIDED, Bounds
from services.desk.visitors import Who
from services.desk.words import refusal_of
from services.desk.work import Listed

router = APIRouter()

State = Literal["waiting", "question", "accepted", "completed", "declined", "returned", "withdrawn"]
_STATUSES: dict[State, tuple[Status, ...]] = {
    "waiting": UNDECIDED,
    "question": ("info_requested", "redirect_proposed", "return_proposed"),
    "accepted": IN_CHARGE,
    "completed": ("completed",),
    "declined": ("declined",),
    "returned": ("returned", "redirected", "unreachable", "no_response"),
    "withdrawn": ("withdrawn", "cancelled", "voided"),
}


class View(Message):
    """How the list may be narrowed."""

    state: State | None = None


@router.get("/sent")
async def sent(
    request: Request,
    desk: At,
    who: Who,
    state: State | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Sent referrals, newest first, each with the four states of its delivery."""
    if not request.url.query and (chosen := await liking(desk, who, "sent", View)):
        return RedirectResponse(f"/sent?{chosen}", 303)

    async def find(session: AsyncSession, bounds: Bounds, skip: int, most: int) -> Listed:
        return await work.sent(session, () if state is None else _STATUSES[state], bounds, skip, most)

    found = await shown(request, desk, who, page, {}, find)
    return render(
        request,
        desk,
        who,
        "work/sent.html",
        block="list" if is_passive(request) else None,
        shown=found,
        state=state,
        refusal_of=refusal_of,
        tone_of=tone_of,
        why=why,
        query=query_of(state=state),
    )


@router.post("/sent/view")
async def choose_view(desk: At, who: Who, typed: Filled) -> Response:
    """Show the list like this, now and from now on."""
    query = await like(desk, who, "sent", View, {"state": typed.text("state")})
    return RedirectResponse(f"/sent?{query}" if query else "/sent", 303)
