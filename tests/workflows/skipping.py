"""ClientPath on the server that skips time, with the database played by a list."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sys import executable
from uuid import UUID

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from contracts.ids import workflow_id
from contracts.paths import Deadline, PathFact, PathView
from workflows.agenda import Agenda
from workflows.path import EMIT_DUE, ClientPath, Due, Emitted
from workflows.watch import plan

TASK_QUEUE = "skipping"

Handle = WorkflowHandle[ClientPath, None]


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """The server from the wheel; nothing is downloaded."""
    async with await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter,
        identity="tests",
        test_server_existing_path=str(Path(executable).with_name("temporal-test-server")),
    ) as environment:
        yield environment


@dataclass
class Record:
    """Stands for the database: keeps when it was asked to emit, and calls missed whatever is past its due time."""

    deadlines: list[Deadline] = field(default_factory=list)
    asked: list[datetime] = field(default_factory=list)
    failures: int = 0

    @activity.defn(name=EMIT_DUE)
    async def emit_due(self, due: Due) -> Emitted:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.asked.append(due.at.astimezone(UTC))
        return Emitted(missed=tuple(deadline.id for deadline in self.deadlines if deadline.due_at <= due.at))

    @property
    def wake_ups(self) -> list[datetime]:
        """The minutes in which a path of these deadlines must wake up when nothing ends them."""
        instants = {item.at for deadline in self.deadlines for item in plan(deadline)}
        return sorted({_end_of_minute(instant) for instant in instants})


def _end_of_minute(instant: datetime) -> datetime:
    minute = instant.replace(second=0, microsecond=0)
    return minute if minute == instant else minute + timedelta(minutes=1)


def worker_of(client: Client, record: Record) -> Worker:
    return Worker(client, task_queue=TASK_QUEUE, workflows=[ClientPath], activities=[record.emit_due], identity="tests")


async def tell(client: Client, path_id: UUID, facts: Sequence[PathFact]) -> Handle:
    """Signal the path, starting it if need be."""
    return await client.start_workflow(
        ClientPath.run,
        Agenda(path_id=path_id),
        id=workflow_id(path_id),
        task_queue=TASK_QUEUE,
        start_signal="facts",
        start_signal_args=[tuple(facts)],
    )


async def seen(handle: Handle) -> PathView:
    return await handle.query(ClientPath.view)
