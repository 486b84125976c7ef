"""The routes of the worklist: messages that could not be handled, for the heads of the institutions concerned."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response

from contracts.worklist import DeadLetterDetail, DeadLetterPage, Decision, Wish
from services.edge import api
from services.edge.api import At
from services.edge.callers import Anyone
from services.edge.dead_letters import Show

router = APIRouter(prefix="/api/v1/dead-letters", responses=api.router.responses)


@router.get("")
async def list_dead_letters(
    desks: At, caller: Anyone, show: Show = "dead", cursor: Annotated[str | None, Query(max_length=200)] = None
) -> DeadLetterPage:
    """What waits for a person, oldest first; with `show=all` also what was dealt with."""
    return await desks.dead_letters.page(caller, show, cursor)


@router.get("/{letter_id}")
async def show_dead_letter(desks: At, caller: Anyone, letter_id: UUID) -> DeadLetterDetail:
    """One message, as far as it may be shown."""
    return await desks.dead_letters.show(caller, letter_id)


@router.post("/{letter_id}/actions/{action}", responses={202: {"model": DeadLetterDetail}})
async def act_on_dead_letter(
    desks: At,
    caller: Anyone,
    response: Response,
    letter_id: UUID,
    action: Wish,
    body: Annotated[Decision | None, Body()] = None,
) -> DeadLetterDetail:
    """`retry` it once its cause is mended, or `drop` it with a reason; 202 while the service has not come to it."""
    found = await desks.dead_letters.act(caller, letter_id, action, (body or Decision()).reason)
    response.status_code = 200 if found.wish is None else 202
    return found
