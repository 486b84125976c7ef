"""Links between nodes: numbered without gaps, chained by hash, checked on arrival.

A link is (from, to, family). What the broker lost or somebody changed shows as a gap or a broken chain. A node's own
services write to each other over such a link too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.envelope import FIRST_LINK
from services.kit.plumbing import InboxRow, LinkCursor

_AT_ONCE = 500

_MOVE = text("""
    update link_cursor set seq = :seq, hash = :hash
    where source = :source and family = :family and seq = :before and hash = :prev
    returning seq
""")
_MORE = text("select 1 from inbox where source = :source and family = :family and linkseq = :seq + 1")


@dataclass(frozen=True)
class LinkStep:
    """One event's place on the link from node `source`."""

    source: str
    family: str
    seq: int
    prev: str
    hash: str


class ChainBroken(Exception):
    """An event does not follow from the one before it: something on this link was changed after it was written."""


async def arrived(session: AsyncSession, steps: Iterable[LinkStep]) -> None:
    """Move the cursors of links over events that have just entered the inbox, where it is their turn.

    Nearly always they are the very next ones: two statements a link; otherwise `advance` looks further.
    Raises ChainBroken.
    """
    of_link: dict[tuple[str, str], list[LinkStep]] = defaultdict(list)
    for step in steps:
        of_link[step.source, step.family].append(step)
    for (source, family), run in sorted(of_link.items()):  # in one order everywhere, so that no two wait for each other
        if not await _moved(session, sorted(run, key=lambda step: step.seq)):
            await advance(session, source, family)


async def _moved(session: AsyncSession, run: Sequence[LinkStep]) -> bool:
    """Whether these follow each other and the cursor, which then stands behind them with nothing more to look at."""
    first, last = run[0], run[-1]
    if last.seq - first.seq != len(run) - 1:
        return False
    if any(after.prev != before.hash for before, after in pairwise(run)):
        return False
    values = {**asdict(last), "before": first.seq - 1, "prev": first.prev}
    if (await session.execute(_MOVE, values)).first() is None:
        return False
    # A statement of its own: only now is the cursor ours, and what another transaction has just committed to be seen.
    return (await session.execute(_MORE, values)).first() is None


async def advance(session: AsyncSession, source: str, family: str) -> None:
    """Move the cursor of a link over every event that has arrived next to it. Raises ChainBroken.

    Events may arrive out of order (a redelivery overtakes nothing, but it is overtaken), so the cursor can jump.
    """
    cursor = await _locked_cursor(session, source, family)
    while True:
        query = (
            select(InboxRow)
            .where(InboxRow.source == source, InboxRow.family == family, col(InboxRow.linkseq) > cursor.seq)
            .order_by(col(InboxRow.linkseq))
            .limit(_AT_ONCE)
        )
        before = cursor.seq
        for row in (await session.exec(query)).all():
            if row.linkseq != cursor.seq + 1 or row.linkhash is None:
                break
            if row.linkprev != cursor.hash:
                raise ChainBroken(f"{source} {family} {row.linkseq}")
            cursor.seq, cursor.hash = row.linkseq, row.linkhash
        session.add(cursor)
        if cursor.seq < before + _AT_ONCE:
            return


async def _locked_cursor(session: AsyncSession, source: str, family: str) -> LinkCursor:
    """The cursor, locked until the end of the transaction, so that two readers cannot move it at once."""
    start = insert(LinkCursor).values(source=source, family=family, seq=0, hash=FIRST_LINK)
    await session.execute(start.on_conflict_do_nothing())
    query = select(LinkCursor).where(LinkCursor.source == source, LinkCursor.family == family).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).one()
