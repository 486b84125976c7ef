"""The route of connections: what waits and what works, for everybody who is signed in."""

from fastapi import APIRouter

from contracts.connections import Connections
from services.edge import api
from services.edge.api import At
from services.edge.callers import Anyone

router = APIRouter(prefix="/api/v1/connections", responses=api.router.responses)


@router.get("")
async def show_connections(desks: At, caller: Anyone) -> Connections:
    """How this node stands to the others: whether the road is open, and since when something waits."""
    return await desks.connections.show()
