"""What belongs to a client: held, moved to another record, and given back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

_TABLES = ("referral", "draft", "application")

_WORKED_ON = ("draft", "application")
"""Of these, whoever changes one goes on to lock its client."""

_HOLD = {
    table: text(f"select id from {table} where client_id = :client order by id for update") for table in _WORKED_ON
}
_MOVE = {table: text(f"update {table} set client_id = :to where client_id = :of returning id") for table in _TABLES}
_BACK = {
    table: text(f"update {table} set client_id = :to where client_id = :of and id = any(:ids)").bindparams(
        bindparam("ids", type_=ARRAY(Uuid))
    )
    for table in _TABLES
}


async def hold(session: AsyncSession, client_id: UUID) -> None:
    """Nobody else sends a draft or acts on an application of this client until the transaction ends."""
    for table in _WORKED_ON:
        await session.execute(_HOLD[table], {"client": client_id})


async def move(session: AsyncSession, *, of: UUID, to: UUID) -> list[UUID]:
    """Everything of one client becomes another's; returns the ids of what that was."""
    moved: list[UUID] = []
    for table in _TABLES:
        moved += (await session.execute(_MOVE[table], {"of": of, "to": to})).scalars()
    return moved


async def give_back(session: AsyncSession, ids: Sequence[UUID], *, of: UUID, to: UUID) -> None:
    """Of what one client has, these become another's."""
    for table in _TABLES:
        await session.execute(_BACK[table], {"of": of, "to": to, "ids": ids})
