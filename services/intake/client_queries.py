"""What an institution sees of its clients."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.clients import (
    Client,
    ClientApplication,
    ClientItem,
    ClientReferral,
    HouseholdLink,
    Known,
    Merge,
    MergedClient,
)
from services.intake import models, paths
from services.intake.alike import link
from services.intake.applications import people
from services.intake.applications.models import ApplicationRow
from services.intake.clients import known_by
from services.intake.context import Intake
from services.intake.models import ClientMerge, Draft, SentReferral
from services.kit.pages import newest_first
from services.kit.sealing import unseal_text


async def page(session: AsyncSession, cursor: str | None) -> tuple[Sequence[models.Client], str | None]:
    """A page of clients of whom something is known, newest first. Raises Problem."""
    table = models.Client
    query = select(table).where(col(table.merged_into).is_(None), col(table.sealed_known).is_not(None))
    return await newest_first(session, query, table.created_at, table.id, cursor)


def item(intake: Intake, client: models.Client) -> ClientItem:
    return ClientItem(
        id=client.id,
        link=link(client.id),
        person=known_by(intake, client).person,
        created_at=client.created_at,
        updated_at=client.updated_at or client.created_at,
    )


async def view(intake: Intake, session: AsyncSession, client: models.Client) -> Client:
    """The client with everything that leads on from them."""
    known = known_by(intake, client)
    merges = await session.exec(
        select(ClientMerge)
        .where(ClientMerge.kept == client.id, col(ClientMerge.undone_at).is_(None))
        .order_by(col(ClientMerge.merged_at))
    )
    return Client(
        id=client.id,
        version=client.version,
        known=known,
        created_at=client.created_at,
        updated_at=client.updated_at or client.created_at,
        referrals=await referrals(session, client.id),
        applications=await _applications(session, client.id),
        household=await _household(session, known),
        merged=tuple(MergedClient(merge_id=row.id, client_id=row.gone, merged_at=row.merged_at) for row in merges),
    )


async def referrals(session: AsyncSession, client_id: UUID, *, only_open: bool = False) -> tuple[ClientReferral, ...]:
    """The client's referrals and drafts, newest first."""
    query = select(SentReferral).where(SentReferral.client_id == client_id)
    if only_open:
        return _listed((await session.exec(query.where(paths.goes_on()))).all())
    drafts = (await session.exec(select(Draft).where(Draft.client_id == client_id))).all()
    return _listed([*(await session.exec(query)).all(), *drafts])


async def _applications(session: AsyncSession, client_id: UUID) -> tuple[ClientApplication, ...]:
    table = ApplicationRow
    query = select(table).where(table.client_id == client_id).order_by(col(table.registered_at).desc())
    return tuple(
        ClientApplication(
            id=row.id,
            link=people.link(row.id),
            number=row.number,
            path_id=row.path_id,
            status=row.status,
            registered_at=row.registered_at,
        )
        for row in (await session.exec(query)).all()
    )


def merge_view(intake: Intake, merge: ClientMerge) -> Merge:
    """Raises CannotOpen."""
    plain = merge.model_dump(include=Merge.model_fields.keys() - {"reason"})
    return Merge(**plain, reason=unseal_text(intake.keyring, merge.sealed_reason, context=merge.id) or "")


def _listed(rows: Iterable[SentReferral | Draft]) -> tuple[ClientReferral, ...]:
    return tuple(
        ClientReferral(
            id=row.id,
            link=paths.link(row.id),
            number=row.number,
            path_id=row.path_id,
            kind=row.kind,
            receiver=row.receiver,
            status=row.status,
            created_at=row.created_at,
            submitted_at=None if isinstance(row, Draft) else row.submitted_at,
            follows=None if isinstance(row, Draft) else row.follows,
        )
        for row in sorted(rows, key=lambda row: row.created_at, reverse=True)
    )


async def _household(session: AsyncSession, known: Known) -> tuple[HouseholdLink, ...]:
    """Those who are clients too, under the record that stays of each."""
    members = [(member.client_id, member.relation) for member in known.household if member.client_id is not None]
    table = models.Client
    rows = await session.exec(select(table).where(col(table.id).in_([client_id for client_id, _ in members])))
    kept = {row.id: row.merged_into or row.id for row in rows}
    return tuple(
        HouseholdLink(relation=relation, client_id=kept[client_id], link=link(kept[client_id]))
        for client_id, relation in members
        if client_id in kept
    )
