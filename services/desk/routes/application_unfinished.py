"""A step of an application while somebody types: kept in the background, or begun anew."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from contracts.applications import Application
from contracts.unfinished import Unfinished
from rules.calendar import local_day
from services.desk.api import Refused
from services.desk.context import At
from services.desk.forms import Filled
from services.desk.intake import unfinished
from services.desk.intake.steps import action_named
from services.desk.now import now_of
from services.desk.pages import render
from services.desk.routes.ops_only import OPS_ONLY
from services.desk.visitors import Who

router = APIRouter(prefix="/applications/{application_id}/actions/{action}", dependencies=OPS_ONLY)


@router.post("/autosave")
async def autosave(request: Request, desk: At, who: Who, typed: Filled, application_id: UUID, action: str) -> Response:
    """Keep it; the sign of the page says so, or that the step has been taken."""
    calls = who.calls(desk)
    found = await calls.get(f"/applications/{application_id}", Application)
    offered = action_named(found, action)
    if offered is None:
        return render(request, desk, who, "intake/saved.html", over=True)
    today = local_day(await now_of(desk))
    try:
        saved = await unfinished.keep(calls, found, offered, typed.fields, typed.version, today=today)
    except Refused as refused:
        if refused.status != 409:
            raise
        return render(request, desk, who, "intake/saved.html", over=True)
    return render(request, desk, who, "intake/saved.html", over=False, saved_at=saved.saved_at if saved else None)


@router.post("/anew")
async def begin_anew(desk: At, who: Who, typed: Filled, application_id: UUID, action: str) -> Response:
    """Give up what was typed before."""
    address = f"/applications/{application_id}/actions/{action}"
    await who.calls(desk).put(f"{address}/unfinished", Unfinished, {"fields": {}})
    return RedirectResponse(address, 303)
