"""Finding a known client again without keeping who they are in the clear, and the path they are on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from services.intake.context import Intake
from services.intake.models import Client, SentReferral
from services.kit.problems import FieldError, invalid

_ENDED = ("declined", "withdrawn")


async def find_or_add(intake: Intake, session: AsyncSession, agency: str, identity: str, now: datetime) -> UUID:
    """The client of this institution with this identity, added when new; two at once get the same one."""
    index = intake.keyring.index("person", agency, identity)
    new = insert(Client).values(id=UUID(int=uuid7().int), agency=agency, person_index=index, created_at=now)
    known = new.on_conflict_do_update(  # changes nothing, but locks the row and returns it
        index_elements=["agency", "person_index"], set_={"person_index": new.excluded.person_index}
    )
    client_id: UUID = (await session.execute(known.returning(col(Client.id)))).scalar_one()
    return client_id


async def path_of(intake: Intake, session: AsyncSession, agency: str, client_id: UUID, wanted: UUID | None) -> UUID:
    """The path a new referral of this client belongs to.

    The one the sender names, if it takes part in it (an onward referral); else the one the client is on; else a new
    one. Raises Problem.
    """
    if wanted is not None:
        if not await intake.knows_path(agency, wanted):
            raise invalid(FieldError("path_id", "path_unknown"))
        return wanted
    query = (
        select(SentReferral.path_id)
        .where(SentReferral.client_id == client_id, col(SentReferral.status).not_in(_ENDED))
        .order_by(col(SentReferral.created_at).desc())
    )
    return (await session.exec(query)).first() or UUID(int=uuid7().int)
