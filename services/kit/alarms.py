"""Alarms of links: the two ends do not tell the same. Each is told once per kind, link and number, in table and log."""

from dataclasses import dataclass

import structlog
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

log = structlog.get_logger()

CHAIN_DIFFERS = "chain_differs"
"""At this number the chains of the two ends have different hashes."""

READER_AHEAD = "reader_ahead"
"""The reader has more than the writer ever numbered: the writer lost what it had sent, or somebody wrote for it."""

CANNOT_REPLAY = "cannot_replay"
"""The reader asks for an event again whose body is gone here."""

_RAISE = text("""
    insert into link_alarm (kind, source, target, family, seq) values (:kind, :source, :target, :family, :seq)
    on conflict do nothing
    returning id
""")


@dataclass(frozen=True)
class Link:
    """From one node's service to another node."""

    source: str
    target: str
    family: str


async def alarm(session: AsyncSession, kind: str, link: Link, seq: int) -> None:
    """Raise the alarm, unless it was raised before."""
    values = {"source": link.source, "target": link.target, "family": link.family, "seq": seq}
    if (await session.execute(_RAISE, {"kind": kind, **values})).first() is not None:
        log.error("link_alarm", kind=kind, **values)
