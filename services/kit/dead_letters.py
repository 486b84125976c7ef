"""Dead letters: what could not be handled stays in the service's database until a person has dealt with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.expression import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.envelope import body_hash
from contracts.ids import derived
from services.kit.database import Database
from services.kit.plumbing import DeadLetter

_COUNT = text("""
    insert into dead_letter (id, stream_seq, subject, headers, body, cause, attempts, state)
    values (
        :id, :stream_seq, :subject, :headers, :body, :cause, 1, case when :final <= 1 then 'dead' else 'failing' end
    )
    on conflict (id) do update set
        attempts = dead_letter.attempts + 1,
        cause = excluded.cause,
        last_at = now(),
        state = case when dead_letter.attempts + 1 >= :final then 'dead' else 'failing' end
    returning state
""").bindparams(bindparam("headers", type_=JSONB))


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
    def id(self) -> UUID:
        return derived("dead letter", self.subject, self.stream_seq, sorted(self.headers.items()), body_hash(self.body))


async def record_failure(session: AsyncSession, message: Message, *, cause: str, final: int) -> bool:
    """Record one failed attempt in this transaction; True when it was the last of `final` and the message is dead."""
    values = {
        "id": message.id,
        "stream_seq": message.stream_seq,
        "subject": message.subject,
        "headers": {name: value.replace("\0", "\ufffd") for name, value in message.headers.items()},  # jsonb has no NUL
        "body": message.body,
        "cause": cause,
        "final": final,
    }
    state: str = (await session.execute(_COUNT, values)).scalar_one()
    return state == "dead"


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_failure(self, message: Message, *, cause: str, final: int) -> bool:
        """Record one failed attempt; True when it was the last of `final` and the message is dead.

        `cause` is the name of an error class, never a text that could quote a body.
        """
        async with self._database.transaction() as session:
            return await record_failure(session, message, cause=cause, final=final)

    async def settle(self, message: Message) -> None:
        """The message was handled after all."""
        async with self._database.transaction() as session:
            await session.execute(text("update dead_letter set state = 'resolved' where id = :id"), {"id": message.id})

    async def waiting(self) -> Sequence[DeadLetter]:
        """The dead ones, oldest first: a worklist."""
        async with self._database.transaction() as session:
            query = select(DeadLetter).where(DeadLetter.state == "dead").order_by(col(DeadLetter.first_at))
            return (await session.exec(query)).all()
