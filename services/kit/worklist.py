"""The worklist of one service at work: it carries out what people decided about dead letters.

A command or the API only notes the wish; here, in the service itself, it is done in one transaction with its effect. So
a wish made while the service is down is done when it is up again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.events import Event
from services.kit import gate
from services.kit.causes import ALARMS
from services.kit.dead_letters import raise_alarm
from services.kit.delivery import Delivery
from services.kit.held import apply_kept, take_understood
from services.kit.inbox import Arrival, Handlers, Inbox
from services.kit.legible import Legible
from services.kit.notices import tell
from services.kit.outages import DATABASE_ERRORS, is_down
from services.kit.plumbing import DeadLetter
from services.kit.service import Service
from services.kit.wake import Bell

log = structlog.get_logger()

_POLL_SECONDS = 30.0

_WISHED = text("select id from dead_letter where id = :id and wish = :wish for update")
_STANDS = text("select id from inbox where id = :id and state = 'dead' and body_hash = :digest for update")
_DROPPED = text("update inbox set state = 'dropped', headers = null, body = null where id = :id and state = 'dead'")
_CLOSE = text("""
    update dead_letter set state = :state, wish = null, last_at = now(), closed_at = now()
    where id = :id and wish = :wish returning id
""")
_AGAIN = text("""
    update dead_letter set attempts = attempts + 1, cause = :cause, wish = null, reason = null, last_at = now()
    where id = :id and wish = :wish
""")


class _Gap(Event):
    """A version of a case that nobody can read; `path_id` is the id of the case."""

    gated = True


@dataclass(frozen=True)
class Worklist:
    """Rows of `dead_letter` with a wish, and the events that a newer program understands."""

    service: Service
    handlers: Handlers
    inbox: Inbox
    bell: Bell

    async def run(self) -> None:
        """Work for ever, when woken and now and then; a database that is down only delays it."""
        while True:
            try:
                await self.work()
            except DATABASE_ERRORS as error:
                log.warning("worklist_paused", service=self.service.name, cause=type(error).__name__)
            await self.bell.wait(_POLL_SECONDS)

    async def work(self) -> None:
        """Everything there is to do now. Raises the database's error when it is down."""
        await take_understood(self.service, self.handlers, self.inbox)
        for letter_id in await self._wished():
            await self._carry_out(letter_id)
        await tell(self.service, self.handlers)

    async def _wished(self) -> Sequence[UUID]:
        async with self.service.database.transaction() as session:
            query = select(DeadLetter.id).where(DeadLetter.state == "dead", col(DeadLetter.wish).is_not(None))
            return (await session.exec(query.order_by(col(DeadLetter.version), col(DeadLetter.first_at)))).all()

    async def _carry_out(self, letter_id: UUID) -> None:
        async with self.service.database.transaction() as session:
            row = await session.get_one(DeadLetter, letter_id)
        try:
            closed = await (self._retry(row) if row.wish == "retry" else self._drop(row))
        except Exception as error:
            if is_down(error):
                raise
            await self._failed_again(row, type(error).__name__)
        else:
            log.info("dead_letter_decided", service=self.service.name, id=str(row.id), wish=row.wish, closed=closed)

    async def _retry(self, row: DeadLetter) -> bool:
        """The whole way of an event that has just arrived; one that is in the ledger already only has its effect.

        False, here and for a drop, when the letter is as it was.
        """
        delivery = Delivery.of(row.subject, row.headers, row.body)
        arrival = self.inbox.arrival(delivery)
        async with self.service.database.transaction(self.handlers.tenant(arrival.event)) as session:
            if await _stands(session, delivery):
                closed = await _close(session, row, "resolved")
                return closed and await apply_kept(session, self.inbox, arrival, "dead")
        await self.inbox.take(arrival)
        async with self.service.database.transaction() as session:
            return await _close(session, row, "resolved")

    async def _drop(self, row: DeadLetter) -> bool:
        """Give the event up; what waits behind it follows. When earlier versions are still to come, at its turn."""
        legible = Legible(row.subject, row.headers, row.body)
        tenant = legible.concerns(self.handlers.tenant, self.service.directory)
        delivery = Delivery.of(row.subject, row.headers, row.body) if legible.envelope else None
        async with self.service.database.transaction(tenant) as session:
            if (await session.execute(_WISHED, {"id": row.id, "wish": row.wish})).first() is None:
                return False
            if delivery is not None and await _stands(session, delivery):
                if row.cause not in ALARMS and not await self._passed_over(session, legible, delivery):
                    return False
                await session.execute(_DROPPED, {"id": delivery.envelope.id})
            return await _close(session, row, "dropped")

    async def _passed_over(self, session: AsyncSession, legible: Legible, delivery: Delivery) -> bool:
        """False when it is not the turn of this version yet."""
        event = _version(legible, delivery)
        if event is None:
            return True
        if await gate.known_version(session, event.aggregate_id) < event.version - 1:
            return False
        await self.inbox.pass_over(session, Arrival(delivery, event))
        return True

    async def _failed_again(self, row: DeadLetter, cause: str) -> None:
        log.warning("dead_letter_failed_again", service=self.service.name, id=str(row.id), cause=cause)
        async with self.service.database.transaction() as session:
            await session.execute(_AGAIN, {"id": row.id, "wish": row.wish, "cause": cause})
            if cause in ALARMS:
                await raise_alarm(session, Legible(row.subject, row.headers, row.body), cause)


async def _close(session: AsyncSession, row: DeadLetter, state: str) -> bool:
    """False when it was decided otherwise meanwhile."""
    return (await session.execute(_CLOSE, {"id": row.id, "wish": row.wish, "state": state})).first() is not None


async def _stands(session: AsyncSession, delivery: Delivery) -> bool:
    """Whether this very message has its place in the ledger, as dead."""
    found = await session.execute(_STANDS, {"id": delivery.envelope.id, "digest": delivery.digest})
    return found.first() is not None


def _version(legible: Legible, delivery: Delivery) -> Event | None:
    """The version of a case for which this message stands; None when it is none, or nobody can tell of what."""
    if legible.event is not None:
        return legible.event if legible.event.gated else None
    if legible.referral_id is None or (legible.model is not None and not legible.model.gated):
        return None
    envelope = delivery.envelope
    return _Gap.model_construct(path_id=legible.referral_id, version=envelope.version, at=envelope.time)
