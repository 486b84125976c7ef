"""What belongs to a client: held, moved to another record, and given back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

_TABLES = ("draft", "application", "referral")
"""In the order in which they are locked. Whoever changes a row of these may go on to lock its client, never before."""

_CLIENTS = bindparam("clients", type_=ARRAY(Uuid))
_HOLD = [
    text(f"select id from {table} where client_id = any(:clients) order by id for update").bindparams(_CLIENTS)
    for table in _TABLES
]
_MOVE = {table: text(f"update {table} set client_id = :to where client_id = :of returning id") for table in _TABLES}
_BACK = {
    table: text(f"update {table} set client_id = :to where client_id = :of and id = any(:ids)").bindparams(
        bindparam("ids", type_=ARRAY(Uuid))
    )
    for table in _TABLES
}


async def hold(session: AsyncSession, *clients: UUID) -> None:
    """Nobody else acts on a draft, an application or a referral of these clients until the transaction ends."""
    for query in _HOLD:
        await session.execute(query, {"clients": clients})


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
