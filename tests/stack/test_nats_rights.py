"""What a node may do on the road, and that the server refuses everything else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

from contracts.subjects import inbox_prefix, stream_name, stream_specs
from services.kit.broker import consumer_config, stream_config
from stack.servers.nats import ADMIN
from tests.servers import EmbeddedServer, data_folder, running_nats

REFUSAL_SECONDS = 5.0
SUBJECT = "ev.ops.cis.intake.referral_submitted"


class Visitor:
    """A connection as one user, which keeps what the server refused."""

    def __init__(self) -> None:
        self.refused: asyncio.Queue[str] = asyncio.Queue()
        self.client = Client()

    @property
    def jetstream(self) -> JetStreamContext:
        return self.client.jetstream(timeout=REFUSAL_SECONDS)

    async def note(self, error: Exception) -> None:
        self.refused.put_nowait(str(error))

    async def is_refused(self) -> bool:
        """Whether the server refused something; it answers in order, so after a flush everything is said."""
        await self.client.flush()
        async with asyncio.timeout(REFUSAL_SECONDS):
            return "permissions violation" in await self.refused.get()


@asynccontextmanager
async def _visit(server: EmbeddedServer, user: str) -> AsyncIterator[Visitor]:
    password = server.secrets.nats_admin if user == ADMIN else server.secrets.nats_password(user)
    visitor = Visitor()
    await visitor.client.connect(
        server.address, user=user, password=password, inbox_prefix=inbox_prefix(user), error_cb=visitor.note
    )
    try:
        yield visitor
    finally:
        await visitor.client.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def nats_server() -> AsyncIterator[EmbeddedServer]:
    """A server of these tests alone: on the common one nodes may be at work, who would take what is sent here."""
    with data_folder() as data:
        async with running_nats(data) as server:
            yield server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def road(nats_server: EmbeddedServer) -> EmbeddedServer:
    """The server with the streams of two nodes."""
    async with _visit(nats_server, ADMIN) as admin:
        for spec in stream_specs(("ops", "cis")):
            await admin.jetstream.add_stream(stream_config(spec))
            for consumer in spec.consumers:
                await admin.jetstream.add_consumer(spec.name, consumer_config(consumer))
    return nats_server


async def _pending(server: EmbeddedServer) -> int | None:
    async with _visit(server, ADMIN) as admin:
        info = await admin.jetstream.consumer_info(stream_name("cis"), "referral")
        pending: int | None = info.num_ack_pending
        return pending


async def test_node_sends_in_its_own_name_and_the_receiver_takes_and_acknowledges(road: EmbeddedServer) -> None:
    async with _visit(road, "ops") as ops, _visit(road, "cis") as cis:
        await ops.jetstream.publish(SUBJECT, b"1", stream=stream_name("cis"))
        consumer = await cis.jetstream.pull_subscribe_bind("referral", stream_name("cis"))
        (message,) = await consumer.fetch(1)
        await message.ack_sync(timeout=REFUSAL_SECONDS)
    assert await _pending(road) == 0


async def test_node_cannot_acknowledge_what_is_addressed_to_another(road: EmbeddedServer) -> None:
    async with _visit(road, "ops") as ops, _visit(road, "cis") as cis:
        await ops.jetstream.publish(SUBJECT, b"2", stream=stream_name("cis"))
        consumer = await cis.jetstream.pull_subscribe_bind("referral", stream_name("cis"))
        (message,) = await consumer.fetch(1)
        await ops.client.publish(message.reply, b"+ACK")
        assert await ops.is_refused()
        assert await _pending(road) == 1
        await message.ack_sync(timeout=REFUSAL_SECONDS)


@pytest.mark.parametrize(
    "subject",
    [
        "ev.pup.cis.intake.referral_submitted",
        "ctl.pup.cis.heartbeat",
        f"$JS.API.STREAM.CREATE.{stream_name('ops')}",
        f"$JS.API.STREAM.UPDATE.{stream_name('ops')}",
        f"$JS.API.STREAM.PURGE.{stream_name('ops')}",
        f"$JS.API.STREAM.DELETE.{stream_name('ops')}",
        f"$JS.API.STREAM.MSG.DELETE.{stream_name('ops')}",
        f"$JS.API.STREAM.MSG.GET.{stream_name('cis')}",
        f"$JS.API.CONSUMER.CREATE.{stream_name('ops')}",
        f"$JS.API.CONSUMER.DELETE.{stream_name('ops')}.referral",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream_name('cis')}.referral",
        "$SYS.REQ.SERVER.PING",
    ],
)
async def test_node_may_not_publish(road: EmbeddedServer, subject: str) -> None:
    async with _visit(road, "ops") as ops:
        await ops.client.publish(subject, b"{}")
        assert await ops.is_refused()


@pytest.mark.parametrize("subject", ["ev.>", ">", "_INBOX_cis.>", "_INBOX.>", "ctl.*.cis.>", "$JS.EVENT.ADVISORY.>"])
async def test_node_may_not_listen_to(road: EmbeddedServer, subject: str) -> None:
    async with _visit(road, "ops") as ops:
        await ops.client.subscribe(subject)
        assert await ops.is_refused()


async def test_not_even_the_administrator_purges_or_deletes_events(road: EmbeddedServer) -> None:
    async with _visit(road, ADMIN) as admin:
        with pytest.raises(NatsError):
            await admin.jetstream.purge_stream(stream_name("cis"))
        with pytest.raises(NatsError):
            await admin.jetstream.delete_msg(stream_name("cis"), 1)


@pytest.mark.parametrize("login", [{}, {"user": "ops", "pass": "wrong"}, {"user": "stranger", "pass": "x"}])
async def test_nobody_enters_without_a_known_name_and_password(
    nats_server: EmbeddedServer, login: dict[str, str]
) -> None:
    address = urlsplit(nats_server.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    async with asyncio.timeout(REFUSAL_SECONDS):
        assert (await reader.readline()).startswith(b"INFO ")
        writer.write(f"CONNECT {json.dumps({'verbose': False, **login})}\r\nPING\r\n".encode())
        assert await reader.readline() == b"-ERR 'Authorization Violation'\r\n"
        assert await reader.read() == b""
    writer.close()


async def test_administrator_makes_streams(road: EmbeddedServer) -> None:
    async with _visit(road, ADMIN) as admin:
        made = await admin.jetstream.add_stream(StreamConfig(name="MADE", subjects=["made"]))
        assert made.config.name == "MADE"
        assert await admin.jetstream.delete_stream("MADE")
