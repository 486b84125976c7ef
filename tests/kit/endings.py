"""Connections that end at an unlucky moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import event

from services.kit.database import Database


@asynccontextmanager
async def ended_while_set_up(database: Database) -> AsyncIterator[None]:
    """Inside the block every new connection ends as soon as it is made, before SQLAlchemy has set it up."""

    async def gone(*arguments: Any, **options: Any) -> Any:
        connection: Any = await asyncpg.connect(*arguments, **options)
        connection.terminate()
        return connection

    def by_gone(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = gone

    await database.engine.dispose()
    event.listen(database.engine.sync_engine, "do_connect", by_gone)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "do_connect", by_gone)
