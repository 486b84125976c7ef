"""One whole life of a referral, from the submission to the outcome: where time is skipped, and on a database."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest_asyncio
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from contracts.ids import workflow_id
from contracts.paths import PathFact, PathView
from rules.calendar import local_day
from services.kit.service import Service
from tests.workflows.deliveries import database_now, deliver, rows, state_of
from tests.workflows.examples import PATH_ID, Story, as_fact, facts_of, state_after
from tests.workflows.living import Life, life
from tests.workflows.skipping import Record, seen, tell, worker_of
from tests.workflows.waking import agreed, relay_all, sent_ids
from workflows.agenda import Agenda, apply
from workflows.rebuild import rebuild
from workflows.tables import DeadlineRow, EmissionRow, PathRow, ReferralRow
from workflows.worker import make_worker


@pytest_asyncio.fixture
async def record(skipping: WorkflowEnvironment) -> AsyncIterator[Record]:
    record = Record()
    async with worker_of(skipping.client, record):
        yield record


class Living:
    """A life told to its workflow step by step, each at the present of the server that skips time."""

    def __init__(self, skipping: WorkflowEnvironment, record: Record, told: Life) -> None:
        self._skipping, self._record, self.told = skipping, record, told
        self._state = Agenda(path_id=told.path_id)
        self._said = 0

    async def now(self) -> datetime:
        return (await self._skipping.get_current_time()).astimezone(UTC)

    async def say(self) -> PathView:
        """Tell what was added to the story; returns the picture of the workflow."""
        facts = [self._fact(event) for event in self.told.events[self._said :]]
        self._said = len(self.told.events)
        return await seen(await tell(self._skipping.client, self.told.path_id, facts))

    def _fact(self, event: Story) -> PathFact:
        fact = as_fact(event, self._state, self.told.kind)
        self._state = apply(self._state, fact)
        self._record.deadlines += fact.opens
        return fact

    async def sleep(self, days: float) -> datetime:
        await self._skipping.sleep(timedelta(days=days))
        return await self.now()


def statuses(picture: PathView) -> dict[str, str]:
    """The status of the newest deadline of each rule."""
    newest = sorted(picture.deadlines, key=lambda deadline: deadline.due_at)
    return {deadline.rule: deadline.status for deadline in newest}


def pending(picture: PathView) -> set[str]:
    return {deadline.rule for deadline in picture.deadlines if deadline.status in ("open", "missed")}


async def test_deadlines_come_and_go_through_a_whole_life(skipping: WorkflowEnvironment, record: Record) -> None:
    now = (await skipping.get_current_time()).astimezone(UTC).replace(microsecond=0)
    told = Life(path_id=uuid4(), at=now - timedelta(minutes=4))
    told.submitted().delivered(at=now)
    living = Living(skipping, record, told)
    try:
        assert pending(await living.say()) == {"claim", "decision", "silence"}

        told.claimed(at=await living.now())
        told.waitlisted(_day(await living.now(), 60), at=await living.now())
        assert pending(await living.say()) == {"wait_review"}

        told.admitted(at=await living.sleep(20))
        picture = await living.say()
        assert (pending(picture), statuses(picture)["wait_review"]) == ({"schedule"}, "met")

        told.scheduled(await living.now() + timedelta(days=3), at=await living.now())
        assert pending(await living.say()) == {"appointment"}

        told.missed_meeting(at=await living.sleep(3.1))
        assert pending(await living.say()) == {"contact_again"}

        told.scheduled(await living.now() + timedelta(days=2), at=await living.sleep(1))
        assert pending(await living.say()) == {"appointment"}

        told.started(at=await living.sleep(1.5))
        picture = await living.say()
        assert (pending(picture), picture.stage, picture.custodian) == ({"progress"}, "main", "cis-poraj")

        told.suspended(_day(await living.now(), 10), at=await living.sleep(5))
        picture = await living.say()
        assert (pending(picture), statuses(picture)["progress"]) == ({"suspension_end"}, "met")

        told.resumed(at=await living.sleep(14))
        picture = await living.say()
        assert (pending(picture), statuses(picture)["suspension_end"]) == ({"pick_up"}, "met_late")

        told.completed(at=await living.sleep(1))
        picture = await living.say()
        assert (pending(picture), picture.stage, picture.custodian) == (set(), "completed", "ops-poraj")
        assert {status for rule, status in statuses(picture).items() if rule != "suspension_end"} == {"met"}

        before = len(record.asked)
        await living.sleep(120)
        assert len(record.asked) == before
    finally:
        await skipping.client.get_workflow_handle(workflow_id(told.path_id)).terminate()


async def test_a_pause_that_nobody_ends_tells_the_receiver_then_its_head_then_the_sender(
    skipping: WorkflowEnvironment, record: Record
) -> None:
    now = (await skipping.get_current_time()).astimezone(UTC).replace(microsecond=0)
    told = Life(path_id=uuid4(), at=now - timedelta(minutes=4))
    told.submitted().delivered(at=now)
    told.accepted(at=now).started(at=now).suspended(_day(now, 20), at=now)
    facts = facts_of(told.events)
    (end,) = (deadline for fact in facts for deadline in fact.opens if deadline.rule == "suspension_end")
    record.deadlines = [end]
    await tell(skipping.client, told.path_id, facts)
    try:
        await skipping.sleep(timedelta(days=40))
        assert [rung.audience for rung in end.ladder] == ["owner", "owner", "head", "sender"]
        for asked, wanted in zip(record.asked, record.wake_ups, strict=True):
            assert timedelta(0) <= asked - wanted < timedelta(seconds=2)
    finally:
        await skipping.client.get_workflow_handle(workflow_id(told.path_id)).terminate()


def _day(now: datetime, days: int) -> date:
    return local_day(now) + timedelta(days=days)


# --- on a database ----------------------------------------------------------------------------------------------------


def whole_life(path_id: UUID, now: datetime) -> Life:
    """A life that lasted two months and ended now, of which the pause was too long."""
    told = life(path_id=path_id, at=now - timedelta(days=60))
    day = told.now + timedelta(days=1)
    told.waitlisted(_day(day, 20), at=day).admitted(at=day + timedelta(days=10))
    told.scheduled(day + timedelta(days=12)).missed_meeting(at=day + timedelta(days=12, hours=1)).tried(1)
    told.scheduled(day + timedelta(days=15)).started(at=day + timedelta(days=15))
    told.suspended(_day(day, 25), at=day + timedelta(days=20)).resumed(at=day + timedelta(days=40))
    return told.progressed().completed(at=now)


async def test_a_whole_life_is_one_record_in_the_database(service: Service) -> None:
    told = whole_life(PATH_ID, await database_now(service))
    await deliver(service, told.events)
    assert await state_of(service, PATH_ID) == state_after(told.events)
    (path,) = await rows(service, PathRow)
    (referral,) = await rows(service, ReferralRow)
    assert (path.stage, referral.status, referral.custodian) == ("completed", "completed", None)
    statuses = {row.rule: row.status for row in await rows(service, DeadlineRow)}
    assert statuses == {
        "receipt": "met",
        "claim": "met",
        "decision": "met",
        "silence": "met",
        "wait_review": "met",
        "schedule": "met",
        "appointment": "met",
        "contact_again": "met",
        "progress": "met",
        "suspension_end": "met_late",
        "pick_up": "met",
    }
    assert await rows(service, EmissionRow) == []


async def test_each_state_in_which_a_referral_can_be_is_stored(service: Service) -> None:
    now = await database_now(service)
    endings = (
        life("service", "a", at=now).redirect_proposed("cis-zarki").redirected(),
        life("service", "b", at=now).accepted().return_proposed().taken_back(),
        life("service", "c", at=now).accepted().cancel_requested().cancelled(),
        life("service", "d", at=now).accepted().unreachable(),
        life("service", "e", at=now).no_response(),
        life("service", "f", at=now).accepted().voided(),
    )
    await deliver(service, [event for told in endings for event in told.events])
    assert sorted(row.status for row in await rows(service, ReferralRow)) == [
        "cancelled",
        "no_response",
        "redirected",
        "returned",
        "unreachable",
        "voided",
    ]
    assert {row.stage for row in await rows(service, PathRow)} == {"closed"}


async def test_a_workflow_rebuilt_in_the_middle_of_a_life_shows_the_same_and_tells_nothing_twice(
    service: Service, client: Client, path_id: UUID
) -> None:
    now = await database_now(service)
    told = life(path_id=path_id, at=now - timedelta(days=60))
    told.accepted(at=now - timedelta(days=59)).started(at=now - timedelta(days=58))
    told.suspended(_day(now, -20), at=now - timedelta(days=50)).cancel_requested(at=now)
    async with make_worker(client, service):
        await deliver(service, told.events)
        await relay_all(service, client)
        version = len(told.events) + 1  # the end of the pause was missed
        before = await agreed(service, client, path_id, version=version), await sent_ids(service)
        await rebuild(service, client, path_id)
        await relay_all(service, client)
        assert (await agreed(service, client, path_id, version=version), await sent_ids(service)) == before
