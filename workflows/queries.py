"""Reading a path from the database: the record, also while Temporal is away."""

from uuid import UUID

from contracts.paths import PathView
from services.kit.service import Service
from workflows import store
from workflows.picture import view


async def path_view(service: Service, path_id: UUID) -> PathView | None:
    """Where this path stands, None when there is no such path."""
    async with service.database.transaction() as session:
        found = await store.states(session, [path_id])
    return view(found[0]) if found else None
