"""Links between nodes: numbered without gaps, chained by hash, checked on arrival.

A link is (from, to, family). What the broker lost or somebody changed shows as a gap or a broken chain.
"""

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.envelope import FIRST_LINK
from services.kit.plumbing import InboxRow, LinkCursor

_NEXT = text("""
    update link_cursor set seq = :seq, hash = :hash
    where source = :source and family = :family and seq = :seq - 1 and hash = :prev
    returning seq
""")
_MORE = text("select 1 from inbox where source = :source and family = :family and linkseq = :seq + 1")


class LinkStep(BaseModel):
    """One event's place on the link from node `source`."""

    source: str
    family: str
    seq: int
    prev: str
    hash: str


class ChainBroken(Exception):
    """An event does not follow from the one before it: something on this link was changed after it was written."""


async def arrived(session: AsyncSession, row: LinkStep) -> None:
    """Move the cursor of a link over an event that has just entered the inbox, if it is its turn. Raises ChainBroken.

    Nearly always it is the very next one, and that takes two statements; otherwise `advance` looks further.
    """
    moved = (await session.execute(_NEXT, row.model_dump())).first()
    if moved is None or (await session.execute(_MORE, row.model_dump())).first() is not None:
        await advance(session, row.source, row.family)


async def advance(session: AsyncSession, source: str, family: str) -> LinkCursor:
    """Move the cursor of a link over every event that has arrived next to it. Raises ChainBroken.

    Events may arrive out of order (a redelivery overtakes nothing, but it is overtaken), so the cursor can jump.
    """
    cursor = await _locked_cursor(session, source, family)
    while True:
        query = select(InboxRow).where(
            InboxRow.source == source, InboxRow.family == family, InboxRow.linkseq == cursor.seq + 1
        )
        row = (await session.exec(query)).one_or_none()
        if row is None or row.linkhash is None:
            break
        if row.linkprev != cursor.hash:
            raise ChainBroken(f"{source} {family} {row.linkseq}")
        cursor.seq, cursor.hash = cursor.seq + 1, row.linkhash
    session.add(cursor)
    return cursor


async def _locked_cursor(session: AsyncSession, source: str, family: str) -> LinkCursor:
    """The cursor, locked until the end of the transaction, so that two readers cannot move it at once."""
    start = insert(LinkCursor).values(source=source, family=family, seq=0, hash=FIRST_LINK)
    await session.execute(start.on_conflict_do_nothing())
    query = select(LinkCursor).where(LinkCursor.source == source, LinkCursor.family == family).with_for_update()
    return (await session.exec(query)).one()
