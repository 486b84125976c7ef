"""What the path node tells: pictures of paths, reminders, missed deadlines, and that it is alive."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.control import Heartbeat
from contracts.envelope import Envelope
from contracts.events import DeadlineMissed, Event, PathAdvanced, ReminderDue
from contracts.subjects import PATH_NODE
from services.kit.database import Database
from services.kit.delivery import Forged
from services.kit.inbox import Effect, Handlers, each
from services.kit.plumbing import LinkCursor
from services.paths.models import Freshness, Notice, PathCopy


def handlers() -> Handlers:
    """Each event is about one institution's view."""
    effects: dict[type[Event], Effect] = {
        PathAdvanced: each(_replace),
        ReminderDue: each(_note),
        DeadlineMissed: each(_note),
    }
    return Handlers(tenant=lambda event: event.agency, effects=effects)


async def _replace(session: AsyncSession, event: PathAdvanced, envelope: Envelope) -> None:
    """A later picture replaces an earlier one; one that was overtaken on the road changes nothing. Raises Forged."""
    _check_writer(envelope)
    upsert = insert(PathCopy).values(
        id=event.path_id, agency=event.agency, version=event.version, view=event.view.model_dump(mode="json")
    )
    await session.execute(
        upsert.on_conflict_do_update(
            index_elements=["id", "agency"],
            set_={"version": upsert.excluded.version, "view": upsert.excluded.view},
            where=col(PathCopy.version) < upsert.excluded.version,
        )
    )


async def _note(session: AsyncSession, event: ReminderDue | DeadlineMissed, envelope: Envelope) -> None:
    """One more notice for the people of the institution. Raises Forged."""
    _check_writer(envelope)
    session.add(
        Notice(
            id=envelope.id,
            agency=event.agency,
            kind=event.name,
            path_id=event.path_id,
            referral_id=event.referral_id,
            rule=event.rule,
            audience=event.audience if isinstance(event, ReminderDue) else None,
            due_at=event.due_at,
            at=event.at,
        )
    )


def _check_writer(envelope: Envelope) -> None:
    """The broker lets every node write to every other, but only the path node knows paths. Raises Forged."""
    if envelope.source != PATH_NODE:
        raise Forged(envelope.source)


async def hear(database: Database, heartbeat: Heartbeat) -> None:
    """Everything up to the heartbeat's number has arrived: then our copies are as fresh as the heartbeat says."""
    async with database.transaction() as session:
        query = select(LinkCursor.seq).where(LinkCursor.source == PATH_NODE, LinkCursor.family == "path")
        known = (await session.exec(query)).one_or_none() or 0
        if known < heartbeat.linkseq:
            return
        upsert = insert(Freshness).values(one=True, as_of=heartbeat.at)
        await session.execute(
            upsert.on_conflict_do_update(
                index_elements=["one"],
                set_={"as_of": upsert.excluded.as_of},
                where=col(Freshness.as_of) < upsert.excluded.as_of,
            )
        )
