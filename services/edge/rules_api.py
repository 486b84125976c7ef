"""The routes of what falls due, and of the rules by which that is computed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from contracts.api import DuePage
from contracts.rulebook import Rulebook
from services.edge import api
from services.edge.api import At
from services.edge.callers import Who

router = APIRouter(prefix="/api/v1", responses=api.router.responses)


@router.get("/deadlines")
async def list_deadlines(
    desks: At,
    caller: Who,
    due_before: AwareDatetime | None = None,
    moved: bool = False,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> DuePage:
    """Deadlines that somebody still waits for, the earliest first; with `moved` only those whose date has changed, each
    with what has changed it, the last change first."""
    return await desks.paths.deadlines(caller, due_before=due_before, moved=moved, cursor=cursor)


@router.get("/rules")
async def show_rules(desks: At, caller: Who, day: date | None = None) -> Rulebook:
    """The rules of deadlines in force today or on another day, each with its basis, and the days off of a year."""
    return await desks.paths.rules(caller, day)
