"""From an event to a fact of the path, on a real database."""

from datetime import timedelta

import pytest

from contracts.events import PathAdvanced, ReferralFact
from contracts.paths import PathFact
from services.kit.delivery import Forged
from services.kit.plumbing import OutboxRow
from services.kit.service import Service
from tests.workflows.deliveries import deliver, delivery_of, inbox_of, pictures_for, published, rows, state_of
from tests.workflows.examples import PATH_ID, START, Referral, event_id, state_after
from workflows.agenda import plan
from workflows.bridge import UnknownReferral, handlers
from workflows.picture import view
from workflows.queries import path_view
from workflows.tables import DeadlineRow, EmissionRow, FactRow, ReferralRow, WakeRow


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
    assert [row.fact for row in await rows(service, WakeRow)] == [row.fact for row in await rows(service, FactRow)]
    waiting = [watch.deadline for watch in state.watches if watch.pending]
    assert {row.id for row in await rows(service, EmissionRow)} == {item.id for d in waiting for item in plan(d)}
    assert {row.id: row.status for row in await rows(service, DeadlineRow)} == {
        watch.deadline.id: watch.status for watch in state.watches
    }
    (referral,) = await rows(service, ReferralRow)
    assert (referral.status, referral.kind, referral.custodian) == ("delivered", "statutory_cis", "ops-poraj")


async def test_the_end_of_a_deadline_takes_its_reminders_away(service: Service) -> None:
    await deliver(service, Referral().submitted().delivered().accepted().events)
    assert await rows(service, EmissionRow) == []
    assert {row.rule: row.status for row in await rows(service, DeadlineRow)} == {
        "receipt": "met_late",
        "claim": "met",
        "decision": "met",
    }


async def test_a_duplicate_has_no_effect(service: Service) -> None:
    events = Referral().submitted().delivered().events
    await deliver(service, [*events, *events])
    assert (len(await rows(service, FactRow)), len(await rows(service, WakeRow))) == (2, 2)
    assert len(await published(service, PathAdvanced)) == 2 * 2


async def test_events_out_of_order_give_the_same_picture(service: Service) -> None:
    events = Referral().submitted().delivered().claimed().events
    await deliver(service, [events[2], events[0], events[1]])
    assert await path_view(service, PATH_ID) == view(state_after(events))


async def test_every_institution_concerned_gets_the_new_picture_at_its_node(service: Service) -> None:
    await deliver(service, Referral().submitted().delivered().events)
    sent = [(target, event.agency, event.version) for target, _, event in await published(service, PathAdvanced)]
    assert sorted(sent) == [
        ("cis", "cis-poraj", 1),
        ("cis", "cis-poraj", 2),
        ("ops", "ops-poraj", 1),
        ("ops", "ops-poraj", 2),
    ]
    assert (await pictures_for(service, "ops-poraj"))[-1].view == await path_view(service, PATH_ID)


async def test_an_owes_sees_only_the_referrals_in_which_it_takes_part(service: Service) -> None:
    first = Referral("first").submitted().delivered().accepted()
    onward = Referral("onward", sender="cis-poraj", receiver="owes-jura", kind="service", at=START + timedelta(days=1))
    await deliver(service, [*first.events, *onward.submitted().delivered().events])
    seen = (await pictures_for(service, "owes-jura"))[-1].view
    assert {entry.referral_id for entry in seen.timeline} == {onward.id}
    assert {deadline.referral_id for deadline in seen.deadlines} == {onward.id}
    whole = (await pictures_for(service, "cis-poraj"))[-1].view
    assert {entry.referral_id for entry in whole.timeline} == {first.id, onward.id}


async def test_the_cause_of_a_picture_is_the_event_it_follows(service: Service) -> None:
    events = Referral().submitted().events
    await deliver(service, events)
    assert {row.headers["ce-causationid"] for row in await rows(service, OutboxRow)} == {str(event_id(events[0]))}


async def test_only_the_receivers_node_may_say_what_became_of_a_referral(service: Service) -> None:
    told = Referral().submitted()
    await deliver(service, told.events)
    forged = Referral(receiver="ops-poraj").submitted().delivered().events[1]
    with pytest.raises(Forged):
        await inbox_of(service).take(delivery_of(forged, service), forged.model_copy(update={"receiver": "cis-poraj"}))


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
