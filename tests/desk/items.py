"""Work items as an interface would tell them, for tests of what is kept of them."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from contracts.api import Times
from contracts.work import WorkDeadline, WorkItem
from services.kit.database import Database

BEGAN = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def item(identity: UUID | None = None, **told: Any) -> WorkItem:
    """A received referral, delivered and not yet claimed."""
    plain: dict[str, Any] = {
        "id": identity or uuid4(),
        "what": "received",
        "path_id": uuid4(),
        "number": "S26-0RD9-8GFA",
        "kind": "service",
        "status": "delivered",
        "version": 2,
        "revision": 2,
        "sender": "ops-poraj",
        "receiver": "cis-poraj",
        "ball": "cis-poraj",
        "times": Times(submitted=BEGAN, delivered=BEGAN),
    }
    return WorkItem(**plain | told)


def deadline(**after: float) -> WorkDeadline:
    """One that is due so long after the referral began."""
    return WorkDeadline(
        rule="claim",
        owner="cis-poraj",
        due_at=BEGAN + timedelta(**after),
        status="open",
        basis="Poziom usług: podjęcie skierowania",
        derivation={"pl": "3 dni robocze", "en": "3 working days"},
    )


async def kept(database: Database, agency: str) -> list[dict[str, Any]]:
    """Every row of the institution, without the time at which it was stored."""
    query = text("select to_jsonb(work) - 'stored_at' from work order by id")
    async with database.transaction(agency) as session:
        return list((await session.execute(query)).scalars().all())


async def marked(database: Database, rows: Collection[Mapping[str, Any]]) -> int:
    """How many marks wait for the paths of these rows."""
    query = text("select count(*) from mark where path_id = any(:paths)").bindparams(
        bindparam("paths", type_=ARRAY(Uuid))
    )
    async with database.transaction() as session:
        paths = [UUID(row["path_id"]) for row in rows]
        found: int = (await session.execute(query, {"paths": paths})).scalar_one()
        return found
