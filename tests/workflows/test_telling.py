"""Institutions are told of the newest picture of each path that has changed, on a real database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from contracts.events import PathAdvanced
from services.kit.plumbing import OutboxRow
from services.kit.service import Service
from services.kit.wake import Bell, Listener
from tests.nodes import eventually
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
from tests.workflows.examples import PATH_ID, START, Referral, event_id, uid
from tests.workflows.living import life
from workflows import scan, telling
from workflows.queries import path_view
from workflows.store import UNTOLD_CHANNEL
from workflows.tables import PathRow, UntoldRow
from workflows.telling import tell, untold_since


async def test_every_institution_concerned_gets_the_new_picture_at_its_node(service: Service) -> None:
    told = Referral().submitted()
    await deliver(service, told.events)
    await tell(service)
    await deliver(service, told.delivered().events[1:])
    await tell(service)
    sent = [(target, event.agency, event.version) for target, _, event in await published(service, PathAdvanced)]
    assert sorted(sent) == [
        ("cis", "cis-poraj", 1),
        ("cis", "cis-poraj", 2),
        ("ops", "ops-poraj", 1),
        ("ops", "ops-poraj", 2),
    ]
    assert (await pictures_for(service, "ops-poraj"))[-1].view == await path_view(service, PATH_ID)


async def test_changes_that_follow_each_other_give_one_picture_and_nothing_is_told_twice(service: Service) -> None:
    await deliver(service, Referral().submitted().delivered().claimed().events)
    assert [await tell(service), await tell(service)] == [1, 0]
    assert [event.version for _, _, event in await published(service, PathAdvanced)] == [3, 3]


async def test_an_owes_sees_only_the_referrals_in_which_it_takes_part(service: Service) -> None:
    first = Referral("first").submitted().delivered().accepted()
    onward = Referral("onward", sender="cis-poraj", receiver="owes-jura", kind="service", at=START + timedelta(days=1))
    await deliver(service, [*first.events, *onward.submitted().delivered().events])
    seen = (await pictures_for(service, "owes-jura"))[-1].view
    assert {entry.referral_id for entry in seen.timeline} == {onward.id}
    assert {deadline.referral_id for deadline in seen.deadlines} == {onward.id}
    whole = (await pictures_for(service, "cis-poraj"))[-1].view
    assert {entry.referral_id for entry in whole.timeline} == {first.id, onward.id}


async def test_who_refused_sees_no_more_than_their_own_part_which_has_ended(service: Service) -> None:
    first = Referral("first").submitted().delivered().declined()
    again = Referral("again", receiver="cis-zarki", at=START + timedelta(days=1)).submitted().delivered().claimed()
    await deliver(service, [*first.events, *again.events])
    refused = (await pictures_for(service, "cis-poraj"))[-1].view
    assert {entry.referral_id for entry in refused.timeline} == {first.id}
    assert {deadline.referral_id for deadline in refused.deadlines} == {first.id}
    assert (refused.stage, refused.custodian, refused.ball) == ("closed", None, None)
    whole = (await pictures_for(service, "ops-poraj"))[-1].view
    assert {entry.referral_id for entry in whole.timeline} == {first.id, again.id}
    assert (whole.stage, whole.ball) == ("referred", "cis-zarki")


@pytest.mark.parametrize("ending", ["returned", "cancelled", "declined", "unreachable", "redirected"])
async def test_who_handed_back_or_was_cancelled_sees_no_more_than_their_own_part(service: Service, ending: str) -> None:
    first = life("service", "first")
    match ending:
        case "returned":
            first.accepted().return_proposed().taken_back()
        case "cancelled":
            first.accepted().cancel_requested().cancelled()
        case "declined":
            first.accepted().declined()
        case "unreachable":
            first.accepted().unreachable()
        case "redirected":
            first.redirect_proposed("cis-zarki").redirected()
    again = life("service", "again", receiver="cis-zarki", at=START + timedelta(days=1))
    await deliver(service, [*first.events, *again.events])
    seen = (await pictures_for(service, "cis-poraj"))[-1].view
    assert {entry.referral_id for entry in seen.timeline} == {first.id}
    assert {deadline.referral_id for deadline in seen.deadlines} == {first.id}
    assert (seen.stage, seen.custodian, seen.ball) == ("closed", None, None)


async def test_who_brought_it_to_its_outcome_goes_on_seeing_the_path(service: Service) -> None:
    first = life("service", "first").accepted().started().completed()
    again = life("service", "again", receiver="cis-zarki", at=START + timedelta(days=1))
    await deliver(service, [*first.events, *again.events])
    seen = (await pictures_for(service, "cis-poraj"))[-1].view
    assert {entry.referral_id for entry in seen.timeline} == {first.id, again.id}


async def test_the_cause_of_a_picture_is_the_first_event_that_it_tells_of(service: Service) -> None:
    events = Referral().submitted().delivered().events
    await deliver(service, events)
    await tell(service)
    assert {row.headers["ce-causationid"] for row in await rows(service, OutboxRow)} == {str(event_id(events[0]))}


async def test_a_missed_deadline_is_told_of(service: Service) -> None:
    await deliver(service, (await overdue(service)).events)
    before = await pictures_for(service, "ops-poraj")
    await scan.scan(service)
    after = await pictures_for(service, "ops-poraj")
    assert (len(before), len(after)) == (1, 2)
    assert after[-1].view == await path_view(service, PATH_ID)


async def test_a_change_is_untold_until_its_pictures_are_in_the_outbox(service: Service) -> None:
    await deliver(service, Referral().submitted().events)
    (waiting,) = await rows(service, UntoldRow)
    async with service.database.transaction() as session:
        assert await untold_since(session) == waiting.since
    await tell(service)
    async with service.database.transaction() as session:
        assert await untold_since(session) is None


async def test_a_path_stays_marked_when_its_pictures_are_not_written(service: Service) -> None:
    await deliver(service, Referral().submitted().events)
    await execute(service, "alter table outbox add constraint closed check (false) not valid")
    with pytest.raises(DBAPIError):
        await tell(service)
    await execute(service, "alter table outbox drop constraint closed")
    assert await tell(service) == 1


async def test_a_change_under_way_is_told_of_after_it_is_made(service: Service) -> None:
    told = Referral().submitted()
    await deliver(service, told.events)
    async with service.database.transaction() as session:
        await session.get(PathRow, PATH_ID, with_for_update=True)
        assert await tell(service) == 0
    await deliver(service, told.delivered().events[1:])
    assert await tell(service) == 1
    assert (await pictures_for(service, "ops-poraj"))[-1].version == 2


async def test_nothing_is_left_untold_while_changes_and_telling_race(service: Service) -> None:
    stories = [Referral(path_id=uid("path", number)).submitted().delivered().claimed() for number in range(20)]
    other = replace(service, database=type(service.database)(service.database.url))
    changing = asyncio.gather(*(deliver(service, told.events) for told in stories))

    async def telling_meanwhile() -> None:
        while not changing.done():
            await tell(other)

    try:
        await asyncio.gather(changing, telling_meanwhile(), telling_meanwhile())
    finally:
        await other.database.close()
    await tell(service)
    assert await rows(service, UntoldRow) == []
    newest: dict[object, int] = {}
    for _, _, event in await published(service, PathAdvanced):
        newest[event.path_id, event.agency] = max(event.version, newest.get((event.path_id, event.agency), 0))
    assert len(newest) == 2 * len(stories)
    assert set(newest.values()) == {3}
    assert (await state_of(service, stories[0].path_id)).version == 3


async def test_a_change_wakes_the_telling(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_POLL_SECONDS", 3600)
    listener = Listener(service.database.url)
    bell: Bell = listener.bell(UNTOLD_CHANNEL)
    tasks = [asyncio.create_task(listener.run()), asyncio.create_task(telling.run(service, bell))]
    try:
        for event in Referral(at=await database_now(service)).submitted().delivered().events:
            await deliver(service, [event])
            await eventually(lambda: _all_told(service))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert [event.version for event in await pictures_for(service, "ops-poraj")] == [1, 2]


async def _all_told(service: Service) -> bool:
    return not await rows(service, UntoldRow)
