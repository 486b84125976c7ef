"""The route of the road: how far each link of this node has come, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from contracts.road import Road
from services.edge import api
from services.edge.callers import Administrator
from services.edge.road import RoadDesk

router = APIRouter(prefix="/api/v1/road", responses=api.router.responses)


async def _desk(request: Request) -> RoadDesk:
    desk: RoadDesk = request.app.state.desks.road
    return desk


@router.get("")
async def show_road(desk: Annotated[RoadDesk, Depends(_desk)], caller: Administrator) -> Road:
    """Every link of this node: numbers, receipts, delays, what stands. Nothing in it is about a person."""
    return await desk.show()
