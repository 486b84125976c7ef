"""What is due becomes events, once, on a real database."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from contracts.directory import Directory
from contracts.events import DeadlineMissed, ReminderDue
from contracts.ids import derived
from services.kit.service import Service
from tests.workflows.deliveries import (
    database_now,
    deliver,
    execute,
    overdue,
    pictures_for,
    published,
    rows,
    state_of,
)
from tests.workflows.examples import DIRECTORY, PATH_ID, Referral, uid
from workflows import scan
from workflows.emit import emit, emit_due
from workflows.queries import path_view
from workflows.tables import DeadlineRow, EmissionRow, PathRow
from workflows.telling import tell
from workflows.watch import PENDING, plan


async def emit_once(service: Service, path_id: UUID = PATH_ID) -> tuple[UUID, ...]:
    """As the activity of the workflow does."""
    async with service.database.transaction() as session:
        return await emit_due(service, session, path_id, await service.clock.now(session))


async def test_every_due_rung_and_missed_deadline_is_emitted_under_an_id_of_its_own(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    state = await state_of(service, PATH_ID)
    await scan.scan(service)
    waiting = [watch.deadline for watch in state.watches if watch.pending]
    reminders, missed = await published(service, ReminderDue), await published(service, DeadlineMissed)
    planned = [item for deadline in waiting for item in plan(deadline)]
    owners = {deadline.id: deadline.owner for deadline in waiting}
    assert {(id_, event.audience) for _, id_, event in reminders} == {
        (derived(item.id, "ops-poraj" if item.audience == "sender" else owners[item.deadline_id]), item.audience)
        for item in planned
        if item.audience
    }
    assert {(id_, event.due_at) for _, id_, event in missed} == {
        (derived(item.id, agency), item.at)
        for item in planned
        if item.audience is None
        for agency in {"ops-poraj", owners[item.deadline_id]}
    }


async def test_a_missed_deadline_changes_the_picture_and_everyone_is_told(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    before = await path_view(service, PATH_ID)
    await scan.scan(service)
    after = await path_view(service, PATH_ID)
    assert before is not None
    assert after is not None
    assert [deadline.status for deadline in after.deadlines] == ["met", "missed", "missed", "missed"]
    assert sorted(row.status for row in await rows(service, DeadlineRow)) == ["met", "missed", "missed", "missed"]
    assert after.version == before.version + 3
    assert [(await pictures_for(service, agency))[-1].view for agency in ("ops-poraj", "cis-poraj")] == [after] * 2


async def test_reminders_go_to_whom_they_are_addressed_and_the_missing_to_owner_and_sender(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    await scan.scan(service)
    reminders = {(event.audience, event.agency, target) for target, _, event in await published(service, ReminderDue)}
    assert reminders == {
        ("owner", "cis-poraj", "cis"),
        ("head", "cis-poraj", "cis"),
        ("head", "ops-poraj", "ops"),
        ("sender", "ops-poraj", "ops"),
    }
    missed = {(event.agency, target) for target, _, event in await published(service, DeadlineMissed)}
    assert missed == {("cis-poraj", "cis"), ("ops-poraj", "ops")}


async def test_two_institutions_of_one_node_are_both_told_of_a_missed_deadline(service: Service) -> None:
    now = await database_now(service)
    told = Referral(sender="cis-zarki", kind="service", at=now - timedelta(days=60)).submitted()
    await deliver(service, told.delivered(at=told.now + timedelta(minutes=1)).events)
    await scan.scan(service)
    missed = [(target, event.agency) for target, _, event in await published(service, DeadlineMissed)]
    assert sorted(missed) == [("cis", "cis-poraj")] * 2 + [("cis", "cis-zarki")] * 3


async def test_a_reminder_alone_leaves_the_picture_as_it_is(service: Service) -> None:
    now = await database_now(service)
    told = Referral(at=now - timedelta(days=60)).submitted()
    told.delivered(at=told.now + timedelta(minutes=1)).claimed().asked((now + timedelta(days=30)).date())
    await deliver(service, told.events)
    await tell(service)
    await scan.scan(service)
    assert [event.audience for _, _, event in await published(service, ReminderDue)] == ["owner"]
    assert await tell(service) == 0


async def test_what_lies_ahead_is_not_emitted(service: Service) -> None:
    told = Referral(at=await database_now(service)).submitted()
    await deliver(service, told.events)
    assert await emit_once(service) == ()
    assert {row.emitted_at for row in await rows(service, EmissionRow)} == {None}


async def test_nothing_is_emitted_for_a_referral_that_has_ended(service: Service) -> None:
    told = await overdue(service)
    await deliver(service, told.declined(at=told.now + timedelta(days=90)).events)
    assert await scan.scan(service) == 0
    assert await published(service, ReminderDue) == []


async def test_a_planned_emission_of_a_settled_deadline_is_forgotten(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    await execute(service, "update deadline set status = 'dropped' where status in ('open', 'missed')")
    await scan.scan(service)
    assert await rows(service, EmissionRow) == []
    assert await published(service, ReminderDue) == []


async def test_the_rungs_after_a_missed_deadline_are_still_emitted(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    due = [row for row in await rows(service, DeadlineRow) if row.status in PENDING]
    async with service.database.transaction() as session:
        await emit_due(service, session, PATH_ID, max(row.due_at for row in due))
    before = len(await published(service, ReminderDue))
    assert set(await emit_once(service)) == {row.id for row in due}
    assert len(await published(service, ReminderDue)) > before


async def test_workflow_and_scan_at_once_emit_once(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    before = (await state_of(service, PATH_ID)).version
    pictures = len(await pictures_for(service, "ops-poraj"))
    other = replace(service, database=type(service.database)(service.database.url))
    try:
        await asyncio.gather(emit_once(service), scan.scan(other), emit_once(other), scan.scan(service))
        await scan.scan(service)
    finally:
        await other.database.close()
    assert (await state_of(service, PATH_ID)).version == before + 3
    missed = [id_ for target, id_, _ in await published(service, DeadlineMissed) if target == "ops"]
    assert len(missed) == len(set(missed)) == 3
    assert len(await pictures_for(service, "ops-poraj")) == pictures + 1


async def test_a_fact_waits_for_the_emission_that_is_under_way(service: Service) -> None:
    told = await overdue(service)
    await deliver(service, told.events)
    async with service.database.transaction() as session:
        await session.get(PathRow, PATH_ID, with_for_update=True)
        claim = asyncio.create_task(deliver(service, told.claimed(at=told.now + timedelta(days=59)).events[2:]))
        await asyncio.wait([claim], timeout=0.3)
        await emit(service, session, [PATH_ID], await service.clock.now(session))
    await claim
    picture = await path_view(service, PATH_ID)
    assert picture is not None
    assert [deadline.status for deadline in picture.deadlines] == ["met", "met_late", "missed", "missed"]
    assert picture.version == 3 + 3


async def test_what_the_scan_emitted_is_told_to_the_workflow(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    await scan.scan(service)
    assert set(await emit_once(service)) == {
        row.id for row in await rows(service, DeadlineRow) if row.status == "missed"
    }


async def test_a_path_nobody_knows_has_nothing_due(service: Service) -> None:
    assert await emit_once(service, uid("nobody")) == ()


async def test_an_institution_that_left_the_directory_does_not_hold_up_the_others(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    rest = Directory(agencies=tuple(agency for agency in DIRECTORY.agencies if agency.slug != "cis-poraj"))
    await scan.scan(replace(service, directory=rest))
    assert {target for target, _, _ in await published(service, DeadlineMissed)} == {"ops"}
    assert all(row.emitted_at for row in await rows(service, EmissionRow))


async def test_the_scan_goes_on_until_nothing_is_due(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "BATCH", 2)
    for number in range(3):
        told = await overdue(service)
        told = Referral(path_id=uid("path", number), at=told.events[0].at).submitted().delivered()
        await deliver(service, told.events)
    assert await scan.scan(service) >= 3
    assert all(row.emitted_at for row in await rows(service, EmissionRow))


async def test_a_path_that_somebody_works_on_is_left_to_them(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    async with service.database.transaction() as session:
        await session.get(PathRow, PATH_ID, with_for_update=True)
        assert await scan.scan_batch(service) == 0
    assert await scan.scan_batch(service) == 1
