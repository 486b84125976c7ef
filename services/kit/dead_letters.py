"""Dead letters: what could not be handled stays in the service's database until a person has dealt with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.expression import bindparam
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.envelope import body_hash
from contracts.ids import derived
from services.kit import ledger
from services.kit.alarms import Link, alarm
from services.kit.causes import ALARMS, code_of
from services.kit.database import Database, attempt
from services.kit.delivery import Delivery, DifferentBody
from services.kit.legible import Legible
from services.kit.links import ChainBroken

# One that is dead or dropped stays so, whatever the broker delivers once more.
_COUNT = text("""
    insert into dead_letter
        (id, stream_seq, subject, headers, body, cause, attempts, state, event_id, aggregate_id, version)
    values (
        :id, :stream_seq, :subject, :headers, :body, :cause, 1, case when :final <= 1 then 'dead' else 'failing' end,
        :event_id, :aggregate_id, :version
    )
    on conflict (id) do update set
        attempts = dead_letter.attempts + 1,
        cause = excluded.cause,
        last_at = now(),
        state = case
            when dead_letter.state in ('dead', 'dropped') then dead_letter.state
            when dead_letter.attempts + 1 >= :final then 'dead'
            else 'failing'
        end
    returning state
""").bindparams(bindparam("headers", type_=JSONB))
_SETTLE = text("update dead_letter set state = 'resolved', closed_at = now() where id = :id and state = 'failing'")
_WAKE = text("select pg_notify(current_schema() || '_worklist', '')")


def worklist_channel(service: str) -> str:
    """The NOTIFY channel on which the worklist of a service is woken; in SQL the schema gives its name."""
    return f"{service}_worklist"


async def wake_worklist(session: AsyncSession) -> None:
    """There is something to do, once this transaction is committed."""
    await session.execute(_WAKE)


@dataclass(frozen=True)
class Message:
    """A message as the broker delivered it.

    Known by its place in the stream, since its own id may be what is malformed, and by its content, since places start
    again at 1 when a lost stream is laid anew.
    """

    stream_seq: int
    subject: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def storable(self) -> dict[str, str]:
        """The headers as jsonb can hold them, which has no NUL."""
        return {name: value.replace("\0", "\ufffd") for name, value in self.headers.items()}

    @property
    def id(self) -> UUID:
        return derived("dead letter", self.subject, self.stream_seq, sorted(self.headers.items()), body_hash(self.body))


def kept_message(delivery: Delivery, node: str) -> Message:
    """The message of an event that this node has kept: it comes from where it was kept, not from the stream."""
    name = delivery.envelope.type.split(".")[3]
    return Message(
        stream_seq=0,
        subject=f"ev.{delivery.source}.{node}.{delivery.family}.{name}",
        headers=delivery.headers,
        body=delivery.body,
    )


async def record_failure(session: AsyncSession, message: Message, *, cause: str, final: int) -> bool:
    """Record one failed attempt in this transaction; True when it was the last of `final` and the message is dead."""
    legible = Legible(message.subject, message.headers, message.body)
    envelope = legible.envelope
    values = {
        "id": message.id,
        "stream_seq": message.stream_seq,
        "subject": message.subject,
        "headers": message.storable,
        "body": message.body,
        "cause": cause,
        "final": final,
        "event_id": envelope.id if envelope else None,
        "aggregate_id": legible.aggregate_id,
        "version": envelope.version if envelope else None,
    }
    state: str = (await session.execute(_COUNT, values)).scalar_one()
    if state == "failing":
        return False
    if cause in ALARMS:
        await raise_alarm(session, legible, cause)
    await wake_worklist(session)
    return True


async def raise_alarm(session: AsyncSession, legible: Legible, cause: str) -> None:
    """Tell of what no honest fault explains, once for each number of a link; what bears no number counts as 0."""
    number = (legible.envelope.linkseq if legible.envelope else None) or 0
    await alarm(session, code_of(cause), Link(*legible.address), number)


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_failure(self, message: Message, *, cause: str, final: int) -> bool:
        """Record one failed attempt; True when it was the last of `final` and the message is dead.

        `cause` is the name of an error class, never a text that could quote a body.
        """
        async with self._database.transaction() as session:
            dead = await record_failure(session, message, cause=cause, final=final)
            if dead:
                await _enter_as_dead(session, message)
        return dead

    async def settle(self, message: Message) -> None:
        """The message was handled after all."""
        async with self._database.transaction() as session:
            await session.execute(_SETTLE, {"id": message.id})


async def _enter_as_dead(session: AsyncSession, message: Message) -> None:
    """Give a dead message its place on its link, so that the link goes on behind it, where it can have one."""
    legible = Legible(message.subject, message.headers, message.body)
    if legible.envelope is None:
        return
    delivery = Delivery.of(message.subject, message.storable, message.body)
    try:
        async with attempt(session):
            await ledger.enter(session, [(delivery, legible.event)], "dead")
    except (DifferentBody, ChainBroken):
        return  # it contradicts what stands in the ledger, and that is what it is dead of
