"""The route of receivers: before a form is finished, to whom it may go."""

from fastapi import APIRouter

from contracts.receivers import Receivers
from services.edge import api
from services.edge.api import At
from services.edge.callers import Looking
from services.edge.typed import TypedReferral

router = APIRouter(prefix="/api/v1/referrals", responses=api.router.responses)


@router.post("/receivers")
async def list_receivers(desks: At, caller: Looking, typed: TypedReferral) -> Receivers:
    """To whom this form may be sent as it stands, right or not: every other institution, with what speaks against it by
    the same conditions as at sending, what is missing to say so, and its places. Nothing is kept."""
    return await desks.receivers.choices(caller, typed)
