"""The whole timeline of a path, also of one institution."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request, Response

from services.desk.case.around import path_of, sources
from services.desk.case.timeline import agencies, entries
from services.desk.context import At
from services.desk.pages import render
from services.desk.visitors import Who

router = APIRouter()


@router.get("/paths/{path_id}")
async def timeline(
    request: Request,
    desk: At,
    who: Who,
    path_id: UUID,
    agency: Annotated[str | None, Query(max_length=60)] = None,
) -> Response:
    """Everything that happened, newest first."""
    path = await path_of(who.calls(desk), path_id)
    if path is None:
        raise HTTPException(404)
    own = await sources(desk, who, path_id)
    return render(
        request,
        desk,
        who,
        "case/path.html",
        path=path,
        agency=agency or None,
        agencies=agencies(path, desk.directory),
        entries=entries(path, desk.directory, own, agency or None),
        sources=sorted(set(own.values()), key=lambda each: each.number),
    )
