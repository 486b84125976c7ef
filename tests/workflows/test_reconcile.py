"""A workflow that is lost, stuck or behind is repaired from the facts in the database."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from contracts.paths import PathFact
from services.kit.service import Service
from tests.nodes import eventually
from tests.workflows.deliveries import database_now, deliver, execute, rows
from tests.workflows.examples import Referral
from tests.workflows.living import life
from tests.workflows.waking import agreed, handle_of, overdue_on, relay_all, sent_ids
from workflows.agenda import Agenda
from workflows.path import ClientPath
from workflows.rebuild import rebuild
from workflows.reconcile import Restored, agrees, reconcile, restore
from workflows.tables import PathRow
from workflows.wake import TASK_QUEUE
from workflows.worker import make_worker


async def test_a_lost_workflow_is_rebuilt_from_its_facts_and_emits_nothing_twice(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = await overdue_on(service, path_id)
    told.claimed(at=told.now + timedelta(days=59)).released()
    async with make_worker(client, service):
        await deliver(service, told.events[:2])
        await relay_all(service, client)
        await agreed(service, client, path_id, version=2 + 3)
        await deliver(service, told.events[2:])
        await relay_all(service, client)
        before = await agreed(service, client, path_id, version=4 + 3), await sent_ids(service)
        run = (await handle_of(client, path_id).describe()).run_id
        await rebuild(service, client, path_id)
        await relay_all(service, client)
        assert (await agreed(service, client, path_id, version=4 + 3), await sent_ids(service)) == before
        assert (await handle_of(client, path_id).describe()).run_id != run


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


async def test_all_open_paths_are_restored_at_once_and_nothing_is_told_twice(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = await overdue_on(service, path_id)
    ended = Referral(path_id=uuid4(), at=told.now).submitted().delivered().declined()
    async with make_worker(client, service):
        await deliver(service, [*told.events, *ended.events])
        await relay_all(service, client)
        before = await agreed(service, client, path_id, version=2 + 3), await sent_ids(service)
        await handle_of(client, path_id).terminate()
        progress: list[Restored] = []
        assert await restore(service, client, progress.append) == Restored(compared=1, rebuilt=1)
        assert progress == [Restored(compared=1, rebuilt=1)]
        await relay_all(service, client)
        assert (await agreed(service, client, path_id, version=2 + 3), await sent_ids(service)) == before
        assert await restore(service, client, progress.append) == Restored(compared=1, rebuilt=0)


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


@pytest.mark.parametrize("waited_for", [True, False])
async def test_an_ended_path_is_reconciled_while_somebody_is_waited_for(
    service: Service, client: Client, path_id: UUID, waited_for: bool
) -> None:
    told = life("service", path_id=path_id, at=await database_now(service)).accepted().started().completed()
    await deliver(service, (told.reopen_asked() if waited_for else told).events)
    await execute(service, "update wake set sent_at = now()")
    long_ago = "now() - interval '2 days'"
    await execute(service, f"update path set checked_at = {long_ago}, changed_at = {long_ago}")
    await reconcile(service, client)
    assert [row.checked_at > row.changed_at for row in await rows(service, PathRow)] == [waited_for]
