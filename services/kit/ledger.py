"""The ledger of what arrived: every event enters the inbox once and takes its place on its link, whatever comes of it.

What could not be applied stands there too, with its body: so a link goes on behind it, and nothing is ever asked for
again that is already here.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.events import Event
from services.kit import links
from services.kit.delivery import Delivery, DifferentBody
from services.kit.plumbing import InboxRow

KEPT = ("parked", "unknown", "dead")
"""States of an event that is still to be applied: its headers and body stay."""

# Built once: on the busiest way through a node, building a statement costs more than running it.
_ENTER = insert(InboxRow).on_conflict_do_nothing().returning(col(InboxRow.id))


async def enter(session: AsyncSession, deliveries: Sequence[tuple[Delivery, Event | None]], state: str) -> set[UUID]:
    """Write these events in this state and move their links; returns the ids of those that had not been here before.

    Raises DifferentBody and ChainBroken.
    """
    rows = {delivery.envelope.id: _row(delivery, event, state) for delivery, event in deliveries}
    fresh = set((await session.execute(_ENTER, list(rows.values()))).scalars())
    await _check_known(session, [delivery for delivery, _ in deliveries], fresh)
    seen = {delivery.envelope.id: delivery for delivery, _ in deliveries if delivery.envelope.id in fresh}
    await links.arrived(session, [step for delivery in seen.values() if (step := delivery.link_step)])
    return fresh


def _row(delivery: Delivery, event: Event | None, state: str) -> dict[str, object]:
    """An event that no model of ours reads counts for its path."""
    envelope, step = delivery.envelope, delivery.link_step
    kept = state in KEPT
    return {
        "id": envelope.id,
        "source": delivery.source,
        "family": delivery.family,
        "linkseq": step.seq if step else None,
        "linkprev": step.prev if step else None,
        "linkhash": step.hash if step else None,
        "body_hash": delivery.digest,
        "aggregate_id": event.aggregate_id if event else envelope.subject,
        "version": envelope.version,
        "state": state,
        "headers": delivery.headers if kept else None,
        "body": delivery.body if kept else None,
    }


async def _check_known(session: AsyncSession, deliveries: Sequence[Delivery], fresh: set[UUID]) -> None:
    """An event that was here before must be the same; one that is neither new nor known took another's number."""
    known = [delivery for delivery in deliveries if delivery.envelope.id not in fresh]
    if not known:
        return
    query = select(InboxRow.id, InboxRow.source, InboxRow.body_hash).where(
        col(InboxRow.id).in_([delivery.envelope.id for delivery in known])
    )
    before = {row_id: (source, digest) for row_id, source, digest in (await session.exec(query)).all()}
    for delivery in known:
        if delivery.envelope.id not in before:
            raise links.ChainBroken(f"{delivery.source} {delivery.family} {delivery.envelope.linkseq}")
        if before[delivery.envelope.id] != (delivery.source, delivery.digest):
            raise DifferentBody(str(delivery.envelope.id))


async def set_state(session: AsyncSession, deliveries: Sequence[Delivery], state: str) -> None:
    """What has become of events that are in the ledger."""
    for delivery in deliveries:
        kept = state in KEPT
        values = {
            "state": state,
            "headers": delivery.headers if kept else None,
            "body": delivery.body if kept else None,
        }
        await session.execute(update(InboxRow).where(col(InboxRow.id) == delivery.envelope.id).values(values))
