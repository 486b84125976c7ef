"""What happens beside a re-flow, or to it: events that arrive, reminders that fall due, two at once, a sudden death."""

import asyncio
import sys
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

import workflows.bridge
from contracts.events import DeadlineMissed, DeadlineMoved
from rules.calendar import add_working_days, local_day
from services.kit.service import Service
from tests.workflows.deliveries import database_now, deliver, execute, published, rows
from tests.workflows.examples import Referral, uid
from tests.workflows.rulings import day_off, delivered, length, put
from workflows import reflow, scan
from workflows.rulebook import InForce, in_force
from workflows.tables import DeadlineRow, EmissionRow, FactRow, MovedRow

LONG_AGO = date(2025, 1, 1)
PATHS = 60


async def next_day_off(service: Service) -> str:
    return day_off(add_working_days(local_day(await database_now(service)), 1))


async def many(service: Service, count: int) -> None:
    for number in range(count):
        await delivered(service, "referral", path_id=uid("many", number))


async def all_moved_once(service: Service, count: int) -> None:
    """Every claim deadline has moved, once; its owner and the sender were told once."""
    moved = await rows(service, MovedRow)
    claims = [row for row in await rows(service, DeadlineRow) if row.rule == "claim"]
    assert {row.deadline_id for row in moved if row.rule == "claim"} == {row.id for row in claims}
    assert {row.revision for row in claims} == {1}
    assert len(claims) == count
    told = Counter((event.deadline_id, event.agency) for _, _, event in await published(service, DeadlineMoved))
    owner_of = {row.id: row.owner for row in await rows(service, DeadlineRow)}
    assert set(told) == {(row.deadline_id, slug) for row in moved for slug in ("ops-poraj", owner_of[row.deadline_id])}
    assert set(told.values()) == {1}
    facts = [row.path_id for row in await rows(service, FactRow) if row.fact["type"] == "deadline_moved"]
    assert len(facts) == len(set(facts)) == count


async def test_a_reflow_that_is_killed_in_the_middle_goes_on_where_it_was(service: Service) -> None:
    await many(service, PATHS)
    await put(service, await next_day_off(service))
    url = service.database.url.render_as_string(hide_password=False)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.workflows.flowing", url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    all_of_them = remaining = int(await process.stdout.readline())
    while remaining == all_of_them:
        remaining = int(await process.stdout.readline())
    process.kill()
    await process.wait()
    assert 0 < len({row.path_id for row in await rows(service, MovedRow)}) < PATHS
    await reflow.flow(service)
    await all_moved_once(service, PATHS)


async def test_two_at_once_move_everything_once(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await many(service, PATHS)
    monkeypatch.setattr(reflow, "BATCH", 8)
    await put(service, await next_day_off(service))
    await asyncio.gather(reflow.flow(service), reflow.flow(service))
    await all_moved_once(service, PATHS)


async def test_an_event_taken_in_by_the_old_rules_while_the_new_ones_come_is_found(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its transaction has read the old book and ends after the re-flow has."""
    read, applied = asyncio.Event(), asyncio.Event()

    async def slowly(session: AsyncSession) -> InForce:
        found = await in_force(session)
        read.set()
        await applied.wait()
        return found

    now = await database_now(service)
    told = Referral(at=now).submitted()
    await deliver(service, told.events)
    told.delivered(at=now)
    monkeypatch.setattr(workflows.bridge, "in_force", slowly)
    arriving = asyncio.create_task(deliver(service, told.events[1:]))
    await read.wait()
    await put(service, await next_day_off(service))
    assert (await reflow.flow_batch(service)).paths == 0  # its path is in other hands
    applied.set()
    await arriving
    assert (await reflow.flow_batch(service)).paths == 1
    await all_moved_once(service, 1)


async def test_events_that_arrive_during_a_reflow_follow_the_new_rules_or_are_moved(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many(service, PATHS)
    monkeypatch.setattr(reflow, "BATCH", 8)
    await put(service, await next_day_off(service))

    async def arriving() -> None:
        for number in range(PATHS, PATHS + 20):
            await delivered(service, "referral", path_id=uid("many", number))

    await asyncio.gather(reflow.flow(service), arriving())
    await reflow.flow(service)
    days = {row.due_at for row in await rows(service, DeadlineRow) if row.rule == "claim"}
    assert len(days) == 1
    assert {row.book for row in await rows(service, DeadlineRow) if row.status == "open"} == {1}


@pytest.mark.parametrize("attempt", range(5))
async def test_a_date_that_moves_in_the_moment_of_sending_is_not_sent_any_more_or_was_sent_before(
    service: Service, attempt: int
) -> None:
    """Due a second ago, moved while the scan sends: what was sent by the old date left before the move."""
    for number in range(10):
        await _due_a_second_ago(service, uid("race", attempt, number))
    await put(service, length("claim", "300wd", LONG_AGO) + length("decision", "300d", LONG_AGO, urgent="300d"))
    await asyncio.gather(reflow.flow(service), scan.scan(service))
    await scan.scan(service)
    current = {row.id: row for row in await rows(service, DeadlineRow)}
    moved = {(row.deadline_id, row.was) for row in await rows(service, MovedRow)}
    due = [event for _, _, event in await published(service, DeadlineMissed) if event.rule in ("claim", "decision")]
    for event in due:
        assert (event.deadline_id, event.due_at) in moved
        assert current[event.deadline_id].status == "open"
    for planned in await rows(service, EmissionRow):
        if planned.emitted_at is None:
            assert planned.revision == current[planned.deadline_id].revision


async def _due_a_second_ago(service: Service, path_id: UUID) -> None:
    now = await database_now(service)
    told = Referral(path_id=path_id, at=now - timedelta(days=30)).submitted()
    await deliver(service, told.delivered(at=told.now).events)
    shifted = "now() - interval '1 second'"
    await execute(
        service,
        f"update emission set at = {shifted} where path_id = '{path_id}' and emitted_at is null and kind = 'missed'",
    )
