"""The route of receivers: before a form is finished, to whom it may go."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from contracts.receivers import Receivers
from services.edge import api
from services.edge.callers import Looking
from services.edge.protocols import ReceiverDesk
from services.edge.typed import TypedReferral

router = APIRouter(prefix="/api/v1/referrals", responses=api.router.responses)


async def _desk(request: Request) -> ReceiverDesk:
    desk: ReceiverDesk = request.app.state.desks.receivers
    return desk


@router.post("/receivers")
async def list_receivers(
    desk: Annotated[ReceiverDesk, Depends(_desk)], caller: Looking, typed: TypedReferral
) -> Receivers:
    """To whom this form may be sent as it stands, right or not: every other institution, with what speaks against it by
    the same conditions as at sending, what is missing to say so, and its places. Nothing is kept."""
    return await desk.choices(caller, typed)
