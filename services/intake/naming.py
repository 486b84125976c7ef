"""Gives clients of before search by name the keys it needs; new ones get theirs when they are entered."""

from sqlalchemy import text
from sqlmodel import col, select

from services.intake.clients import known_by
from services.intake.context import Intake
from services.intake.models import Client
from services.intake.namesakes import NAMES, names_of
from services.kit.loops import for_ever

BATCH = 100
_EVERY_SECONDS = 3600.0

_NAME = text("""
    with named as (
        insert into client_name (agency, key, client_id) select :agency, key, :id from unnest(:names) as key
        on conflict do nothing
    )
    update client set named = true where id = :id
""").bindparams(NAMES)


async def fill(intake: Intake, agency: str) -> int:
    """Name some clients of this institution; returns how many."""
    async with intake.service.database.transaction(agency) as session:
        waiting = select(Client).where(col(Client.named).is_(False), col(Client.sealed_known).is_not(None))
        clients = (await session.exec(waiting.limit(BATCH).with_for_update(skip_locked=True))).all()
        for client in clients:
            names = names_of(intake, agency, known_by(intake, client).person)
            await session.execute(_NAME, {"id": client.id, "agency": agency, "names": names})
    return len(clients)


async def run(intake: Intake) -> None:
    """Name all there are, then look again now and then."""
    service = intake.service
    here = [agency.slug for agency in service.directory.agencies if agency.node == service.node]

    async def step() -> None:
        for agency in here:
            while await fill(intake, agency) == BATCH:
                pass

    await for_ever("naming", step, _EVERY_SECONDS)
