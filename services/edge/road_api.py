"""The route of the road: how far each link of this node has come, for administrators."""

from fastapi import APIRouter

from contracts.road import Road
from services.edge import api
from services.edge.api import At
from services.edge.callers import Administrator

router = APIRouter(prefix="/api/v1/road", responses=api.router.responses)


@router.get("")
async def show_road(desks: At, caller: Administrator) -> Road:
    """Every link of this node: numbers, receipts, delays, what stands. Nothing in it is about a person."""
    return await desks.road.show()
