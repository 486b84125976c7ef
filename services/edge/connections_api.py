"""The route of connections: what waits and what works, for everybody who is signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from contracts.connections import Connections
from services.edge import api
from services.edge.callers import Anyone
from services.edge.connections import ConnectionsDesk

router = APIRouter(prefix="/api/v1/connections", responses=api.router.responses)


async def _desk(request: Request) -> ConnectionsDesk:
    desk: ConnectionsDesk = request.app.state.desks.connections
    return desk


@router.get("")
async def show_connections(desk: Annotated[ConnectionsDesk, Depends(_desk)], caller: Anyone) -> Connections:
    """How this node stands to the others: whether the road is open, and since when something waits."""
    return await desk.show()
