"""The Temporal side of the path node: connection, worker with its one activity, wake relay, reconciliation."""

import asyncio
from datetime import timedelta

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RetryConfig
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from services.kit.service import Service
from services.kit.wake import Bell
from workflows import reconcile
from workflows.emit import emit_due
from workflows.path import EMIT_DUE, ClientPath, Due, Emitted
from workflows.wake import ONE_ATTEMPT, TASK_QUEUE, WakeRelay

log = structlog.get_logger()

_CACHED_WORKFLOWS = 1000
_LOCAL_ACTIVITIES = 2
"""At once: each takes a connection, and the service has few."""

_GRACE = timedelta(seconds=10)
_PAUSE_SECONDS = 2.0


class Activities:
    """What a workflow has done outside of itself."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @activity.defn(name=EMIT_DUE)
    async def emit_due(self, due: Due) -> Emitted:
        """Emit what is due; the time comes from the workflow, whose clock may be ahead of this one."""
        async with self._service.database.transaction() as session:
            return Emitted(missed=await emit_due(self._service, session, due.path_id, due.at, due.revisions))


async def connect(address: str, retries: RetryConfig | None = None) -> Client:
    """A client of Temporal at host:port; tries until Temporal is there. `retries`: of its calls afterwards."""
    while True:
        try:
            return await Client.connect(address, data_converter=pydantic_data_converter, retry_config=retries)
        except RuntimeError as error:
            log.warning("temporal_away", cause=type(error).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)


def make_worker(client: Client, service: Service) -> Worker:
    """A worker for the paths."""
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[ClientPath],
        activities=[Activities(service).emit_due],
        # The sandbox costs a third of a step. It watches for what must not be in a workflow: in tests and replays.
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=_CACHED_WORKFLOWS,
        max_concurrent_local_activities=_LOCAL_ACTIVITIES,
        graceful_shutdown_timeout=_GRACE,
    )


async def run_worker(client: Client, service: Service) -> None:
    """Work until cancelled, then let what has begun come to its end. A worker that gave up is replaced."""
    while True:
        try:
            await make_worker(client, service).run()
        except Exception as error:
            log.error("worker_stopped", cause=type(error).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)


async def run_temporal(service: Service, address: str, bell: Bell) -> None:
    """Everything that needs Temporal at host:port, until cancelled; `bell` rings on `workflows.store.WAKE_CHANNEL`."""
    client, relaying = await connect(address), await connect(address, ONE_ATTEMPT)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run_worker(client, service))
        tasks.create_task(WakeRelay(service, relaying, bell).run())
        tasks.create_task(reconcile.run(service, client))
