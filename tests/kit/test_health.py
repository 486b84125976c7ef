"""Readiness: a node does no work on a server that would lose what it has acknowledged (row F17 of the fault matrix)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import nats
import pytest
from faststream.nats import NatsBroker
from nats.errors import Error as NatsError

from services.kit.broker import make_broker
from services.kit.health import UNSYNCED, Syncing
from services.kit.watch import INBOX, USER, server_state, watch_password
from stack.secrets import Secrets
from tests.kit.road import Road
from tests.kit.unsynced import unsynced_nats
from tests.nodes import eventually


@asynccontextmanager
async def _broker(url: str, secrets: Secrets) -> AsyncIterator[NatsBroker]:
    broker = make_broker("cis", url, secrets.nats_password("cis"))
    await broker.connect()
    try:
        yield broker
    finally:
        await broker.stop()


async def test_a_server_that_writes_before_it_acknowledges_is_fine(road: Road) -> None:
    async with _broker(road.nats.address, road.secrets) as broker:
        assert await Syncing(broker, road.nats.address, road.secrets.nats_admin)() == []


async def test_a_server_that_acknowledges_before_it_writes_is_refused_in_words(road: Road, tmp_path: Path) -> None:
    async with unsynced_nats(tmp_path, road.secrets) as server, _broker(server.address, road.secrets) as broker:
        syncing = Syncing(broker, server.address, road.secrets.nats_admin)
        assert await syncing() == [UNSYNCED]
        assert await syncing() == [UNSYNCED]


async def test_a_server_is_asked_once_in_its_life(road: Road) -> None:
    async with _broker(road.nats.address, road.secrets) as broker:
        syncing = Syncing(broker, road.nats.address, road.secrets.nats_admin)
        assert await syncing() == []
        syncing._admin_password = "nobody would let us in with this"
        assert await syncing() == []
        async with road.nats.absent():
            pass
        await eventually(partial(broker.ping, 1))
        assert "does not tell" in (await syncing())[0]


async def test_a_server_that_does_not_tell_is_refused_too(road: Road) -> None:
    async with _broker(road.nats.address, road.secrets) as broker:
        (said,) = await Syncing(broker, road.nats.address, "another password")()
    assert "does not tell" in said


async def test_who_may_ask_the_server_may_do_nothing_else(road: Road) -> None:
    client = await nats.connect(
        road.nats.address, user=USER, password=watch_password(road.secrets.nats_admin), inbox_prefix=INBOX
    )
    try:
        with pytest.raises(NatsError):
            await client.request("$SYS.REQ.SERVER.PING.CONNZ", timeout=0.5)
        with pytest.raises(NatsError):
            await client.jetstream().account_info()
    finally:
        await client.close()
    assert (await server_state(road.nats.address, road.secrets.nats_admin)).synced
