"""Clients of an institution: found again without keeping who they are in the clear, with what is known of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.clients import Known, PossibleDuplicate
from contracts.form import Person
from services.intake.alike import FOUND, KEYS, among, keys_of
from services.intake.context import Intake
from services.intake.form_checks import identity_of
from services.intake.knowing import newest
from services.intake.models import Client
from services.intake.namesakes import NAMES, names_of
from services.kit.caller import Caller
from services.kit.sealing import seal, unseal

# One statement for all: on the busiest way through a node, asking costs more than the answer.
_ENTER = text(f"""
    with entered as (
        insert into client (
            id, agency, person_index, sealed_known, has_pesel, named, version, created_at, updated_at, updated_by
        )
        values (:id, :agency, :index, :sealed, :has_pesel, true, 1, :at, :at, :by)
        on conflict (agency, person_index) do nothing
        returning id, sealed_known
    ), keyed as (
        insert into client_key (agency, key, client_id)
        select :agency, key, id from entered, unnest(:keys) as key
    ), named as (
        insert into client_name (agency, key, client_id)
        select :agency, key, id from entered, unnest(:names) as key
    )
    select id, id as kept, sealed_known, true as entered from entered
    union all
    ({FOUND})
""").bindparams(KEYS, NAMES)

_CHANGE = text("""
    with former as (
        insert into client_version (client_id, version, agency, sealed_known, updated_at, updated_by)
        select id, version, agency, sealed_known, updated_at, updated_by from client
        where id = :id and sealed_known is not null
    ), dropped as (
        delete from client_key where client_id = :id and key <> all(:keys)
    ), keyed as (
        insert into client_key (agency, key, client_id) select :agency, key, :id from unnest(:keys) as key
        on conflict do nothing
    ), unnamed as (
        delete from client_name where client_id = :id and key <> all(:names)
    ), named as (
        insert into client_name (agency, key, client_id) select :agency, key, :id from unnest(:names) as key
        on conflict do nothing
    )
    update client set sealed_known = :sealed, has_pesel = :has_pesel, named = true, version = version + 1,
        updated_at = :at, updated_by = :by
    where id = :id
""").bindparams(KEYS, NAMES)


@dataclass(frozen=True)
class Found:
    """A client of one institution; `new` when nothing was known of them until now."""

    id: UUID
    new: bool
    alike: tuple[PossibleDuplicate, ...] = ()


async def enter(intake: Intake, session: AsyncSession, caller: Caller, known: Known, now: datetime) -> Found:
    """The client of this institution with this identity, added when new, with everything that was told now.

    They are locked until the transaction ends, and two at once get the same one.
    """
    fresh = UUID(int=uuid7().int)
    index = intake.keyring.index("person", caller.agency, identity_of(known.person))
    told = _values(intake, caller.agency, fresh, known)
    values = told | {"index": index, "at": now, "by": caller.actor}
    kept = None
    while kept is None:  # somebody may merge or correct them between the two
        rows = (await session.execute(_ENTER, values)).all()
        others = [row for row in rows if not row.entered]
        if len(others) < len(rows):
            return Found(fresh, True, among(intake, known.person, others, but=fresh))
        kept = await _locked_by(session, index)
    before = None if kept.sealed_known is None else known_by(intake, kept)
    after = known if before is None else newest(before, known)
    if after != before:
        await change(intake, session, caller, kept, after, now)
    return Found(kept.id, False, among(intake, known.person, others, but=kept.id))


async def change(
    intake: Intake, session: AsyncSession, caller: Caller, client: Client, known: Known, now: datetime
) -> None:
    """Replace what is known of a client; what was known until now is kept."""
    values = _values(intake, client.agency, client.id, known) | {"at": now, "by": caller.actor}
    await session.execute(_CHANGE, values)


async def find(session: AsyncSession, client_id: UUID) -> Client | None:
    """The caller's own client of whom something is known, or the one they were merged into."""
    client = (await session.exec(select(Client).where(Client.id == client_id))).one_or_none()
    if client is not None and client.merged_into is not None:
        client = (await session.exec(select(Client).where(Client.id == client.merged_into))).one()
    return None if client is None or client.sealed_known is None else client


async def by_identity(intake: Intake, session: AsyncSession, agency: str, person: Person) -> Client | None:
    """The client whose identity this is, or the one they were merged into."""
    index = intake.keyring.index("person", agency, identity_of(person))
    row = (await session.exec(select(Client.id).where(Client.person_index == index))).one_or_none()
    return None if row is None else await find(session, row)


async def locked(session: AsyncSession, client_id: UUID) -> Client:
    """The client as it is now, locked until the transaction ends. Raises NoResultFound."""
    query = select(Client).where(Client.id == client_id).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).one()


async def _locked_by(session: AsyncSession, index: bytes) -> Client | None:
    """The client whom this index leads to, locked; None when that has changed meanwhile.

    A record merged into theirs is not locked, for whoever has theirs may go on to change those that lead to it.
    """
    leading = select(func.coalesce(Client.merged_into, Client.id)).where(Client.person_index == index)
    query = select(Client).where(Client.id == leading.scalar_subquery()).with_for_update()
    client = (await session.exec(query.execution_options(populate_existing=True))).one_or_none()
    if client is None or client.merged_into is not None:
        return None
    still = client.person_index == index or (await session.exec(leading)).one_or_none() == client.id
    return client if still else None


def known_by(intake: Intake, client: Client) -> Known:
    """What is known of this client. Raises CannotOpen."""
    return unseal(intake.keyring, Known, client.sealed_known or "", context=client.id)


def _values(intake: Intake, agency: str, client_id: UUID, known: Known) -> dict[str, object]:
    return {
        "id": client_id,
        "agency": agency,
        "sealed": seal(intake.keyring, known, to=intake.service.node, context=client_id),
        "has_pesel": known.person.pesel is not None,
        "keys": keys_of(intake, agency, known.person),
        "names": names_of(intake, agency, known.person),
    }
