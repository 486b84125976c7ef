"""The receiving half of an event: taken in once, in order per aggregate, in the same transaction as its effect."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Directory
from contracts.envelope import Envelope, body_hash, link_hash
from contracts.events import REGISTRY, Event
from contracts.subjects import PATH_NODE
from services.kit import links
from services.kit.database import Database
from services.kit.dead_letters import Message, record_failure
from services.kit.outages import is_down
from services.kit.plumbing import InboxRow, KnownVersion

log = structlog.get_logger()

# Built once: on the busiest way through a node, building a statement costs more than running it.
_ENTER = insert(InboxRow).on_conflict_do_nothing(index_elements=["id"]).returning(col(InboxRow.id))
_PARKED = select(InboxRow).where(
    InboxRow.aggregate_id == bindparam("aggregate"), InboxRow.version == bindparam("next"), InboxRow.state == "parked"
)
_FIRST = text(
    "insert into known_version (aggregate_id, version) values (:aggregate, :version)"
    " on conflict do nothing returning version"
).bindparams(bindparam("aggregate", type_=Uuid))
_NEXT = text(
    "update known_version set version = :version where aggregate_id = :aggregate and version = :version - 1"
    " returning version"
).bindparams(bindparam("aggregate", type_=Uuid))

Effect = Callable[[AsyncSession, Any, Envelope], Awaitable[None]]
"""What one event does: (session of the open transaction, event, envelope)."""


class UnknownEvent(Exception):
    """No handler for this type: a newer writer, or a mistake."""


class Forged(Exception):
    """The institution named as source does not belong to the node that published."""


class DifferentBody(Exception):
    """An event id came again with another body: not a duplicate but an alarm."""


@dataclass(frozen=True)
class Handlers:
    """What a service does with events: its effects by event type, and whose data each event is about."""

    tenant: Callable[[Any], str | None]
    effects: Mapping[type[Event], Effect]


@dataclass(frozen=True)
class Delivery:
    """One message as it came off the road."""

    envelope: Envelope
    headers: dict[str, str]
    body: bytes
    source: str
    family: str

    @classmethod
    def of(cls, subject: str, headers: Mapping[str, str], body: bytes) -> "Delivery":
        """Raises MalformedEnvelope. Subjects are `ev.<from>.<to>.<family>.<event>`; the broker vouches for <from>."""
        _, source, _, family, _ = subject.split(".", 4)
        return cls(Envelope.parse(headers), dict(headers), body, source, family)

    @property
    def link_step(self) -> links.LinkStep | None:
        """Its place on its link; None on a self-link, which keeps no ledger."""
        seq, prev = self.envelope.linkseq, self.envelope.linkprev
        if seq is None or prev is None:
            return None
        head = link_hash(prev, seq, self.envelope.id, self.body)
        return links.LinkStep(source=self.source, family=self.family, seq=seq, prev=prev, hash=head)


class Inbox:
    """Takes in the events of one service."""

    def __init__(self, *, node: str, database: Database, directory: Directory, handlers: Handlers) -> None:
        self._node = node
        self._database = database
        self._directory = directory
        self._handlers = handlers

    async def take(self, delivery: Delivery, event: Event) -> None:
        """Apply the event, or park it, or know it as already done; all or nothing.

        Raises Forged, UnknownEvent, DifferentBody, links.ChainBroken, and whatever the effect raises.
        """
        self._check_source(delivery)
        async with self._database.transaction(self._handlers.tenant(event)) as session:
            if not await self._enter(session, delivery, event):
                return
            if (step := delivery.link_step) is not None:
                await links.arrived(session, step)
            if event.gated:
                await self._through_gate(session, delivery, event)
            else:
                await self._apply(session, event, delivery.envelope)

    def _check_source(self, delivery: Delivery) -> None:
        agency = self._directory.find(delivery.envelope.source)
        home = agency.node if agency else None
        if delivery.envelope.source == PATH_NODE:
            home = PATH_NODE
        if home != delivery.source:
            raise Forged(delivery.source)

    async def _enter(self, session: AsyncSession, delivery: Delivery, event: Event) -> bool:
        """Write the inbox row; False when this event has been here before. Raises DifferentBody."""
        envelope, digest = delivery.envelope, body_hash(delivery.body)
        row = {
            "id": envelope.id,
            "source": delivery.source,
            "family": delivery.family,
            "linkseq": envelope.linkseq,
            "linkprev": envelope.linkprev,
            "linkhash": step.hash if (step := delivery.link_step) else None,
            "body_hash": digest,
            "aggregate_id": event.aggregate_id,
            "version": event.version,
            "state": "applied",
        }
        if (await session.execute(_ENTER, row)).first() is not None:
            return True
        known = (await session.exec(select(InboxRow).where(InboxRow.id == envelope.id))).one()
        if known.body_hash != digest:
            raise DifferentBody(str(envelope.id))
        return False

    async def _through_gate(self, session: AsyncSession, delivery: Delivery, event: Event) -> None:
        """Apply in the order of versions: park what is ahead, ignore what is behind, let parked ones follow."""
        if not await _step_to(session, event):
            known = await known_version(session, event.aggregate_id)
            if event.version != known + 1:
                await _set_state(session, delivery, "parked" if event.version > known + 1 else "ignored")
                return
            await set_known_version(session, event.aggregate_id, event.version)
        await self._apply(session, event, delivery.envelope)
        await self._follow(session, event.aggregate_id, event.version)

    async def _follow(self, session: AsyncSession, aggregate_id: UUID, version: int) -> None:
        """Apply the parked events that come right after `version`. One that fails makes room for another like it."""
        while True:
            following = {"aggregate": aggregate_id, "next": version + 1}
            row = (await session.exec(_PARKED, params=following)).first()
            if row is None or row.headers is None or row.body is None:
                return
            try:
                async with session.begin_nested():
                    await self._apply_parked(session, row.headers, row.body)
            except Exception as error:
                if is_down(error):
                    raise
                await self._bury(session, row, error)
                continue
            version += 1
            await set_known_version(session, aggregate_id, version)
            row.state, row.headers, row.body = "applied", None, None
            session.add(row)

    async def _apply_parked(self, session: AsyncSession, headers: dict[str, str], body: bytes) -> None:
        envelope = Envelope.parse(headers)
        await self._apply(session, REGISTRY[envelope.type].model_validate_json(body), envelope)

    async def _bury(self, session: AsyncSession, row: InboxRow, error: Exception) -> None:
        """A parked event that fails must not take down the good one that released it: it is a dead letter.

        It leaves the inbox, so that it can be sent again once its cause is mended.
        """
        envelope = Envelope.parse(row.headers or {})
        message = Message(
            stream_seq=0,  # it was taken from where it was parked, not from the stream
            subject=f"ev.{row.source}.{self._node}.{row.family}.{REGISTRY[envelope.type].name}",
            headers=row.headers or {},
            body=row.body or b"",
        )
        log.warning("parked_event_failed", cause=type(error).__name__, id=str(row.id))
        await record_failure(session, message, cause=type(error).__name__, final=1)
        await session.delete(row)

    async def _apply(self, session: AsyncSession, event: Event, envelope: Envelope) -> None:
        effect = self._handlers.effects.get(type(event))
        if effect is None:
            raise UnknownEvent(event.type())
        await effect(session, event, envelope)


async def _step_to(session: AsyncSession, event: Event) -> bool:
    """Whether this was the very next version: then it is the known one now, and its row is locked. One statement."""
    statement = _FIRST if event.version == 1 else _NEXT
    values = {"aggregate": event.aggregate_id, "version": event.version}
    return (await session.execute(statement, values)).first() is not None


async def _set_state(session: AsyncSession, delivery: Delivery, state: str) -> None:
    row = (await session.exec(select(InboxRow).where(InboxRow.id == delivery.envelope.id))).one()
    row.state = state
    if state == "parked":
        row.headers, row.body = delivery.headers, delivery.body
    session.add(row)
    await session.flush()


async def known_version(session: AsyncSession, aggregate_id: UUID) -> int:
    """The last version applied here, 0 for an aggregate never heard of; locked until the transaction ends."""
    await session.execute(insert(KnownVersion).values(aggregate_id=aggregate_id, version=0).on_conflict_do_nothing())
    query = select(KnownVersion.version).where(KnownVersion.aggregate_id == aggregate_id).with_for_update()
    return (await session.exec(query)).one()


async def set_known_version(session: AsyncSession, aggregate_id: UUID, version: int) -> None:
    """Record that everything up to `version` is known here; the sender calls it for the version it wrote itself."""
    upsert = insert(KnownVersion).values(aggregate_id=aggregate_id, version=version)
    await session.execute(
        upsert.on_conflict_do_update(index_elements=["aggregate_id"], set_={"version": upsert.excluded.version})
    )
