"""A move reaches the workflow of the path: its timer, and what it knows, on a real Temporal server."""

from datetime import date, timedelta
from uuid import UUID

from temporalio.client import Client

from contracts.events import DeadlineMissed
from contracts.paths import PathView
from rules.calendar import add_working_days, local_day
from services.kit.service import Service
from tests.nodes import eventually
from tests.workflows.deliveries import database_now, deliver, published, state_of
from tests.workflows.rulings import apply_file, day_off, delivered, length
from tests.workflows.waking import agreed, handle_of, overdue_on, relay_all, sent_ids
from workflows import scan
from workflows.agenda import next_due
from workflows.rebuild import rebuild
from workflows.worker import make_worker

LONG_AGO = date(2025, 1, 1)


async def timer_of(client: Client, path_id: UUID) -> float:
    """Seconds of the timer that the workflow started last."""
    history = await handle_of(client, path_id).fetch_history()
    timers = [event.timer_started_event_attributes for event in history.events if event.HasField(_TIMER)]
    return timers[-1].start_to_fire_timeout.ToTimedelta().total_seconds()


_TIMER = "timer_started_event_attributes"


def status_of(picture: PathView) -> dict[str, str]:
    """By rule."""
    return {deadline.rule: deadline.status for deadline in picture.deadlines}


async def test_the_timer_moves_with_the_deadline(service: Service, client: Client, path_id: UUID) -> None:
    await delivered(service, path_id=path_id)
    free = add_working_days(local_day(await database_now(service)), 1)
    async with make_worker(client, service):
        await relay_all(service, client)
        await agreed(service, client, path_id, version=2)
        await apply_file(
            service, day_off(free) + length("claim", "15wd", LONG_AGO) + length("decision", "30d", LONG_AGO)
        )
        await relay_all(service, client)
        picture = await agreed(service, client, path_id, version=3)
        expected = next_due(await state_of(service, path_id))
        assert expected is not None

        async def set_anew() -> bool:
            wanted = (expected - await database_now(service)).total_seconds()
            return abs(await timer_of(client, path_id) - wanted) < 60

        await eventually(set_anew)
    assert {deadline.rule for deadline in picture.deadlines if deadline.moved} == {"claim", "decision", "silence"}


async def test_a_deadline_missed_moved_and_missed_again_is_the_same_in_database_and_workflow(
    service: Service, client: Client, path_id: UUID
) -> None:
    """Also when the workflow is built anew from all facts: what an earlier date announced is told apart."""
    told = await overdue_on(service, path_id)
    async with make_worker(client, service):
        await deliver(service, told.events)
        await relay_all(service, client)
        await agreed(service, client, path_id, version=2 + 3)
        await apply_file(service, length("claim", "300wd", LONG_AGO))
        await relay_all(service, client)
        moved = await agreed(service, client, path_id, version=5 + 1)
        assert status_of(moved) == {"receipt": "met", "claim": "open", "decision": "missed", "silence": "missed"}
        await apply_file(service, "")
        await scan.scan(service)
        await relay_all(service, client)
        before = await agreed(service, client, path_id, version=6 + 2), await sent_ids(service)
        await rebuild(service, client, path_id)
        await relay_all(service, client)
        assert (await agreed(service, client, path_id, version=6 + 2), await sent_ids(service)) == before
    claims = [event.agency for _, _, event in await published(service, DeadlineMissed) if event.rule == "claim"]
    assert sorted(claims) == ["cis-poraj", "cis-poraj", "ops-poraj", "ops-poraj"]


async def test_a_moved_deadline_is_met_in_database_and_workflow_alike(
    service: Service, client: Client, path_id: UUID
) -> None:
    told = await delivered(service, path_id=path_id)
    async with make_worker(client, service):
        await relay_all(service, client)
        await agreed(service, client, path_id, version=2)
        later = told.accepted(at=told.now + timedelta(seconds=1))
        await apply_file(service, length("claim", "5wd", LONG_AGO))
        await deliver(service, later.events[-1:])
        await relay_all(service, client)
        picture = await agreed(service, client, path_id, version=4)
    decided = {"receipt": "met", "claim": "met", "decision": "met", "silence": "met"}
    assert status_of(picture) == decided | {"schedule": "open"}
