"""From the database to Temporal and back, on a real Temporal server."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from contracts.events import DeadlineMissed, ReminderDue
from contracts.ids import workflow_id
from contracts.paths import PathFact, PathView
from services.kit.service import Service
from services.kit.wake import Bell, Listener
from stack.parts import Part, stop
from stack.ports import free_ports
from stack.servers.temporal import temporal_address, temporal_part
from tests.nodes import eventually
from tests.servers import EmbeddedServer, data_folder, start_ready
from tests.workflows.deliveries import database_now, deliver, execute, published, rows
from tests.workflows.examples import Referral
from workflows import scan, wake
from workflows.agenda import Agenda
from workflows.path import ClientPath
from workflows.queries import path_view
from workflows.rebuild import rebuild
from workflows.reconcile import agrees, reconcile
from workflows.store import WAKE_CHANNEL
from workflows.tables import PathRow, WakeRow
from workflows.wake import ONE_ATTEMPT, TASK_QUEUE, Round, WakeRelay
from workflows.worker import connect, make_worker, run_temporal

AT_ONCE = (0.0,)
"""Delays of a relay that tries again without waiting."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(path_temporal: EmbeddedServer) -> Client:
    return await connect(path_temporal.address)


@pytest_asyncio.fixture(loop_scope="session")
async def path_id(client: Client) -> AsyncIterator[UUID]:
    """A path of its own, whose workflow is ended after the test."""
    path_id = uuid4()
    yield path_id
    with suppress(RPCError):  # a test need not have started it
        await client.get_workflow_handle(workflow_id(path_id)).terminate()


async def overdue_on(service: Service, path_id: UUID) -> Referral:
    """A referral on which everything is due."""
    now = await database_now(service)
    told = Referral(path_id=path_id, at=now - timedelta(days=60)).submitted()
    return told.delivered(at=told.now + timedelta(minutes=1))


def handle_of(client: Client, path_id: UUID) -> WorkflowHandle[ClientPath, None]:
    return client.get_workflow_handle_for(ClientPath.run, workflow_id(path_id))


async def relay_all(service: Service, client: Client) -> None:
    relay = WakeRelay(service, client, Bell(), delays=AT_ONCE)
    while (await relay.round()).sent:
        pass


async def agreed(service: Service, client: Client, path_id: UUID, *, version: int) -> PathView:
    """The picture in the database of this version, once the workflow shows the same."""

    async def same() -> PathView | None:
        recorded, watched = await path_view(service, path_id), await handle_of(client, path_id).query(ClientPath.view)
        return recorded if recorded == watched and watched.version == version else None

    picture: PathView = await eventually(same)
    return picture


async def signals_of(client: Client, path_id: UUID) -> int:
    history = await handle_of(client, path_id).fetch_history()
    return sum(event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED for event in history.events)


async def test_database_and_workflow_show_the_same_picture(service: Service, client: Client, path_id: UUID) -> None:
    told = await overdue_on(service, path_id)
    async with make_worker(client, service):
        await deliver(service, told.events)
        await relay_all(service, client)
        picture = await agreed(service, client, path_id, version=2 + 2)
        assert [deadline.status for deadline in picture.deadlines] == ["met", "missed", "missed"]
        await deliver(service, told.claimed(at=told.now + timedelta(days=59)).accepted().events[2:])
        await relay_all(service, client)
        picture = await agreed(service, client, path_id, version=4 + 2)
    assert [deadline.status for deadline in picture.deadlines] == ["met", "met_late", "met_late"]


async def test_what_the_workflow_emits_the_scan_does_not_emit_again(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = await overdue_on(service, path_id)
    await deliver(service, told.events)
    await relay_all(service, client)
    async with make_worker(client, service):
        await asyncio.gather(scan.scan(service), agreed(service, client, path_id, version=2 + 2))
    assert await scan.scan(service) == 0
    ids = await sent_ids(service)
    assert len(ids) == len(set(ids)) == 4 + 6 + 2 * 2  # rungs of claim and decision, two missed for two institutions


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


async def test_a_lost_workflow_is_rebuilt_from_its_facts_and_emits_nothing_twice(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = await overdue_on(service, path_id)
    told.claimed(at=told.now + timedelta(days=59)).released()
    async with make_worker(client, service):
        await deliver(service, told.events[:2])
        await relay_all(service, client)
        await agreed(service, client, path_id, version=2 + 2)
        await deliver(service, told.events[2:])
        await relay_all(service, client)
        before = await agreed(service, client, path_id, version=4 + 2), await sent_ids(service)
        run = (await handle_of(client, path_id).describe()).run_id
        await rebuild(service, client, path_id)
        await relay_all(service, client)
        assert (await agreed(service, client, path_id, version=4 + 2), await sent_ids(service)) == before
        assert (await handle_of(client, path_id).describe()).run_id != run


async def sent_ids(service: Service) -> Sequence[UUID]:
    missed, reminders = await published(service, DeadlineMissed), await published(service, ReminderDue)
    return [id_ for _, id_, _ in [*missed, *reminders]]


async def test_reconciling_repairs_a_workflow_that_lacks_a_fact(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = Referral(path_id=path_id, at=await database_now(service)).submitted().delivered()
    await deliver(service, told.events)
    await execute(service, "update wake set sent_at = now() where pos = 2")
    await relay_all(service, client)
    async with make_worker(client, service):
        assert not await agrees(service, client, path_id)
        await relay_all(service, client)
        assert await agrees(service, client, path_id)


async def test_reconciling_starts_a_workflow_that_is_gone(service: Service, client: Client, path_id: UUID) -> None:
    told = Referral(path_id=path_id, at=await database_now(service)).submitted()
    await deliver(service, told.events)
    await execute(service, "update wake set sent_at = now()")
    await execute(
        service, "update path set checked_at = now() - interval '2 days', changed_at = now() - interval '1 hour'"
    )
    async with make_worker(client, service):
        assert await reconcile(service, client) == 1
        await relay_all(service, client)
        assert await reconcile(service, client) == 0
        assert await agrees(service, client, path_id)


@workflow.defn(name="ClientPath")
class Stuck:
    """A workflow whose every step fails, as after a change of code that its history does not bear."""

    @workflow.run
    async def run(self, state: Agenda) -> None:
        raise RuntimeError

    @workflow.signal
    def facts(self, facts: tuple[PathFact, ...]) -> None:
        """Taken in, and never got to."""


async def test_reconciling_replaces_a_workflow_that_cannot_go_on(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = Referral(path_id=path_id, at=await database_now(service)).submitted()
    await deliver(service, told.events)
    await relay_all(service, client)
    runner = UnsandboxedWorkflowRunner()  # the sandbox would import this module, and all its libraries, once more
    async with Worker(client, task_queue=TASK_QUEUE, workflows=[Stuck], workflow_runner=runner):
        await eventually(lambda: _fails(client, path_id))
        assert not await agrees(service, client, path_id)
    await relay_all(service, client)
    async with make_worker(client, service):
        await agreed(service, client, path_id, version=1)


async def _fails(client: Client, path_id: UUID) -> bool:
    """Whether Temporal has seen the workflow fail so often that it no longer asks it anything."""
    try:
        await handle_of(client, path_id).query(ClientPath.view, rpc_timeout=timedelta(seconds=1))
    except RPCError as error:
        return error.status == RPCStatusCode.FAILED_PRECONDITION
    return False


async def test_a_path_is_reconciled_once_a_day_and_only_when_it_is_quiet(
    service: Service, client: Client, path_id: UUID
) -> None:
    await deliver(service, Referral(path_id=path_id, at=await database_now(service)).submitted().events)
    await execute(service, "update wake set sent_at = now()")
    await execute(service, "update path set checked_at = now() - interval '2 days'")
    assert await reconcile(service, client) == 0
    await execute(service, "update path set checked_at = now(), changed_at = now() - interval '1 hour'")
    assert await reconcile(service, client) == 0
    assert [row.checked_at > row.changed_at for row in await rows(service, PathRow)] == [True]


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
