"""ClientPath on the server that skips time."""

import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import workflows.path
from contracts.ids import workflow_id
from contracts.paths import PathFact, PathView
from tests.nodes import eventually
from tests.workflows.examples import Referral, facts_of
from tests.workflows.skipping import TASK_QUEUE, Record, seen, tell, worker_of
from workflows.agenda import Agenda, apply
from workflows.path import RENEWAL, ClientPath


@pytest_asyncio.fixture
async def record(skipping: WorkflowEnvironment) -> AsyncIterator[Record]:
    """A worker at work, and what it had emitted."""
    record = Record()
    async with worker_of(skipping.client, record):
        yield record


@pytest_asyncio.fixture
async def referral(skipping: WorkflowEnvironment) -> AsyncIterator[Referral]:
    """A referral of a path of its own, delivered in time, now."""
    now = (await skipping.get_current_time()).astimezone(UTC).replace(microsecond=0)
    told = Referral(path_id=uuid4(), at=now - timedelta(minutes=4)).submitted()
    yield told.delivered(at=now)
    # The clock of this server is one for all: a workflow left behind would hold it up for the next test.
    await skipping.client.get_workflow_handle(workflow_id(told.path_id)).terminate()


async def test_every_reminder_is_emitted_in_its_minute(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    facts = facts_of(referral.events)
    record.deadlines = [*facts[1].opens]
    handle = await tell(skipping.client, referral.path_id, facts)
    await skipping.sleep(timedelta(days=60))
    assert len(record.asked) == len(record.wake_ups)
    for asked, wanted in zip(record.asked, record.wake_ups, strict=True):
        assert timedelta(0) <= asked - wanted < timedelta(seconds=2)
    assert {deadline.status for deadline in (await seen(handle)).deadlines} == {"met", "missed"}


async def test_a_deadline_that_was_met_wakes_nobody(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    facts = facts_of(referral.declined().events)
    handle = await tell(skipping.client, referral.path_id, facts)
    await skipping.sleep(timedelta(days=60))
    assert record.asked == []
    assert {deadline.status for deadline in (await seen(handle)).deadlines} == {"met"}


async def test_duplicates_of_facts_change_nothing(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    facts = facts_of(referral.claimed().events)
    handle = await tell(skipping.client, referral.path_id, [*facts, *facts, facts[0]])
    picture = await seen(handle)
    assert (picture.version, len(picture.timeline)) == (3, 3)


async def test_continuing_as_new_keeps_the_state(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    facts = facts_of(referral.events)
    record.deadlines = [*facts[1].opens]
    handle = await tell(skipping.client, referral.path_id, facts)
    first_run = (await handle.describe()).run_id
    await skipping.sleep(timedelta(days=60))
    before = await seen(handle)
    await skipping.sleep(RENEWAL)
    assert (await handle.describe()).run_id != first_run
    assert await seen(handle) == before


async def test_facts_are_taken_in_after_continuing_as_new(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    handle = await tell(skipping.client, referral.path_id, facts_of(referral.events))
    await skipping.sleep(RENEWAL + timedelta(days=1))
    now = (await skipping.get_current_time()).astimezone(UTC)
    await tell(skipping.client, referral.path_id, facts_of(referral.accepted(at=now).events)[-1:])
    assert (await seen(handle)).stage == "accepted"


async def test_emitting_is_tried_again_until_it_succeeds(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    facts = facts_of(referral.events)
    record.deadlines, record.failures = [*facts[1].opens], 1
    await tell(skipping.client, referral.path_id, facts)
    await skipping.sleep(timedelta(days=60))
    assert (record.failures, len(record.asked)) == (0, len(record.wake_ups))


async def test_a_late_fact_finds_the_deadline_missed_that_was_announced_as_missed(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    """As when Temporal was away while the scan emitted, and the facts come all at once afterwards."""
    now = referral.now
    old = Referral(path_id=referral.path_id, at=now - timedelta(days=60)).submitted()
    facts = facts_of(old.delivered(at=old.now + timedelta(minutes=1)).accepted(at=now).events)
    record.deadlines = [*facts[1].opens]
    handle = await tell(skipping.client, referral.path_id, facts)

    async def taken_in() -> PathView | None:
        picture = await seen(handle)
        return picture if len(picture.timeline) == len(facts) else None

    picture: PathView = await eventually(taken_in)
    assert [deadline.status for deadline in picture.deadlines] == ["met", "met_late", "met_late", "met_late", "open"]
    assert picture.version == len(facts) + len(record.deadlines)


async def test_eighteen_months_pass_in_seconds(
    skipping: WorkflowEnvironment, record: Record, referral: Referral
) -> None:
    begun = time.monotonic()
    told = referral
    handle = await tell(skipping.client, told.path_id, facts_of(told.events))
    for _ in range(18):
        await skipping.sleep(timedelta(days=30.5))
        now: datetime = (await skipping.get_current_time()).astimezone(UTC)
        told = told.claimed(at=now).released(at=now + timedelta(minutes=1))
        await tell(skipping.client, told.path_id, facts_of(told.events)[-2:])
    picture = await seen(handle)
    assert (picture.ball, len(picture.timeline)) == ("cis-poraj", 2 + 2 * 18)
    assert len(record.asked) > 18
    assert time.monotonic() - begun < 15


async def test_a_fact_that_cannot_be_applied_does_not_stop_the_path(
    skipping: WorkflowEnvironment, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = facts_of(referral.claimed().events)
    monkeypatch.setattr(workflows.path, "apply", _refusing(facts[1]))
    worker = Worker(
        skipping.client,
        task_queue=TASK_QUEUE,
        workflows=[ClientPath],
        activities=[Record().emit_due],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        picture = await seen(await tell(skipping.client, referral.path_id, facts))
    assert [entry.type for entry in picture.timeline] == ["submitted", "claimed"]


def _refusing(refused: PathFact) -> Callable[[Agenda, PathFact], Agenda]:
    def apply_or_fail(state: Agenda, fact: PathFact) -> Agenda:
        if fact.event_id == refused.event_id:
            raise KeyError("no such thing")
        return apply(state, fact)

    return apply_or_fail
