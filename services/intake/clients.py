"""Finding a known client again without keeping who they are in the clear, and the path they are on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from services.intake.context import Intake
from services.intake.models import INTAKE, Client, SentReferral
from services.kit.problems import FieldError, invalid

# Built once, and on the table: on the busiest way through a node, building a statement costs more than running it.
_NEW = insert(INTAKE.metadata.tables[Client.__tablename__])
_ENTER = _NEW.on_conflict_do_update(  # changes nothing, but locks the row and returns it
    index_elements=["agency", "person_index"], set_={"person_index": _NEW.excluded.person_index}
).returning(_NEW.table.c.id)

_LAST_PATH = (
    select(SentReferral.path_id)
    .where(SentReferral.client_id == bindparam("client"), col(SentReferral.status).not_in(("declined", "withdrawn")))
    .order_by(col(SentReferral.created_at).desc())
    .limit(1)
)


@dataclass(frozen=True)
class Found:
    """A client of one institution; `new` when nothing was known of them until now."""

    id: UUID
    new: bool


async def find_or_add(intake: Intake, session: AsyncSession, agency: str, identity: str, now: datetime) -> Found:
    """The client of this institution with this identity, added when new; two at once get the same one."""
    fresh = UUID(int=uuid7().int)
    index = intake.keyring.index("person", agency, identity)
    row = {"id": fresh, "agency": agency, "person_index": index, "created_at": now}
    client_id: UUID = (await session.execute(_ENTER, row)).scalar_one()
    return Found(client_id, new=client_id == fresh)


async def path_of(intake: Intake, session: AsyncSession, agency: str, client: Found, wanted: UUID | None) -> UUID:
    """The path a new referral of this client belongs to.

    The one the sender names, if it takes part in it (an onward referral); else the one the client is on; else a new
    one. Raises Problem.
    """
    if wanted is not None:
        if not await intake.knows_path(agency, wanted):
            raise invalid(FieldError("path_id", "path_unknown"))
        return wanted
    known = None if client.new else (await session.exec(_LAST_PATH, params={"client": client.id})).first()
    return known or UUID(int=uuid7().int)
