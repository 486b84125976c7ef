"""What the path node tells: pictures of paths, reminders, missed deadlines, and that it is alive; and what any service
tells of messages that it could not handle."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import null, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.control import Heartbeat
from contracts.envelope import Envelope
from contracts.events import (
    DeadLetterClosed,
    DeadLetterEvent,
    DeadLetterOpened,
    DeadlineMissed,
    DeadlineMoved,
    Event,
    PathAdvanced,
    ReminderDue,
    RulesApplied,
)
from contracts.subjects import PATH_NODE
from services.kit.database import Database
from services.kit.delivery import Forged, Taken
from services.kit.inbox import Effect, Handlers, each
from services.paths.models import Freshness, Notice, RulebookCopy

_REPLACE = text("""
    insert into path as known (id, agency, version, view) select path_id, agency, version, view
    from jsonb_to_recordset(cast(:rows as jsonb)) as given (path_id uuid, agency text, version integer, view jsonb)
    on conflict (id, agency) do update set version = excluded.version, view = excluded.view
    where known.version < excluded.version
""")


def handlers() -> Handlers:
    """Each event is about one institution's view, but for the rules, which are the same for all."""
    effects: dict[type[Event], Effect] = {
        PathAdvanced: _replace,
        ReminderDue: _note,
        DeadlineMissed: _note,
        DeadlineMoved: _note,
        RulesApplied: _learn_rules,
        DeadLetterOpened: each(_note_letter),
        DeadLetterClosed: each(_note_letter),
    }
    return Handlers(tenant=lambda event: getattr(event, "agency", None), effects=effects)


async def _replace(session: AsyncSession, taken: Sequence[Taken]) -> None:
    """A later picture replaces an earlier one; one that was overtaken on the road changes nothing. Raises Forged."""
    _check_writer(taken)
    newest: dict[tuple[UUID, str], PathAdvanced] = {}
    for event in sorted((cast(PathAdvanced, item.event) for item in taken), key=lambda event: event.version):
        newest[event.path_id, event.agency] = event
    rows = [
        {"path_id": path_id, "agency": agency, "version": event.version, "view": event.view}
        for (path_id, agency), event in sorted(newest.items())
    ]
    await session.execute(_REPLACE, {"rows": to_json(rows).decode()})


async def _note(session: AsyncSession, taken: Sequence[Taken]) -> None:
    """More notices for the people of the institution. Raises Forged."""
    _check_writer(taken)
    rows = [_notice(cast(ReminderDue | DeadlineMissed | DeadlineMoved, item.event), item.envelope.id) for item in taken]
    await session.execute(insert(Notice), rows)


def _notice(event: ReminderDue | DeadlineMissed | DeadlineMoved, event_id: UUID) -> dict[str, object]:
    return {
        "id": event_id,
        "agency": event.agency,
        "kind": event.name,
        "path_id": event.path_id,
        "referral_id": event.referral_id,
        "rule": event.rule,
        "audience": event.audience if isinstance(event, ReminderDue) else None,
        "due_at": event.due_at,
        "at": event.at,
        "was": event.was if isinstance(event, DeadlineMoved) else None,
        "why": event.why if isinstance(event, DeadlineMoved) else null(),
    }


async def _learn_rules(session: AsyncSession, taken: Sequence[Taken]) -> None:
    """A later book replaces an earlier one. Raises Forged."""
    _check_writer(taken)
    newest = max((cast(RulesApplied, item.event) for item in taken), key=lambda event: event.version)
    upsert = insert(RulebookCopy).values(
        one=True, number=newest.version, rules=newest.rules, text=newest.local_rules, since=newest.at
    )
    await session.execute(
        upsert.on_conflict_do_update(
            index_elements=["one"],
            set_={name: upsert.excluded[name] for name in ("number", "rules", "text", "since")},
            where=col(RulebookCopy.number) < upsert.excluded.number,
        )
    )


async def _note_letter(session: AsyncSession, event: DeadLetterOpened | DeadLetterClosed, envelope: Envelope) -> None:
    """One notice for both: the end of a letter may overtake its beginning. Raises Forged."""
    _check_teller(event, envelope)
    outcome = event.outcome if isinstance(event, DeadLetterClosed) else None
    upsert = insert(Notice).values(
        id=event.letter_id,
        agency=event.agency,
        kind="dead_letter",
        path_id=event.path_id,
        referral_id=event.referral_id,
        at=event.at,
        cause=event.cause,
        node=event.node,
        outcome=outcome,
    )
    if outcome is None:
        await session.execute(upsert.on_conflict_do_nothing())
    else:
        await session.execute(upsert.on_conflict_do_update(index_elements=["id"], set_={"outcome": outcome}))


def _check_teller(event: DeadLetterEvent, envelope: Envelope) -> None:
    """An institution's own node tells it of its letters, or the path node of its own. Raises Forged."""
    if envelope.source not in (event.agency, PATH_NODE):
        raise Forged(envelope.source)


def _check_writer(taken: Sequence[Taken]) -> None:
    """The broker lets every node write to every other, but only the path node knows paths. Raises Forged."""
    for item in taken:
        if item.envelope.source != PATH_NODE:
            raise Forged(item.envelope.source)


async def hear(database: Database, heartbeat: Heartbeat) -> None:
    """Everything of the path node's up to the heartbeat's number is here: our copies are as fresh as it says."""
    if heartbeat.writer != PATH_NODE or heartbeat.family != "path":
        return
    async with database.transaction() as session:
        upsert = insert(Freshness).values(one=True, as_of=heartbeat.as_of)
        await session.execute(
            upsert.on_conflict_do_update(
                index_elements=["one"],
                set_={"as_of": upsert.excluded.as_of},
                where=col(Freshness.as_of) < upsert.excluded.as_of,
            )
        )
