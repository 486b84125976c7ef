"""The routes of work items: what concerns the caller's institution, and whom it is about."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from contracts.work import AT_ONCE, Beside, People, PeopleWanted, WorkPage
from services.edge import api
from services.edge.callers import Holder, Looking, Who
from services.edge.work import WorkDesk

router = APIRouter(prefix="/api/v1/work-items", responses=api.router.responses)


async def _desk(request: Request) -> WorkDesk:
    desk: WorkDesk = request.app.state.desks.work
    return desk


At = Annotated[WorkDesk, Depends(_desk)]


@router.get("")
async def list_work_items(
    desk: At,
    caller: Holder,
    path: Annotated[tuple[UUID, ...], Query(max_length=AT_ONCE)] = (),
    cursor: Annotated[str | None, Query(max_length=60)] = None,
) -> WorkPage:
    """Referrals, applications and notices of the caller's institution with what falls due next: all of them page by
    page, or those of some paths. Nothing counts as seen by it, and nothing tells who a person is."""
    return await (desk.of_paths(caller, path) if path else desk.page(caller, cursor))


@router.get("/beside")
async def show_beside(desk: At, caller: Who) -> Beside:
    """What is on the way to becoming work: drafts and files that are being read in."""
    return await desk.beside(caller)


@router.post("/people")
async def name_people(desk: At, caller: Looking, wanted: PeopleWanted) -> People:
    """What to call the people of these items, as far as the caller may know: a name, or a town before a claim."""
    return await desk.people(caller, wanted.ids)
