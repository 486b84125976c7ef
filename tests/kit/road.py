"""A road with one writer and one reader that know nothing of referrals: only the kit is under test.

The writer is service `intake` of node `ops`, the reader service `referral` of node `cis`, because the road is
provisioned for these; what they do with an event is one row per effect.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import nats
from nats.aio.client import Client
from nats.js.api import RawStreamMsg, StreamInfo
from nats.js.errors import NotFoundError, ServerError
from sqlalchemy import Row, text
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Agency, Directory
from contracts.envelope import Envelope
from contracts.events import Event, ReferralRequested, ReferralSubmitted
from contracts.subjects import inbox_prefix, stream_name, stream_spec
from services.kit.broker import Reader, consumer_config, make_broker
from services.kit.database import Database
from services.kit.dead_letters import DeadLetters
from services.kit.delivery import Delivery
from services.kit.inbox import Arrival, Handlers, Inbox, each
from services.kit.outbox import Outbox, outbox_channel
from services.kit.relay import Relay
from services.kit.wake import Bell, Listener
from stack.provisioning import provision
from stack.secrets import Secrets
from stack.servers.nats import ADMIN
from tests.kit.restartable import Server
from tests.nodes import WAIT_SECONDS, eventually

SOURCE, TARGET, PATH = "ops", "cis", "path"
QUICK = (0.01,)
"""Delays between deliveries for tests that wait for many of them."""

EFFECTS = """
create table effect (
    pos bigint generated always as identity primary key,
    event_id uuid not null,
    aggregate_id uuid not null,
    version integer not null
);
"""

DIRECTORY = Directory(
    agencies=tuple(
        Agency(slug=slug, kind=kind, node=node, name=slug, town="Poraj", county="myszkowski")
        for slug, kind, node in (
            ("ops-poraj", "ops", "ops"),
            ("pup-myszkow", "pup", "pup"),
            ("cis-poraj", "cis", "cis"),
        )
    )
)

Trouble = Callable[[Event, int], Awaitable[None]]
"""What stands in the way of an effect: (event, how often the handler has run) -> may raise."""


async def no_trouble(event: Event, runs: int) -> None:
    return None


@dataclass
class Effects:
    """What the reader does with events: writes a row for each; then meets whatever trouble the test wants."""

    trouble: Trouble = no_trouble
    runs: int = 0

    async def apply(self, session: AsyncSession, event: Event, envelope: Envelope) -> None:
        self.runs += 1
        await session.execute(
            text("insert into effect (event_id, aggregate_id, version) values (:id, :aggregate, :version)"),
            {"id": envelope.id, "aggregate": event.aggregate_id, "version": event.version},
        )
        await self.trouble(event, self.runs)

    def handlers(self) -> Handlers:
        effect = each(self.apply)
        return Handlers(tenant=lambda _: None, effects={ReferralSubmitted: effect, ReferralRequested: effect})


@dataclass(frozen=True)
class Road:
    """The servers, the database of the writer and that of the reader; both empty, the streams empty too."""

    nats: Server
    secrets: Secrets
    sender: Database
    receiver: Database
    effects: Effects = field(default_factory=Effects)

    # --- writing ---------------------------------------------------------------------------------------------------

    async def publish(self, *events: Event, targets: Iterable[str] = (TARGET,)) -> UUID:
        """The events in one transaction of the writer; the id of the last."""
        async with self.sender.transaction() as session:
            for event in events:
                identity = await Outbox(SOURCE, "intake").publish(session, event, source="ops-poraj", targets=targets)
        return identity

    @asynccontextmanager
    async def relay(self) -> AsyncIterator[Relay]:
        """A relay that does nothing by itself: for tests that call it step by step."""
        broker = make_broker(SOURCE, self.nats.address, self.secrets.nats_password(SOURCE))
        await broker.connect()
        try:
            yield Relay(node=SOURCE, service="intake", database=self.sender, broker=broker, bell=Bell())
        finally:
            await broker.stop()

    async def drain(self) -> int:
        """One batch out of the outbox; how many rows went. Raises TimeoutError when that has no end."""
        async with self.relay() as relay, self.sender.engine.connect() as connection:
            async with asyncio.timeout(WAIT_SECONDS):
                return await relay.drain(connection)

    @asynccontextmanager
    async def relaying(self) -> AsyncIterator[asyncio.Task[None]]:
        """A relay at work, woken by the writer's NOTIFY."""
        listener = Listener(self.sender.url)
        broker = make_broker(SOURCE, self.nats.address, self.secrets.nats_password(SOURCE))
        bell = listener.bell(outbox_channel("intake"))
        relay = Relay(node=SOURCE, service="intake", database=self.sender, broker=broker, bell=bell)
        await broker.connect()
        tasks = [asyncio.create_task(relay.run()), asyncio.create_task(listener.run())]
        try:
            yield tasks[0]
        finally:
            await ended(*tasks)
            await broker.stop()

    async def sent(self, count: int) -> Sequence[Row[Any]]:
        """All rows of the outbox in the order of their numbers, once `count` of them have gone."""

        async def gone() -> Sequence[Row[Any]] | None:
            rows = await self.outbox()
            return rows if sum(row.sent_at is not None for row in rows) == count else None

        rows: Sequence[Row[Any]] = await eventually(gone)
        return sorted(rows, key=lambda row: row.linkseq or 0)

    async def outbox(self) -> Sequence[Row[Any]]:
        return await self.rows(self.sender, "select * from outbox order by pos")

    # --- the broker's side -----------------------------------------------------------------------------------------

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[Client]:
        """A plain connection as this user."""
        password = self.secrets.nats_admin if user == ADMIN else self.secrets.nats_password(user)
        client = await nats.connect(self.nats.address, user=user, password=password, inbox_prefix=inbox_prefix(user))
        try:
            yield client
        finally:
            await client.close()

    async def put(
        self, headers: Mapping[str, str] | None, body: bytes, *, source: str = SOURCE, name: str = "referral_submitted"
    ) -> None:
        """A message on the reader's stream as node `source` would publish it, whatever is in it."""
        async with self.client(source) as client:
            await client.jetstream().publish(
                f"ev.{source}.{TARGET}.intake.{name}",
                body,
                stream=stream_name(TARGET),
                headers=dict(headers) if headers else None,
            )

    async def stream(self, node: str = TARGET) -> StreamInfo:
        async with self.client(ADMIN) as client:
            return await client.jetstream().stream_info(stream_name(node))

    async def messages(self, node: str = TARGET) -> list[RawStreamMsg]:
        """Everything the stream holds, in its order."""
        async with self.client(ADMIN) as client:
            jetstream = client.jetstream()
            last = (await jetstream.stream_info(stream_name(node))).state.last_seq
            return [await jetstream.get_msg(stream_name(node), seq) for seq in range(1, last + 1)]

    async def unfinished(self) -> int:
        """How many messages the reader has not finished with: undelivered, or delivered and neither acked nor ended."""
        async with self.client(ADMIN) as client:
            info = await client.jetstream().consumer_info(stream_name(TARGET), "referral")
            return (info.num_pending or 0) + (info.num_ack_pending or 0)

    async def redelivered(self) -> int:
        """How many messages the reader was given more than once and has not finished with."""
        async with self.client(ADMIN) as client:
            info = await client.jetstream().consumer_info(stream_name(TARGET), "referral")
            return info.num_redelivered or 0

    async def shorten_ack_wait(self) -> None:
        """Let the broker give up waiting for the reader after half a second."""
        (spec,) = [spec for spec in stream_spec(TARGET).consumers if spec.durable == "referral"]
        async with self.client(ADMIN) as client:
            config = consumer_config(replace(spec, ack_wait=timedelta(seconds=0.5)))
            await client.jetstream().add_consumer(stream_name(TARGET), config)

    async def lay(self) -> None:
        """Streams and consumers as provisioned, without a message."""
        async with self.client(ADMIN) as client:
            for node in (SOURCE, TARGET, PATH):
                with suppress(NotFoundError):
                    await client.jetstream().delete_stream(stream_name(node))
        await eventually(self._provisioned)

    async def _provisioned(self) -> bool:
        """The server clears the folder of a deleted stream a moment later, and cannot lay a new one there before."""
        try:
            await self.provision()
        except ServerError:
            return False
        return True

    async def provision(self) -> None:
        await provision(self.nats.address, ADMIN, self.secrets.nats_admin, (SOURCE, TARGET, PATH))

    # --- reading ---------------------------------------------------------------------------------------------------

    def inbox(self, arrived: Bell | None = None) -> Inbox:
        handlers = self.effects.handlers()
        return Inbox(node=TARGET, database=self.receiver, directory=DIRECTORY, handlers=handlers, arrived=arrived)

    async def take(self, event: Event, envelope: Envelope, *, source: str = SOURCE) -> None:
        """The event as if it had just arrived, past the broker."""
        body = event.model_dump_json().encode()
        subject = f"ev.{source}.{TARGET}.{event.family}.{event.name}"
        await self.inbox().take(Arrival(Delivery.of(subject, envelope.headers(), body), event))

    @asynccontextmanager
    async def reading(self, delays: Sequence[float] = QUICK) -> AsyncIterator[None]:
        """The reader at work."""
        broker = make_broker(TARGET, self.nats.address, self.secrets.nats_password(TARGET))
        reader = Reader(TARGET, "referral", self.inbox(), DeadLetters(self.receiver), delays)
        broker.include_router(reader.router(self.effects.handlers()))
        await broker.start()
        try:
            yield
        finally:
            await broker.stop()

    async def finished(self) -> None:
        """Return once the reader has dealt with everything on its stream."""

        async def nothing_left() -> bool:
            return await self.unfinished() == 0

        await eventually(nothing_left)

    async def blocked(self) -> bool:
        """Whether a transaction of the reader waits for another."""
        query = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        return len(await self.rows(self.receiver, query)) > 0

    async def applied(self) -> list[UUID]:
        """The events that had an effect, in the order of their effects."""
        return [row.event_id for row in await self.rows(self.receiver, "select event_id from effect order by pos")]

    async def entered(self) -> Sequence[Row[Any]]:
        return await self.rows(self.receiver, "select * from inbox order by received_at, linkseq")

    async def dead(self) -> Sequence[Row[Any]]:
        return await self.rows(self.receiver, "select * from dead_letter where state = 'dead'")

    async def execute(self, database: Database, statement: str) -> None:
        async with database.transaction() as session:
            await session.execute(text(statement))

    async def rows(self, database: Database, query: str) -> Sequence[Row[Any]]:
        async with database.transaction() as session:
            return (await session.execute(text(query))).all()


async def finish(session: AsyncSession) -> None:
    """Write what waits for the end of this transaction now."""
    for work in session.info["last"].values():
        await work(session)


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel the tasks and wait until they have let go of what they held."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
