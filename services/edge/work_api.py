"""The routes of work items: what concerns the caller's institution, and whom it is about."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from contracts.work import AT_ONCE, Beside, People, PeopleWanted, WorkPage
from services.edge import api
from services.edge.api import At
from services.edge.callers import Holder, Looking, Who

router = APIRouter(prefix="/api/v1/work-items", responses=api.router.responses)


@router.get("")
async def list_work_items(
    desks: At,
    caller: Holder,
    path: Annotated[tuple[UUID, ...], Query(max_length=AT_ONCE)] = (),
    cursor: Annotated[str | None, Query(max_length=60)] = None,
) -> WorkPage:
    """Referrals, applications and notices of the caller's institution with what falls due next: all of them page by
    page, or those of some paths. Nothing counts as seen by it, and nothing tells who a person is."""
    return await (desks.work.of_paths(caller, path) if path else desks.work.page(caller, cursor))


@router.get("/beside")
async def show_beside(desks: At, caller: Who) -> Beside:
    """What is on the way to becoming work: drafts and files that are being read in."""
    return await desks.work.beside(caller)


@router.post("/people")
async def name_people(desks: At, caller: Looking, wanted: PeopleWanted) -> People:
    """What to call the people of these items, as far as the caller may know: a name, or a town before a claim."""
    return await desks.work.people(caller, wanted.ids)
