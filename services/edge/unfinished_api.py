"""The routes of what somebody types for a step of an application: kept while they type, from any device."""

from uuid import UUID

from fastapi import APIRouter

from contracts.unfinished import Unfinished
from services.edge import api
from services.edge.api import At
from services.edge.callers import Who
from services.kit.problems import not_found

router = APIRouter(
    prefix="/api/v1/applications/{application_id}/actions/{action}/unfinished", responses=api.router.responses
)


@router.get("")
async def show_unfinished(desks: At, caller: Who, application_id: UUID, action: str) -> Unfinished:
    """What the caller has typed for this step and not sent; without fields when that is nothing."""
    found = await desks.applications.unfinished(caller, application_id, action)
    if found is None:
        raise not_found()
    return found


@router.put("")
async def keep_unfinished(desks: At, caller: Who, application_id: UUID, action: str, typed: Unfinished) -> Unfinished:
    """Keep what is typed so far, right or wrong, in place of what was kept before; without fields it is discarded.

    Taking the step ends it.
    """
    found = await desks.applications.keep_unfinished(caller, application_id, action, typed)
    if found is None:
        raise not_found()
    return found
