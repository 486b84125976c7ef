"""What the pages of a node stand on, put together once by the composition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request

from contracts.directory import Directory
from services.desk.api import Api
from services.kit.clock import Clock
from services.kit.database import Database


@dataclass(frozen=True)
class Desk:
    """`parts`: what single groups of pages need besides, by name."""

    node: str
    directory: Directory
    training: bool
    api: Api
    database: Database
    clock: Clock
    parts: Mapping[str, Any] = field(default_factory=dict)


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


At = Annotated[Desk, Depends(_desk)]
