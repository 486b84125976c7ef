"""Clients who may be one person with somebody: found by keys that nobody can read, compared where nobody can look."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.clients import Known, PossibleDuplicate
from contracts.form import Person
from services.intake.context import Intake
from services.intake.matching import keys, resemblance
from services.kit.sealing import unseal

KEYS = bindparam("keys", type_=ARRAY(LargeBinary))

FOUND = """
    select client.id, coalesce(merged_into, client.id) as kept, sealed_known, false as entered
    from client join (
        select client_id, count(*) as hits from client_key join client on client.id = client_id
        where client_key.agency = :agency and key = any(:keys)
        and sealed_known is not null and not (has_pesel and :has_pesel)
        group by client_id order by hits desc limit 50
    ) as hit on hit.client_id = client.id
"""
"""Who may be the same person. Two PESELs that differ are two people, so a record that has one finds those without."""

_ALIKE = text(FOUND).bindparams(KEYS)


async def alike(intake: Intake, session: AsyncSession, agency: str, person: Person) -> tuple[PossibleDuplicate, ...]:
    """Clients who may be this person, best first."""
    values = {"agency": agency, "has_pesel": person.pesel is not None, "keys": keys_of(intake, agency, person)}
    return among(intake, person, (await session.execute(_ALIKE, values)).all())


def among(
    intake: Intake, person: Person, rows: Sequence[Any], *, but: UUID | None = None
) -> tuple[PossibleDuplicate, ...]:
    """Those of the rows found by keys that do resemble this person, each client once, best first."""
    found: dict[UUID, PossibleDuplicate] = {}
    for row in rows:
        if row.kept == but:
            continue
        other = unseal(intake.keyring, Known, row.sealed_known, context=row.id).person
        like = resemblance(person, other)
        if like is not None and (row.kept not in found or found[row.kept].score < like.score):
            found[row.kept] = PossibleDuplicate(client_id=row.kept, link=link(row.kept), score=like.score, why=like.why)
    return tuple(sorted(found.values(), key=lambda each: (-each.score, each.client_id)))


def keys_of(intake: Intake, agency: str, person: Person) -> list[bytes]:
    """The keys of a record as they are stored: different at each institution."""
    return [intake.keyring.index("alike", agency, key) for key in sorted(keys(person))]


def link(client_id: UUID) -> str:
    return f"/api/v1/clients/{client_id}"
