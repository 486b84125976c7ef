"""From an event to a fact of the path, on a real database."""

import asyncio

import pytest

from contracts.events import ReferralFact
from contracts.paths import PathFact
from services.kit.delivery import Forged
from services.kit.inbox import Arrival
from services.kit.service import Service
from tests.workflows.deliveries import deliver, delivery_of, inbox_of, rows, state_of
from tests.workflows.examples import PATH_ID, Referral, event_id, state_after, uid
from workflows.bridge import UnknownReferral, handlers
from workflows.picture import view
from workflows.queries import path_view
from workflows.tables import DeadlineRow, EmissionRow, FactRow, ReferralRow, WakeRow
from workflows.watch import plan


async def test_every_event_of_a_referral_has_a_handler(service: Service) -> None:
    facts = {model for model in handlers(service).effects if issubclass(model, ReferralFact)}
    assert facts == set(ReferralFact.__subclasses__())


async def test_an_event_becomes_fact_deadlines_emissions_projection_and_wake_up(service: Service) -> None:
    events = Referral().submitted().delivered().events
    await deliver(service, events)
    state = state_after(events)
    assert await state_of(service, PATH_ID) == state
    facts = [PathFact.model_validate(row.fact) for row in await rows(service, FactRow)]
    assert [(fact.event_id, fact.type) for fact in facts] == [
        (event_id(events[0]), "submitted"),
        (event_id(events[1]), "delivered"),
    ]
    assert [row.event_id for row in await rows(service, WakeRow)] == [fact.event_id for fact in facts]
    waiting = [watch.deadline for watch in state.watches if watch.pending]
    assert {row.id for row in await rows(service, EmissionRow)} == {item.id for d in waiting for item in plan(d)}
    assert {row.id: row.status for row in await rows(service, DeadlineRow)} == {
        watch.deadline.id: watch.status for watch in state.watches
    }
    (referral,) = await rows(service, ReferralRow)
    assert (referral.status, referral.kind, referral.custodian) == ("delivered", "statutory_cis", "ops-poraj")


async def test_the_end_of_a_deadline_takes_its_reminders_away(service: Service) -> None:
    await deliver(service, Referral().submitted().delivered().declined().events)
    assert await rows(service, EmissionRow) == []
    assert {row.rule: row.status for row in await rows(service, DeadlineRow)} == {
        "receipt": "met_late",
        "claim": "met",
        "decision": "met",
        "silence": "met",
    }


async def test_an_undone_decision_brings_the_reminders_of_its_deadline_back(service: Service) -> None:
    told = Referral().submitted().delivered().claimed()
    await deliver(service, told.events)
    before = {row.id for row in await rows(service, EmissionRow)}
    await deliver(service, told.accepted().undone().events[3:])
    assert {row.id for row in await rows(service, EmissionRow)} == before
    assert {row.rule: row.status for row in await rows(service, DeadlineRow)}["decision"] == "open"


async def test_a_duplicate_has_no_effect(service: Service) -> None:
    events = Referral().submitted().delivered().events
    await deliver(service, [*events, *events])
    assert (len(await rows(service, FactRow)), len(await rows(service, WakeRow))) == (2, 2)
    assert (await state_of(service, PATH_ID)).version == 2


async def test_events_out_of_order_give_the_same_picture(service: Service) -> None:
    events = Referral().submitted().delivered().claimed().events
    await deliver(service, [events[2], events[0], events[1]])
    assert await path_view(service, PATH_ID) == view(state_after(events))


async def test_events_that_arrive_together_leave_what_they_leave_one_by_one(service: Service) -> None:
    first, second = (
        Referral("first").submitted(),
        Referral("second", receiver="pup-myszkow", kind="service").submitted(),
    )
    other = Referral(path_id=uid("other")).submitted().delivered()
    together = [*first.delivered().claimed().events, *second.delivered().events, *other.events]
    inbox = inbox_of(service)
    await asyncio.gather(*(inbox.take(Arrival(delivery_of(event, service), event)) for event in together))
    assert await path_view(service, PATH_ID) == view(state_after([*first.events, *second.events]))
    facts = await rows(service, FactRow)
    assert len(facts) == len(together)
    assert [row.event_id for row in await rows(service, WakeRow)] == [row.event_id for row in facts]
    watches = [*(await state_of(service, PATH_ID)).watches, *(await state_of(service, other.path_id)).watches]
    assert {row.id: row.status for row in await rows(service, DeadlineRow)} == {
        watch.deadline.id: watch.status for watch in watches
    }
    assert {row.id for row in await rows(service, EmissionRow)} == {
        item.id for watch in watches if watch.pending for item in plan(watch.deadline)
    }


async def test_a_forged_event_among_good_ones_fails_alone(service: Service) -> None:
    good, bad = Referral("good").submitted(), Referral("bad").submitted()
    await deliver(service, [*good.events, *bad.events])
    foreign = Referral("bad", receiver="cis-zarki").submitted().delivered().events[1]
    inbox = inbox_of(service)
    events = [good.delivered().events[1], foreign]
    outcomes = await asyncio.gather(
        *(inbox.take(Arrival(delivery_of(event, service), event)) for event in events), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), Forged]
    assert len(await rows(service, FactRow)) == 3


async def test_only_the_receivers_node_may_say_what_became_of_a_referral(service: Service) -> None:
    told = Referral().submitted()
    await deliver(service, told.events)
    forged = Referral(receiver="ops-poraj").submitted().delivered().events[1]
    arrival = Arrival(delivery_of(forged, service), forged.model_copy(update={"receiver": "cis-poraj"}))
    with pytest.raises(Forged):
        await inbox_of(service).take(arrival)


async def test_a_fact_must_be_about_the_institutions_of_the_submission(service: Service) -> None:
    told = Referral().submitted()
    await deliver(service, told.events)
    foreign = Referral(receiver="cis-zarki").submitted().delivered()
    with pytest.raises(Forged):
        await deliver(service, foreign.events[1:])
    assert len(await rows(service, FactRow)) == 1


async def test_a_fact_without_a_submission_is_refused(service: Service) -> None:
    told = Referral().submitted().delivered()
    orphan = told.events[1].model_copy(update={"version": 1})
    with pytest.raises(UnknownReferral):
        await deliver(service, [orphan])
    assert await path_view(service, PATH_ID) is None
