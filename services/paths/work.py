"""What falls due next on the items of paths, read in bulk from the node's own copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from contracts.paths import DeadlineView
from contracts.work import WorkDeadline
from services.kit.caller import Caller
from services.kit.database import Database
from services.paths.models import PathCopy

_PENDING = ("open", "missed")


@dataclass(frozen=True)
class Picture:
    """A path's version and, by referral or application, the deadline that comes first."""

    version: int
    deadlines: dict[UUID, WorkDeadline]


class PathsWork:
    """The deadlines of paths."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pictures(self, caller: Caller, paths: Sequence[UUID]) -> dict[UUID, Picture]:
        """By path; a path of which no picture has come is left out."""
        view: Any = PathCopy.view
        query = select(PathCopy.id, PathCopy.version, view["deadlines"]).where(col(PathCopy.id).in_(paths))
        async with self._database.transaction(caller.agency) as session:
            rows = (await session.exec(query)).all()
        return {path_id: Picture(version, _first(deadlines)) for path_id, version, deadlines in rows}


def _first(deadlines: Sequence[dict[str, Any]]) -> dict[UUID, WorkDeadline]:
    pending = [DeadlineView.model_validate(each) for each in deadlines if each["status"] in _PENDING]
    latest_first = sorted(pending, key=lambda each: (each.due_at, str(each.id)), reverse=True)
    return {
        each.referral_id: WorkDeadline.model_validate(each.model_dump(include=set(WorkDeadline.model_fields)))
        for each in latest_first
    }
