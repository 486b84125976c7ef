"""From the database to Temporal: what a relay, a worker and a reader of pictures do in these tests."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from contracts.events import DeadlineMissed, ReminderDue
from contracts.ids import workflow_id
from contracts.paths import PathView
from services.kit.service import Service
from services.kit.wake import Bell
from tests.nodes import eventually
from tests.workflows.deliveries import database_now, published
from tests.workflows.examples import Referral
from workflows.path import ClientPath
from workflows.queries import path_view
from workflows.wake import WakeRelay

AT_ONCE = (0.0,)
"""Delays of a relay that tries again without waiting."""


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


async def sent_ids(service: Service) -> Sequence[UUID]:
    missed, reminders = await published(service, DeadlineMissed), await published(service, ReminderDue)
    return [id_ for _, id_, _ in [*missed, *reminders]]
