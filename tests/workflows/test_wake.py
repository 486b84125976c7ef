"""From the database to Temporal and back, on a real Temporal server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client

from contracts.events import DeadlineMissed, ReminderDue
from services.kit.service import Service
from services.kit.wake import Bell, Listener
from stack.parts import Part, stop
from stack.ports import free_ports
from stack.servers.temporal import temporal_address, temporal_part
from tests.nodes import eventually
from tests.servers import EmbeddedServer, data_folder, start_ready
from tests.workflows.deliveries import database_now, deliver, execute, published, rows
from tests.workflows.examples import Referral
from tests.workflows.waking import AT_ONCE, agreed, handle_of, overdue_on, relay_all, sent_ids, signals_of
from workflows import scan, wake
from workflows.store import WAKE_CHANNEL
from workflows.tables import WakeRow
from workflows.wake import ONE_ATTEMPT, Round, WakeRelay
from workflows.worker import connect, make_worker, run_temporal


async def test_database_and_workflow_show_the_same_picture(service: Service, client: Client, path_id: UUID) -> None:
    told = await overdue_on(service, path_id)
    async with make_worker(client, service):
        await deliver(service, told.events)
        await relay_all(service, client)
        picture = await agreed(service, client, path_id, version=2 + 3)
        assert [deadline.status for deadline in picture.deadlines] == ["met", "missed", "missed", "missed"]
        await deliver(service, told.claimed(at=told.now + timedelta(days=59)).accepted().events[2:])
        await relay_all(service, client)
        picture = await agreed(service, client, path_id, version=4 + 3)
    assert [deadline.status for deadline in picture.deadlines] == ["met", "met_late", "met_late", "met_late", "open"]


async def test_what_the_workflow_emits_the_scan_does_not_emit_again(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = await overdue_on(service, path_id)
    await deliver(service, told.events)
    await relay_all(service, client)
    async with make_worker(client, service):
        await asyncio.gather(scan.scan(service), agreed(service, client, path_id, version=2 + 3))
    assert await scan.scan(service) == 0
    ids = await sent_ids(service)
    assert (
        len(ids) == len(set(ids)) == 4 + 6 + 2 + 2 * 2 + 1
    )  # rungs of claim, decision and silence; two missed for two institutions, one for one


async def test_facts_of_a_path_keep_their_order_while_one_waits_and_other_paths_go_on(
    service: Service, client: Client, path_id: UUID
) -> None:
    other = uuid4()
    await deliver(service, Referral(path_id=path_id).submitted().delivered().events)
    await deliver(service, Referral(path_id=other).submitted().delivered().events)
    await execute(service, "update wake set next_at = now() + interval '1 hour' where pos = 1")
    await relay_all(service, client)
    assert [row.path_id for row in await rows(service, WakeRow) if row.sent_at is None] == [path_id, path_id]
    assert await signals_of(client, other) == 1
    await handle_of(client, other).terminate()


async def test_all_that_waits_for_a_path_goes_in_one_signal_in_its_order(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = Referral(path_id=path_id, at=await database_now(service)).submitted().delivered().claimed()
    await deliver(service, told.events)
    relay = WakeRelay(service, client, Bell(), delays=AT_ONCE)
    assert await relay.round() == Round(sent=3, failed=0)
    assert await signals_of(client, path_id) == 1
    async with make_worker(client, service):
        picture = await agreed(service, client, path_id, version=3)
    assert [entry.type for entry in picture.timeline] == ["submitted", "delivered", "claimed"]


async def test_more_than_one_signal_takes_goes_on_in_the_next_round(
    service: Service, client: Client, path_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wake, "_FACTS_A_SIGNAL", 2)
    told = Referral(path_id=path_id, at=await database_now(service)).submitted().delivered().claimed()
    await deliver(service, told.events)
    relay = WakeRelay(service, client, Bell(), delays=AT_ONCE)
    assert [(await relay.round()).sent for _ in range(3)] == [2, 1, 0]
    async with make_worker(client, service):
        await agreed(service, client, path_id, version=3)


async def test_a_relay_that_dies_between_signal_and_mark_sends_again_and_nothing_changes(
    service: Service, client: Client, path_id: UUID
) -> None:
    await deliver(service, Referral(path_id=path_id, at=await database_now(service)).submitted().delivered().events)
    async with make_worker(client, service):
        await relay_all(service, client)
        before = await agreed(service, client, path_id, version=2)
        await execute(service, "update wake set sent_at = null")
        await relay_all(service, client)
        await eventually(lambda: _has_signals(client, path_id, 2))
        assert await agreed(service, client, path_id, version=2) == before


async def _has_signals(client: Client, path_id: UUID, wanted: int) -> bool:
    return await signals_of(client, path_id) == wanted


async def test_a_fact_outlives_more_than_thirty_attempts_while_temporal_is_away(service: Service) -> None:
    async with own_temporal() as (part, port):
        process = await start_ready(part)
        client, relaying = await connect(temporal_address(port)), await connect(temporal_address(port), ONE_ATTEMPT)
        relay = WakeRelay(service, relaying, Bell(), delays=AT_ONCE)
        told = await overdue_on(service, path_id := uuid4())
        async with make_worker(client, service):
            await stop(part, process)
            await deliver(service, told.events[:1])
            for _ in range(31):
                assert (await relay.round()).sent == 0
            (waiting,) = await rows(service, WakeRow)
            assert (waiting.attempts, waiting.sent_at) == (31, None)
            process = await start_ready(part)
            try:
                await eventually(lambda: _sent(relay))
                await relay_all(service, client)
                await agreed(service, client, path_id, version=1 + 1)
                assert await signals_of(client, path_id) == 1
            finally:
                await stop(part, process)
    assert len(await published(service, ReminderDue)) == 2
    assert {target for target, _, _ in await published(service, DeadlineMissed)} == {"ops"}


async def _sent(relay: WakeRelay) -> bool:
    return (await relay.round()).sent == 1


@asynccontextmanager
async def own_temporal() -> AsyncIterator[tuple[Part, int]]:
    """A Temporal server that a test may stop and start; not started yet."""
    with data_folder() as data:
        port, http_port = free_ports(2)
        yield temporal_part(data, port, http_port), port


async def test_a_new_fact_wakes_the_relay(
    service: Service,
    client: Client,
    path_temporal: EmbeddedServer,
    path_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wake, "_POLL_SECONDS", 3600)
    listener = Listener(service.database.url)
    bell = listener.bell(WAKE_CHANNEL)
    tasks = [
        asyncio.create_task(listener.run()),
        asyncio.create_task(run_temporal(service, path_temporal.address, bell)),
    ]
    try:
        told = Referral(path_id=path_id, at=await database_now(service)).submitted().delivered()
        for event in told.events:
            await deliver(service, [event])
            await eventually(lambda: _all_sent(service))
        await agreed(service, client, path_id, version=2)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _all_sent(service: Service) -> bool:
    return all(row.sent_at for row in await rows(service, WakeRow))
