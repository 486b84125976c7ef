"""The sending half of an event: a row in the same transaction as the change it tells of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import Boolean, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.envelope import Envelope
from contracts.events import Event
from contracts.subjects import PATH_NODE, subject
from services.kit import correlation
from services.kit.database import at_end
from services.kit.taking import carried

_WRITE = text("""
    with written as (
        insert into outbox (id, target, subject, headers, body, numbered)
        select * from unnest(:ids, :targets, :subjects, :headers, :bodies, :numbered)
        on conflict do nothing
    )
    select pg_notify(channel, said) from unnest(:channels, :said) as notification (channel, said)
""").bindparams(
    bindparam("channels", type_=ARRAY(Text)),
    bindparam("said", type_=ARRAY(Text)),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("targets", type_=ARRAY(Text)),
    bindparam("subjects", type_=ARRAY(Text)),
    bindparam("headers", type_=ARRAY(JSONB)),
    bindparam("bodies", type_=ARRAY(LargeBinary)),
    bindparam("numbered", type_=ARRAY(Boolean)),
)

_Row = dict[str, object]


OWN_CHANGES = "own_change"
"""The NOTIFY channel on which a node is told which institution has just changed which path (`slug path-id`): its own
events go to others only, and come back as the path's when the road is open."""


def outbox_channel(service: str) -> str:
    """The NOTIFY channel on which a service wakes its relay."""
    return f"{service}_outbox"


@dataclass(frozen=True)
class Letter:
    """One event for one node. With an `id` of the writer's own, derived from what the event tells, a second writing of
    the same letter is silently the first."""

    event: Event
    source: str
    target: str
    id: UUID


@dataclass(frozen=True)
class Outbox:
    """Writes events of one service of one node."""

    node: str
    service: str

    async def publish(
        self,
        session: AsyncSession,
        event: Event,
        *,
        source: str,
        targets: Iterable[str],
        cause: Envelope | None = None,
    ) -> UUID:
        """Write `event` of institution `source` for each node in `targets`; returns its id. See `post`."""
        identity = new_id()
        await self.post(session, [Letter(event, source, target, identity) for target in dict.fromkeys(targets)], cause)
        return identity

    async def post(self, session: AsyncSession, letters: Sequence[Letter], cause: Envelope | None = None) -> None:
        """Write these letters: all of a transaction in one statement before its commit, and then they leave."""
        waiting: list[_Row] = session.info.setdefault(f"letters of {self.service}", [])
        waiting.extend(self._row(letter, cause) for letter in letters)
        at_end(session, self.service, partial(self._write, waiting))

    async def _write(self, rows: list[_Row], session: AsyncSession) -> None:
        if rows:
            columns = {name: [row[name] for row in rows] for name in rows[0]}
            changes = sorted({str(said) for said in columns.pop("changes")})
            channels = [outbox_channel(self.service), *[OWN_CHANGES] * len(changes)]
            await session.execute(_WRITE, {**columns, "channels": channels, "said": ["", *changes]})

    def _row(self, letter: Letter, cause: Envelope | None) -> _Row:
        """The row of a letter. The copy for the path node holds nothing sealed."""
        event = letter.event.without_seal() if letter.target == PATH_NODE else letter.event
        envelope = Envelope(
            id=letter.id,
            type=event.type(),
            source=letter.source,
            subject=event.path_id,
            time=event.at,
            version=event.version,
            correlation_id=cause.correlation_id if cause else correlation.current() or letter.id,
            causation_id=cause.id if cause else None,
        )
        return {
            "ids": letter.id,
            "targets": letter.target,
            "subjects": subject(event, source=self.node, target=letter.target),
            "headers": envelope.headers() | carried(self.node, cause),
            "bodies": event.model_dump_json().encode(),
            "numbered": event.numbered,
            "changes": f"{letter.source} {event.path_id}",
        }


def new_id() -> UUID:
    """The id of an event that happens once: time-ordered."""
    return UUID(int=uuid7().int)
